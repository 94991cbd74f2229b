"""Alerts as people see them: their own, open or closed lately, read or not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, cast

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from alerts.models import Alert, AlertRead, Escalation, Step
from alerts.selectors.snoozes import snooze_of_alert
from pathway import clock
from teams.models import Membership, Role, User
from teams.prepared import prepared
from teams.selectors import clinics_open_to, cover_of
from worklist.models import EQUIPMENT_RULES, Severity
from worklist.selectors.tasks import belongs_to, is_awake, is_snoozed

STEPS = {Role.COORDINATOR.value: Step.COORDINATOR, Role.LEAD.value: Step.LEAD}
"""Which step of the ladder reaches whom, by role."""

CARD = Case(When(rule__in=EQUIPMENT_RULES, then="subject"), default=Cast("pk", CharField()))
"""One card per equipment request, however many alerts it has: what the inbox shows and counts count."""


def visible_to(user: User) -> QuerySet[Alert]:
    """Alerts on patients this user may open."""
    return Alert.objects.filter(clinics_open_to(user))


def open_alerts(*, membership: Membership) -> QuerySet[Alert]:
    """Open alerts of the member's clinic, snoozed ones too; catch-up work stands apart until passed on."""
    open_tasks = Q(task__clinic=membership.clinic_id, task__closed_at__isnull=True)
    in_view = Q(task__catch_up=False) | Q(escalated__gt=Step.OWNER)
    return Alert.objects.filter(open_tasks, in_view, clinic=membership.clinic_id, closed_at__isnull=True)


def alerts_of_clinic(*, membership: Membership) -> QuerySet[Alert]:
    """Open alerts of the member's clinic that nobody snoozed."""
    return open_alerts(membership=membership).filter(is_awake(prefix="task__"))


def step_reaching(membership: Membership) -> Step | None:
    """The first step of the ladder that reaches the member, or whom they stand in for."""
    roles = {membership.role, *cover_of(membership).roles}
    return min((STEPS[role] for role in roles if role in STEPS), default=None)


def is_for(membership: Membership) -> Q:
    """Condition on alerts: on the member's own work and their queues, or passed on to their role."""
    mine = belongs_to(membership, prefix="task__")
    step = step_reaching(membership)
    return mine if step is None else mine | Q(escalated__gte=step)


def alerts_of_member(*, membership: Membership) -> QuerySet[Alert]:
    """Open alerts that are for the member and that nobody snoozed."""
    return alerts_of_clinic(membership=membership).filter(is_for(membership))


def snoozed_alerts(*, membership: Membership) -> QuerySet[Alert]:
    """Snoozed alerts: of the whole clinic for those who look after it, else the member's own."""
    snoozed = open_alerts(membership=membership).filter(is_snoozed(prefix="task__"))
    return snoozed if membership.sees_whole_clinic else snoozed.filter(is_for(membership))


def closed_lately(*, membership: Membership) -> QuerySet[Alert]:
    """Alerts of the clinic that closed in the last seven days, latest first."""
    week = clock.now() - timedelta(days=7)
    return Alert.objects.filter(clinic=membership.clinic_id, closed_at__gte=week).order_by("-closed_at")


@dataclass(frozen=True, slots=True)
class TabCounts:
    """How many cards each list of the inbox holds."""

    mine: int = 0
    snoozed: int = 0
    clinic: int = 0
    closed: int = 0


@prepared
def _tab_counts(membership: Membership) -> "QuerySet[Any, tuple[int, int, int]]":
    awake, snoozed, mine = is_awake(prefix="task__"), is_snoozed(prefix="task__"), is_for(membership)
    seen = snoozed if membership.sees_whole_clinic else snoozed & mine
    counts = {
        f"in_{name}": Count(CARD, distinct=True, filter=condition)
        for name, condition in (("mine", awake & mine), ("snoozed", seen), ("clinic", awake))
    }
    of_clinic = open_alerts(membership=membership).order_by().values("clinic")
    return of_clinic.annotate(**counts).values_list(*counts)


def tab_counts(*, membership: Membership) -> TabCounts:
    """The lists' own conditions, counted in two queries."""
    rows = _tab_counts(membership)
    mine, snoozed, clinic = rows[0] if rows else (0, 0, 0)
    return TabCounts(mine, snoozed, clinic, closed_lately(membership=membership).count())


def one_per_card(alerts: "Iterable[ReadAlert]") -> "list[ReadAlert]":
    """One alert per equipment request, the first of it: the list's order decides which."""
    kept: dict[object, ReadAlert] = {}
    for alert in alerts:
        kept.setdefault(alert.subject if alert.rule in EQUIPMENT_RULES else alert.pk, alert)
    return list(kept.values())


class Read(TypedDict):
    """What a row of the inbox says beside the alert and its work.

    Whether the person who looks has read it, who has (the latest first), when it was passed
    on to them, and who snoozed it.
    """

    is_read: bool
    acknowledged: Sequence[AlertRead]
    passed_on_at: datetime | None
    snooze: Mapping[str, str] | None


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ReadAlert: TypeAlias = WithAnnotations[Alert, Read]
else:
    ReadAlert = Alert


def for_rows(alerts: QuerySet[Alert], *, membership: Membership) -> "QuerySet[ReadAlert]":
    """Alerts with all that a row of the inbox shows to this member."""
    seen = AlertRead.objects.filter(taken_back_at__isnull=True)
    marked = alerts.annotate(
        is_read=Exists(seen.filter(alert=OuterRef("pk"), user=membership.user_id)),
        passed_on_at=_passed_on_at(membership),
        snooze=snooze_of_alert(),
    )
    by_whom = Prefetch("reads", seen.select_related("user").order_by("-read_at"), to_attr="acknowledged")
    related = ("patient", "task__owner", "task__discipline", "task__clinic", "task__patient")
    return cast("QuerySet[ReadAlert]", marked.select_related(*related).prefetch_related(by_whom))


def _passed_on_at(membership: Membership) -> Case | Value:
    """When the alert came to the member by the ladder; null where it did not."""
    step = step_reaching(membership)
    if step is None:
        return Value(None, output_field=DateTimeField())
    taken = Escalation.objects.filter(alert=OuterRef("pk"), step__gte=step).order_by("step")
    return Case(When(escalated__gte=step, then=Subquery(taken.values("taken_at")[:1])))


def unread(*, membership: Membership) -> QuerySet[Alert]:
    """The member's open alerts they have not read: the number on the bell."""
    read = AlertRead.objects.filter(alert=OuterRef("pk"), user=membership.user_id, taken_back_at__isnull=True)
    return alerts_of_member(membership=membership).filter(~Exists(read))


def counted_unread(*, membership: Membership) -> "QuerySet[Any, tuple[int, int]]":
    """How many unread alerts the member has, and how many of them are critical: one row, or none."""
    critical = Count(CARD, distinct=True, filter=Q(task__severity=Severity.CRITICAL))
    of_clinic = unread(membership=membership).order_by().values("clinic")
    return of_clinic.annotate(unread=Count(CARD, distinct=True), critical=critical).values_list(
        "unread", "critical"
    )


@prepared
def _bell(membership: Membership) -> "QuerySet[Alert, tuple[int, int]]":
    return counted_unread(membership=membership)


def bell(*, membership: Membership) -> tuple[int, int]:
    """How many unread alerts the member has, and how many of them are critical, in one query."""
    rows = _bell(membership)
    return rows[0] if rows else (0, 0)
