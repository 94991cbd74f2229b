"""Catch-up work: what was overdue already when a clinic went live, and how far it is worked through."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.models import Assessment
from teams.models import Clinic, Membership
from worklist.models import CareTask, CloseReason
from worklist.selectors.tasks import ROW, tasks_of_clinic

DAYS = 30
"""Catch-up work nobody took on is passed on so many days after the clinic went live."""
COORDINATOR = ""
"""Stands where the code of a discipline would, for the coordinator's work."""
MOMENT = timedelta(seconds=10)
"""Recording work and closing its task is one transaction, within which the clock moves on a little."""

_RECORDED = {CloseReason.SATISFIED, CloseReason.DONE}
_CHOSEN = {CloseReason.DECLINED, CloseReason.DEFERRED}


@dataclass(slots=True)
class Progress:
    """How much of some catch-up work is left, and what became of the rest.

    Counted in rows, as lists show them. ``booked`` and ``assigned`` are of what is left,
    each row once: booked before assigned. ``people`` are those with something left.
    """

    total: int = 0
    left: int = 0
    booked: int = 0
    assigned: int = 0
    recorded: int = 0
    elsewhere: int = 0
    chosen: int = 0
    lapsed: int = 0
    people: set[UUID] = field(default_factory=set)

    @property
    def closed(self) -> int:
        """How much is done with."""
        return self.total - self.left

    @property
    def untouched(self) -> int:
        """What is neither booked nor assigned to anybody."""
        return self.left - self.booked - self.assigned

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left."""
        return self.left == 0


@dataclass(frozen=True, slots=True)
class CatchUp:
    """The clean-up of one clinic: all of it, and each discipline's part, by code."""

    overall: Progress
    by_discipline: Mapping[str, Progress]


class _Task(NamedTuple):
    row: str
    discipline: str | None
    patient: UUID
    close_reason: str
    planned_on: date | None
    assigned_to: UUID | None
    elsewhere: bool


def catch_up_tasks(*, membership: Membership, discipline: str | None = None) -> QuerySet[CareTask]:
    """Open catch-up work of the member's clinic, oldest first; ``discipline`` narrows it to one's part."""
    tasks = tasks_of_clinic(membership=membership).filter(catch_up=True)
    if discipline is not None:
        part = {"discipline": discipline} if discipline else {"discipline__isnull": True}
        tasks = tasks.filter(**part)
    return tasks.order_by("due_on", "patient__family_name", "patient__given_name", "id")


def progress_of(clinic: Clinic) -> CatchUp:
    """How far a clinic's clean-up is: one query, for any number of tasks."""
    overall, parts = Progress(), defaultdict[str, Progress](Progress)
    rows: dict[tuple[str, str], list[_Task]] = defaultdict(list)
    for task in _tasks(clinic):
        rows[task.discipline or COORDINATOR, task.row].append(task)
    for (discipline, _row), tasks in rows.items():
        for progress in (overall, parts[discipline]):
            _count(progress, tasks)
    return CatchUp(overall, dict(parts))


def escalates_on(clinic: Clinic) -> date | None:
    """The first day on which catch-up work that nobody was given may be passed on."""
    return clinic.live_on + timedelta(days=DAYS) if clinic.live_on else None


def _tasks(clinic: Clinic) -> Iterator[_Task]:
    elsewhere = Assessment.objects.filter(
        ~Q(done_elsewhere=""),
        patient=OuterRef("patient"),
        recorded_at__lte=OuterRef("closed_at"),
        recorded_at__gt=OuterRef("closed_at") - MOMENT,
    )
    rows = CareTask.objects.filter(clinic=clinic, catch_up=True).annotate(
        shown=ROW, was_elsewhere=Exists(elsewhere)
    )
    columns = ("shown", "discipline", "patient", "close_reason", "planned_on", "assigned_to", "was_elsewhere")
    return (_Task(*row) for row in rows.values_list(*columns))


def _count(progress: Progress, tasks: Iterable[_Task]) -> None:
    """Count one row: left while any of its tasks is open, else by how the last of them closed."""
    tasks = list(tasks)
    progress.total += 1
    still_open = [task for task in tasks if not task.close_reason]
    if still_open:
        progress.left += 1
        progress.people.add(tasks[0].patient)
        if any(task.planned_on for task in still_open):
            progress.booked += 1
        elif any(task.assigned_to for task in still_open):
            progress.assigned += 1
        return
    reasons = {task.close_reason for task in tasks}
    if any(task.elsewhere and task.close_reason in _RECORDED for task in tasks):
        progress.elsewhere += 1
    elif reasons & _RECORDED:
        progress.recorded += 1
    elif reasons & _CHOSEN:
        progress.chosen += 1
    else:
        progress.lapsed += 1
