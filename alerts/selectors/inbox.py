"""Alerts as people see them: their own, open or closed lately, read or not."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from alerts.models import Alert, AlertRead
from pathway import clock
from teams.models import Membership, User
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
    mine = belongs_to(membership)
    return alerts_of_clinic(membership=membership).filter(_on_task(mine))


def closed_lately(*, membership: Membership) -> QuerySet[Alert]:
    """Alerts of the clinic that closed in the last seven days, latest first."""
    week = clock.now() - timedelta(days=7)
    return Alert.objects.filter(clinic=membership.clinic_id, closed_at__gte=week).order_by("-closed_at")


def with_read(alerts: QuerySet[Alert], *, user_id: object) -> QuerySet[Alert]:
    """Annotate ``is_read``: whether this person has read the alert."""
    reads = AlertRead.objects.filter(alert=OuterRef("pk"), user=user_id)
    return alerts.annotate(is_read=Exists(reads))


def unread(*, membership: Membership) -> QuerySet[Alert]:
    """The member's open alerts they have not read: the number on the bell."""
    alerts = with_read(alerts_of_member(membership=membership), user_id=membership.user_id)
    return alerts.filter(is_read=False)


def bell(*, membership: Membership) -> tuple[int, int]:
    """How many unread alerts the member has, and how many of them are critical, in one query."""
    critical = Count("pk", filter=Q(task__severity=Severity.CRITICAL))
    row = unread(membership=membership).order_by().aggregate(unread=Count("pk"), critical=critical)
    return row["unread"], row["critical"]


def _on_task(condition: Q) -> Q:
    """The same condition, seen from the alert."""
    moved = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            moved.children.append(_on_task(child))
        else:
            name, value = child
            moved.children.append((f"task__{name}", value))
    return moved
