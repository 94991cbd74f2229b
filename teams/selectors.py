"""Reading clinics and people."""

from django.db.models import Q, QuerySet

from teams.models import CLINICAL_ROLES, Clinic, Discipline, Membership, User


def active_memberships(*, user: User) -> QuerySet[Membership]:
    """The memberships that open something for this user."""
    return Membership.objects.filter(user=user, is_active=True, user__is_active=True)


def current_membership(*, user: User, clinic_id: str | None) -> Membership | None:
    """The membership of the chosen clinic, else of the first by name; None without any."""
    memberships = active_memberships(user=user).select_related("clinic").order_by("clinic__name")
    rows = list(memberships[:50])
    chosen = [row for row in rows if str(row.clinic_id) == clinic_id]
    return next(iter(chosen or rows), None)


def clinics_open_to(user: User) -> Q:
    """Condition on a ``clinic_id``'s owner: clinics in which the user holds a clinical role."""
    ids = active_memberships(user=user).filter(role__in=CLINICAL_ROLES).values("clinic_id")
    return Q(clinic_id__in=ids)


def colleagues(*, clinic: Clinic) -> QuerySet[User]:
    """The active clinical members of a clinic, by name."""
    return User.objects.filter(
        is_active=True,
        memberships__clinic=clinic,
        memberships__is_active=True,
        memberships__role__in=CLINICAL_ROLES,
    ).order_by("name")


def core_disciplines() -> QuerySet[Discipline]:
    """The nine disciplines, in their usual order."""
    return Discipline.objects.filter(is_core=True)
