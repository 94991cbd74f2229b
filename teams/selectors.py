"""Reading clinics and people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from uuid import NAMESPACE_OID, UUID, uuid5

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from teams.models import CLINICAL_ROLES, Clinic, Cover, Discipline, Membership, Role, User
from teams.statements import Statement


def active_memberships(*, user: User) -> QuerySet[Membership]:
    """The memberships that open something for this user."""
    return Membership.objects.filter(user=user, is_active=True, user__is_active=True)


def user_of_session(user_id: UUID) -> User | None:
    """The active user of this id, with ``open_memberships`` read in the same query if there are any."""
    memberships = _with_cover(_open_memberships().rows({"the user": user_id}))
    if not memberships:
        return User.objects.filter(pk=user_id, is_active=True).first()
    user = memberships[0].user
    user.open_memberships = memberships
    return user


def current_membership(*, user: User, clinic_id: str | None) -> Membership | None:
    """The membership of the chosen clinic, else of the first by name; None without any."""
    rows = user.open_memberships
    if rows is None:
        rows = _with_cover(_by_clinic(Membership.objects.filter(user=user)))
    chosen = [row for row in rows if str(row.clinic_id) == clinic_id]
    current = next(iter(chosen or rows), None)
    if current is not None:
        current.user = user  # known already: saves reading it again for every page
    return current


@cache
def _open_memberships() -> Statement[Membership]:
    """The statement before every page, made once: writing it took longer than answering it."""
    user = uuid5(NAMESPACE_OID, "the user")
    memberships = Membership.objects.filter(user=user).select_related("user")
    return Statement(_by_clinic(memberships), {"the user": user})


def _by_clinic(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those that open something, by the clinic's name."""
    active = memberships.filter(is_active=True, user__is_active=True).annotate(away=_AWAY)
    return active.select_related("clinic").order_by("clinic__name")[:50]


def _with_cover(memberships: Iterable[Membership]) -> Sequence[Membership]:
    rows = list(memberships)
    for row in rows:
        row.cover = _cover(vars(row)["away"], row.clinic.today())
    return rows


def cover_of(membership: Membership) -> Cover:
    """Whom the member stands in for today: colleagues who are away and named them as their deputy."""
    if membership.cover is None:
        away = Membership.objects.filter(pk=membership.pk).annotate(away=_AWAY).values_list("away", flat=True)
        membership.cover = _cover(away[0] if away else [], membership.clinic.today())
    return membership.cover


def _cover(away: Iterable[Mapping[str, str]], today: date) -> Cover:
    day = today.isoformat()
    here = [row for row in away if row["from"] <= day <= (row["until"] or day)]
    return Cover(
        users=tuple(UUID(row["user"]) for row in here),
        seats=tuple(UUID(row["seat"]) for row in here),
        roles=frozenset(row["role"] for row in here),
    )


_AWAY = ArraySubquery(
    Membership.objects.filter(
        deputy=OuterRef("user"),
        clinic=OuterRef("clinic"),
        is_active=True,
        user__is_active=True,
        away_from__isnull=False,
        role__in=CLINICAL_ROLES,
    ).values(
        row=JSONObject(
            user=F("user"), seat=F("pk"), role=F("role"), **{"from": F("away_from"), "until": F("away_until")}
        )
    )
)
"""Colleagues who named the member as their deputy, and the days for which they did."""


def clinics_open_to(user: User) -> Q:
    """Condition on a ``clinic_id``'s owner: clinics in which the user holds a clinical role."""
    ids = active_memberships(user=user).filter(role__in=CLINICAL_ROLES).values("clinic_id")
    return Q(clinic_id__in=ids)


def holds_a_clinical_role(user: User) -> bool:
    """Whether any clinic's charts are open to the user."""
    return active_memberships(user=user).filter(role__in=CLINICAL_ROLES).exists()


def administered_clinics(user: User) -> QuerySet[Clinic]:
    """The clinics whose configuration the user may change: all for a superuser, else as their admin."""
    if user.is_active and user.is_superuser:
        return Clinic.objects.all()
    ids = active_memberships(user=user).filter(role=Role.ADMIN).values("clinic_id")
    return Clinic.objects.filter(pk__in=ids)


def may_open_admin(user: User | AnonymousUser) -> bool:
    """Whether the admin site lets this user in; what they see there is each model's own question."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_staff or user.is_superuser or administered_clinics(user).exists()


def colleagues(*, clinic: Clinic) -> QuerySet[User]:
    """The active clinical members of a clinic, by name."""
    return User.objects.filter(
        is_active=True,
        memberships__clinic=clinic,
        memberships__is_active=True,
        memberships__role__in=CLINICAL_ROLES,
    ).order_by("name")


def with_absence(people: QuerySet[User], *, clinic: Clinic) -> QuerySet[User]:
    """Annotate ``away``: until when somebody is away today, and who stands in; None for who is here.

    The day is None without an end; so is the name where the deputy has left the clinic.
    """
    today = clinic.today()
    here = Membership.objects.filter(clinic=clinic, is_active=True)
    deputy = here.filter(user=OuterRef("deputy"), user__is_active=True, role__in=CLINICAL_ROLES)
    away = here.filter(
        Q(away_until__isnull=True) | Q(away_until__gte=today), user=OuterRef("pk"), away_from__lte=today
    )
    row = JSONObject(until=F("away_until"), deputy=Subquery(deputy.values("user__name")[:1]))
    return people.annotate(away=Subquery(away.values(row=row)[:1]))


def active_user_ids(*, clinic_ids: set[UUID]) -> set[tuple[UUID, UUID]]:
    """(clinic, user) for everybody who can still be given work: active, and in a clinical role there."""
    rows = Membership.objects.filter(
        clinic_id__in=clinic_ids, is_active=True, user__is_active=True, role__in=CLINICAL_ROLES
    )
    return set(rows.values_list("clinic_id", "user_id"))


def core_disciplines() -> QuerySet[Discipline]:
    """The nine disciplines, in their usual order."""
    return Discipline.objects.filter(is_core=True)
