"""Reading for screens that combine rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from uuid import UUID

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, UUIDField, When
from django.db.models.functions import Cast

from equipment.models import EquipmentRequest
from pages.filters import WorkFilter
from teams.models import Clinic, Membership
from worklist.models import EQUIPMENT_RULES, CareTask
from worklist.selectors.tasks import (
    Horizon,
    counts,
    counts_with_people,
    tasks_of_clinic,
    tasks_of_member,
    within,
    worst_first,
)

PEOPLE_PER_PAGE = 25
ROW_RELATIONS = ("patient", "owner", "discipline", "assigned_by", "created_by")
"""Whom a row of work names."""


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
    request = EquipmentRequest.objects.filter(pk=Cast(OuterRef("subject"), UUIDField()))
    call_on = Case(
        When(rule__in=EQUIPMENT_RULES, then=Subquery(request.values("next_call_on")[:1])), default=None
    )
    return tasks.annotate(next_call_on=call_on).select_related("patient__clinic", "clinic", *ROW_RELATIONS)


def work_of(membership: Membership, filters: WorkFilter) -> QuerySet[CareTask]:
    """The work My work is about under these filters, whatever the tab."""
    if filters.whose == "delegated":
        tasks = tasks_of_clinic(membership=membership).filter(assigned_by=membership.user_id)
    elif membership.sees_whole_clinic:
        tasks = tasks_of_clinic(membership=membership)
    else:
        tasks = tasks_of_member(membership=membership)
    if filters.whose == "me":
        tasks = tasks.filter(owner=membership.user_id)
    if filters.discipline:
        tasks = tasks.filter(discipline=filters.discipline)
    if filters.patient is not None:
        tasks = tasks.filter(patient=filters.patient)
    return tasks


def work_counts(tasks: QuerySet[CareTask], *, today: date) -> WorkCounts:
    """Counts by tab, and how many people have overdue work."""
    counted, people = counts_with_people(tasks, today=today)
    return WorkCounts(tasks=counted, people_overdue=people)


def work_page(tasks: QuerySet[CareTask], filters: WorkFilter, *, clinic: Clinic) -> WorkPage:
    """The people of one page of the clinic's work, worst first, with all their tasks under the tab."""
    shown = worst_first(tasks.filter(within(filters.horizon, today=clinic.today())))
    of_person: dict[UUID, list[UUID]] = {}
    for patient_id, task_id in shown.values_list("patient_id", "pk"):
        of_person.setdefault(patient_id, []).append(task_id)
    pages = max(-(-len(of_person) // PEOPLE_PER_PAGE), 1)
    page = min(filters.page, pages)
    on_page = list(of_person.values())[(page - 1) * PEOPLE_PER_PAGE : page * PEOPLE_PER_PAGE]
    tasks_on_page = _rows(list(chain.from_iterable(on_page)), clinic)
    return WorkPage(tasks=tasks_on_page, people=len(of_person), page=page, pages=pages)


def _rows(task_ids: Sequence[UUID], clinic: Clinic) -> list[CareTask]:
    """Tasks of one clinic in this order; ids alone are quicker to ask for than the conditions again."""
    if not task_ids:
        return []
    found = for_rows(CareTask.objects.filter(pk__in=task_ids)).select_related(None)
    tasks = {task.pk: task for task in found.select_related(*ROW_RELATIONS)}
    for task in tasks.values():
        task.clinic = task.patient.clinic = clinic
    return [tasks[task_id] for task_id in task_ids if task_id in tasks]


def to_do_now(membership: Membership) -> int:
    """The number beside My work in the navigation: the list's own first tab."""
    tasks = work_of(membership, WorkFilter())
    return counts(tasks, today=membership.clinic.today())[Horizon.NOW]


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
    return task.due_on <= today + timedelta(days=7)
