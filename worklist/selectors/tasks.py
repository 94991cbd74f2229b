"""The one definition of what is due and overdue, for every list, count, email and report."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Case, CharField, Count, Q, QuerySet, When
from django.db.models.functions import Cast

from pathway import clock
from patients.models import Patient
from teams.models import CLINICAL_ROLES, Clinic, Discipline, Membership, Role, User
from teams.prepared import any_of
from teams.selectors import clinics_open_to, cover_of
from worklist.models import EQUIPMENT_RULES, CareTask


class Horizon(StrEnum):
    """How far ahead a list of work looks."""

    NOW = "now"
    OVERDUE = "overdue"
    IN_GRACE = "in_grace"
    WEEK = "week"
    MONTH = "month"
    SNOOZED = "snoozed"
    CATCH_UP = "catch_up"


def open_tasks(user: User) -> QuerySet[CareTask]:
    """Open work on patients this user may open."""
    return CareTask.objects.filter(clinics_open_to(user), closed_at__isnull=True)


def tasks_of_clinic(*, membership: Membership) -> QuerySet[CareTask]:
    """Open work of the member's clinic."""
    return CareTask.objects.filter(clinic=membership.clinic_id, closed_at__isnull=True)


def tasks_of_member(*, membership: Membership) -> QuerySet[CareTask]:
    """Open work of one member: theirs, and what waits in the queues of their disciplines."""
    return tasks_of_clinic(membership=membership).filter(belongs_to(membership))


def belongs_to(membership: Membership, *, prefix: str = "") -> Q:
    """Condition: owned by the member, or owned by nobody and in one of their queues.

    Coordinators look after work of no discipline and of disciplines nobody here
    practises. Whoever stands in for colleagues who are away has their work too.
    ``prefix`` leads to the task from another model ("task__").
    """
    cover = cover_of(membership)
    queues = Q((f"{prefix}discipline__in", membership.disciplines.all()))
    if Role.COORDINATOR in {membership.role, *cover.roles}:
        queues |= ~Q((f"{prefix}discipline__in", _practised_in(membership.clinic_id)))
    owned = Q((f"{prefix}owner", membership.user_id))
    if cover.users:
        theirs = Discipline.objects.filter(Q(any_of("memberships", cover.seats)))
        queues |= Q((f"{prefix}discipline__in", theirs))
        owned |= Q(any_of(f"{prefix}owner", cover.users))
    return owned | (Q((f"{prefix}owner__isnull", True)) & queues)


def _practised_in(clinic_id: UUID) -> QuerySet[Discipline]:
    practising = Membership.objects.filter(
        clinic=clinic_id, is_active=True, user__is_active=True, role__in=CLINICAL_ROLES
    )
    return Discipline.objects.filter(memberships__in=practising)


def is_overdue() -> Q:
    """Condition: the work counts as overdue now."""
    return Q(alert_at__lte=clock.now())


def is_snoozed(*, prefix: str = "") -> Q:
    """Condition: somebody has the overdue work wait until a later day."""
    return Q((f"{prefix}snoozed_until__gt", clock.now()))


def is_awake(*, prefix: str = "") -> Q:
    """Condition: the work is not snoozed, or back already."""
    return Q((f"{prefix}snoozed_until__isnull", True)) | Q((f"{prefix}snoozed_until__lte", clock.now()))


def within(horizon: Horizon, *, today: date) -> Q:
    """Condition: the work belongs under this tab; snoozed and catch-up work stand apart from all others."""
    conditions = {
        Horizon.NOW: Q(due_on__lte=today + timedelta(days=7)),
        Horizon.OVERDUE: is_overdue(),
        Horizon.IN_GRACE: Q(due_on__lt=today) & ~is_overdue(),
        Horizon.WEEK: Q(due_on__gte=today, due_on__lte=today + timedelta(days=7)) & ~is_overdue(),
        Horizon.MONTH: Q(due_on__gte=today, due_on__lte=today + timedelta(days=30)) & ~is_overdue(),
    }
    if horizon is Horizon.CATCH_UP:
        return Q(catch_up=True)
    if horizon is Horizon.SNOOZED:
        return is_snoozed() & Q(catch_up=False)
    return conditions[horizon] & is_awake() & Q(catch_up=False)


ROW = Case(When(rule__in=EQUIPMENT_RULES, then="subject"), default=Cast("pk", CharField()))
"""One row per equipment request, however many of its rules ask: what lists show and counts count."""


def counts(tasks: QuerySet[CareTask], *, today: date) -> dict[Horizon, int]:
    """How many rows stand under each tab: the lists' own conditions, counted in one query."""
    row = tasks.order_by().aggregate(**_counted(today))
    return {horizon: row[f"in_{horizon}"] for horizon in Horizon}


def counted(tasks: QuerySet[CareTask], *, today: date) -> "QuerySet[CareTask, tuple[int, ...]]":
    """Of one clinic's work: how many people have overdue work, then the counts in the order of the tabs.

    One row, or none where there is no work at all.
    """
    columns = _counted(today)
    overdue = within(Horizon.OVERDUE, today=today)
    people = Count("patient", distinct=True, filter=overdue)
    return (
        tasks.order_by().values("clinic").annotate(people=people, **columns).values_list("people", *columns)
    )


def _counted(today: date) -> dict[str, Count]:
    return {
        f"in_{horizon}": Count(ROW, distinct=True, filter=within(horizon, today=today)) for horizon in Horizon
    }


@dataclass(frozen=True, slots=True)
class OverdueOfDiscipline:
    """How much work of one discipline is overdue; ``discipline`` empty is the coordinator's."""

    discipline: str
    overdue: int
    critical: int


def overdue_by_discipline(*, clinic: Clinic) -> list[OverdueOfDiscipline]:
    """Overdue work of a clinic by discipline, most first; disciplines without any are left out."""
    rows = (
        CareTask.objects.filter(is_overdue(), clinic=clinic, closed_at__isnull=True)
        .values("discipline__name")
        .annotate(overdue=Count(ROW, distinct=True), critical=Count(ROW, distinct=True, filter=Q(severity=3)))
        .order_by("-overdue", "discipline__name")
    )
    return [
        OverdueOfDiscipline(row["discipline__name"] or "", row["overdue"], row["critical"]) for row in rows
    ]


def tasks_of_patient(*, patient: Patient) -> QuerySet[CareTask]:
    """Open work on one patient, worst first."""
    return worst_first(CareTask.objects.filter(patient=patient, closed_at__isnull=True))


def worst_first(tasks: QuerySet[CareTask]) -> QuerySet[CareTask]:
    """The order of every list: overdue before due, then severity, days, name and rule, the same each time."""
    now = clock.now()
    return tasks.annotate(overdue=Q(alert_at__lte=now)).order_by(
        "-overdue",
        "-severity",
        "due_on",
        "patient__family_name",
        "patient__given_name",
        "patient_id",
        "rule",
        "subject",
        "id",
    )
