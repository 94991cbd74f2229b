"""Reading for screens that combine rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from uuid import UUID

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, UUIDField, When
from django.db.models.functions import Cast

from alerts.selectors.inbox import counted_unread
from alerts.selectors.snoozes import with_snooze
from equipment.models import EquipmentRequest
from pages.filters import WorkFilter
from pathway import clock
from teams.models import Membership
from teams.prepared import any_of, prepared
from worklist.models import EQUIPMENT_RULES, CareTask
from worklist.selectors.tasks import (
    Horizon,
    counted,
    tasks_of_clinic,
    tasks_of_member,
    within,
    worst_first,
)

PEOPLE_PER_PAGE = 25
ROW_RELATIONS = ("patient", "owner", "discipline", "assigned_by", "created_by")
"""Whom a row of work names."""
ROW_COLUMNS = (
    "rule", "subject", "title", "title_params", "verb", "note", "due_on", "overdue_on", "alert_at",
    "severity", "catch_up", "offer_again", "planned_on", "snoozed_until", "reason", "opened_at", "clinic",
    "patient__clinic", "patient__mrn", "patient__given_name", "patient__family_name", "patient__birth_on",
    "patient__onset_region", "discipline__name",
    *(f"{who}__{column}" for who in ("owner", "assigned_by", "created_by") for column in ("name", "email")),
)  # fmt: skip
"""What a row of work says."""


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """What the tabs and the first sentence of My work say."""

    tasks: Mapping[Horizon, int]
    people_overdue: int


@dataclass(frozen=True, slots=True)
class WorkPage:
    """One page of My work: tasks of some people, and where the page stands."""

    tasks: Sequence[CareTask]
    people: int
    page: int
    pages: int


def for_rows(tasks: QuerySet[CareTask]) -> QuerySet[CareTask]:
    """Tasks with all that a row of work shows, ``next_call_on`` of an equipment request included."""
    return with_snooze(_with_next_call(tasks)).select_related("patient__clinic", "clinic", *ROW_RELATIONS)


def _with_next_call(tasks: QuerySet[CareTask]) -> QuerySet[CareTask]:
    request = EquipmentRequest.objects.filter(pk=Cast(OuterRef("subject"), UUIDField()))
    call_on = Case(
        When(rule__in=EQUIPMENT_RULES, then=Subquery(request.values("next_call_on")[:1])), default=None
    )
    return tasks.annotate(next_call_on=call_on)


def work_of(
    membership: Membership, whose: str, discipline: str, *, patient: UUID | None = None
) -> QuerySet[CareTask]:
    """The work My work is about, whatever the tab: what its filters leave of the clinic's or one's own."""
    if whose == "delegated":
        tasks = tasks_of_clinic(membership=membership).filter(assigned_by=membership.user_id)
    elif membership.sees_whole_clinic:
        tasks = tasks_of_clinic(membership=membership)
    else:
        tasks = tasks_of_member(membership=membership)
    if whose == "me":
        tasks = tasks.filter(owner=membership.user_id)
    if discipline:
        tasks = tasks.filter(discipline=discipline)
    if patient is not None:
        tasks = tasks.filter(patient=patient)
    return tasks


@prepared
def _counts(
    membership: Membership, whose: str, discipline: str, today: date, **patient: UUID
) -> "QuerySet[CareTask, tuple[int, ...]]":
    return counted(work_of(membership, whose, discipline, **patient), today=today)


@prepared
def _listed(
    membership: Membership, whose: str, discipline: str, horizon: Horizon, today: date, **patient: UUID
) -> "QuerySet[CareTask, tuple[UUID, UUID]]":
    tasks = work_of(membership, whose, discipline, **patient).filter(within(horizon, today=today))
    return worst_first(tasks).values_list("patient_id", "pk")


@prepared
def _rows(membership: Membership, *, tasks: list[UUID]) -> QuerySet[CareTask]:
    shown = CareTask.objects.filter(any_of("pk", tasks), clinic=membership.clinic_id)
    return with_snooze(_with_next_call(shown)).select_related(*ROW_RELATIONS).only(*ROW_COLUMNS)


def work_counts(membership: Membership, filters: WorkFilter) -> WorkCounts:
    """Counts by tab, and how many people have overdue work."""
    today = membership.clinic.today()
    rows = _counts(membership, filters.whose, filters.discipline, today, **_patient(filters))
    people, *by_tab = rows[0] if rows else (0, *(0 for _ in Horizon))
    return WorkCounts(tasks=dict(zip(Horizon, by_tab, strict=True)), people_overdue=people)


def work_page(membership: Membership, filters: WorkFilter) -> WorkPage:
    """The people of one page of the member's work, worst first, with all their tasks under the tab."""
    today = membership.clinic.today()
    listed = _listed(
        membership, filters.whose, filters.discipline, filters.horizon, today, **_patient(filters)
    )
    of_person: dict[UUID, list[UUID]] = {}
    for patient_id, task_id in listed:
        of_person.setdefault(patient_id, []).append(task_id)
    pages = max(-(-len(of_person) // PEOPLE_PER_PAGE), 1)
    page = min(filters.page, pages)
    on_page = list(of_person.values())[(page - 1) * PEOPLE_PER_PAGE : page * PEOPLE_PER_PAGE]
    tasks_on_page = _in_order(membership, list(chain.from_iterable(on_page)))
    return WorkPage(tasks=tasks_on_page, people=len(of_person), page=page, pages=pages)


def _patient(filters: WorkFilter) -> dict[str, UUID]:
    return {"patient": filters.patient.pk} if filters.patient else {}


def _in_order(membership: Membership, task_ids: Sequence[UUID]) -> list[CareTask]:
    """Tasks of the clinic in this order; ids alone are quicker to ask for than the conditions again."""
    if not task_ids:
        return []
    tasks = {task.pk: task for task in _rows(membership, tasks=task_ids)}
    for task in tasks.values():
        task.clinic = task.patient.clinic = membership.clinic
    return [tasks[task_id] for task_id in task_ids if task_id in tasks]


@prepared
def _badges(membership: Membership, today: date) -> "QuerySet[Membership, tuple[int | None, ...]]":
    to_do = counted(work_of(membership, "", ""), today=today).values(f"in_{Horizon.NOW}")
    alerts = counted_unread(membership=membership)
    return Membership.objects.filter(pk=membership.pk).values_list(
        Subquery(to_do), Subquery(alerts.values("unread")), Subquery(alerts.values("critical"))
    )


def badges(membership: Membership) -> tuple[int, int, int]:
    """What the navigation counts, in one query: work to do now, unread alerts, critical ones of these."""
    [(to_do, unread, critical)] = _badges(membership, membership.clinic.today())
    return to_do or 0, unread or 0, critical or 0


def to_do_now(membership: Membership) -> int:
    """The number beside My work in the navigation: the list's own first tab."""
    return work_counts(membership, WorkFilter()).tasks[Horizon.NOW]


def task_open_to(membership: Membership, task_id: UUID) -> QuerySet[CareTask]:
    """One task of the member's clinic with all a row needs, open or closed."""
    return for_rows(CareTask.objects.filter(pk=task_id, clinic=membership.clinic_id))


def open_beside(task: CareTask) -> list[CareTask]:
    """Open work of the same patient on the same subject: what a closed task leaves behind or brings."""
    same = Q(rule=task.rule) | (Q(subject=task.subject) & ~Q(subject=""))
    related = CareTask.objects.filter(same, patient=task.patient_id, closed_at__isnull=True)
    return list(for_rows(worst_first(related)))


def is_near(task: CareTask, today: date) -> bool:
    """Whether the task stands under "to do now"."""
    if task.snoozed_until is not None and task.snoozed_until > clock.now():
        return False
    return task.due_on <= today + timedelta(days=7)
