"""Alerts as people see them: their own, open or closed lately, read or not."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from alerts.models import Alert, AlertRead
from pathway import clock
from teams.models import Membership, User
from teams.prepared import prepared
from teams.selectors import clinics_open_to
from worklist.models import Severity
from worklist.selectors.tasks import belongs_to


def visible_to(user: User) -> QuerySet[Alert]:
    """Alerts on patients this user may open."""
    return Alert.objects.filter(clinics_open_to(user))


def alerts_of_clinic(*, membership: Membership) -> QuerySet[Alert]:
    """Open alerts of the member's clinic; catch-up work stands apart."""
    open_tasks = Q(task__clinic=membership.clinic_id, task__closed_at__isnull=True, task__catch_up=False)
    return Alert.objects.filter(open_tasks, clinic=membership.clinic_id, closed_at__isnull=True)


def alerts_of_member(*, membership: Membership) -> QuerySet[Alert]:
    """Open alerts on the member's own work and on their queues."""
    return alerts_of_clinic(membership=membership).filter(belongs_to(membership, prefix="task__"))


def closed_lately(*, membership: Membership) -> QuerySet[Alert]:
    """Alerts of the clinic that closed in the last seven days, latest first."""
    week = clock.now() - timedelta(days=7)
    return Alert.objects.filter(clinic=membership.clinic_id, closed_at__gte=week).order_by("-closed_at")


class Read(TypedDict):
    """Whether the person who looks has read the alert."""

    is_read: bool


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ReadAlert: TypeAlias = WithAnnotations[Alert, Read]
else:
    ReadAlert = Alert


def with_read(alerts: QuerySet[Alert], *, user_id: UUID) -> "QuerySet[ReadAlert]":
    """Annotate ``is_read``: whether this person has read the alert."""
    reads = AlertRead.objects.filter(alert=OuterRef("pk"), user=user_id)
    return alerts.annotate(is_read=Exists(reads))


def unread(*, membership: Membership) -> QuerySet[Alert]:
    """The member's open alerts they have not read: the number on the bell."""
    read = AlertRead.objects.filter(alert=OuterRef("pk"), user=membership.user_id)
    return alerts_of_member(membership=membership).filter(~Exists(read))


def counted_unread(*, membership: Membership) -> "QuerySet[Any, tuple[int, int]]":
    """How many unread alerts the member has, and how many of them are critical: one row, or none."""
    critical = Count("pk", filter=Q(task__severity=Severity.CRITICAL))
    of_clinic = unread(membership=membership).order_by().values("clinic")
    return of_clinic.annotate(unread=Count("pk"), critical=critical).values_list("unread", "critical")


@prepared
def _bell(membership: Membership) -> "QuerySet[Alert, tuple[int, int]]":
    return counted_unread(membership=membership)


def bell(*, membership: Membership) -> tuple[int, int]:
    """How many unread alerts the member has, and how many of them are critical, in one query."""
    rows = _bell(membership)
    return rows[0] if rows else (0, 0)
