"""Members whom mail does not reach."""

from django.db.models import QuerySet

from alerts.models import MailTrouble
from teams.models import Membership, Role


def members_without_mail(*, membership: Membership) -> QuerySet[MailTrouble]:
    """Whom mail does not reach in the coordinator's clinic, by name; nobody for other roles.

    Whoever left the clinic is not named any more.
    """
    troubles = MailTrouble.objects.filter(clinic=membership.clinic_id, ended_at__isnull=True)
    if membership.role != Role.COORDINATOR:
        return troubles.none()
    still_here = Membership.objects.filter(
        clinic=membership.clinic_id, is_active=True, user__is_active=True
    ).values("user")
    return troubles.filter(member__in=still_here).select_related("member").order_by("member__name")
