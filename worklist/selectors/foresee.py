"""What recording something would do to a person's work, by the same rules that judge it afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pathway.chart import Chart
from pathway.due import DueWork
from pathway.engine import evaluate
from pathway.facts import Event
from patients.models import Patient
from worklist.models import CareTask
from worklist.selectors.events import facts_of
from worklist.selectors.settings import settings_of_clinic


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Whether the task would close, and when the work would be due next (None: not again)."""

    closes: bool
    next_due_on: date | None


def foresee(*, patient: Patient, task: CareTask, kind: str, on: date, data: Mapping[str, Any]) -> Foreseen:
    """Judge the patient as if the fact had been recorded today."""
    today = patient.clinic.today()
    facts = facts_of([patient])[patient.pk]
    entry = patient.chart_version + 1
    event = Event(id="foreseen", kind=kind, on=on, recorded_on=today, entry=entry, data=data)
    settings = settings_of_clinic(patient.clinic_id)
    chart = Chart.known_on(replace(facts, events=[*facts.events, event]), today, settings.common)
    work = _work(evaluate(chart, settings, only={task.rule}).due, task)
    if work is None:
        return Foreseen(closes=True, next_due_on=None)
    closes = work.anchor != task.anchor and work.overdue_on > today
    return Foreseen(closes=closes, next_due_on=work.due_on)


def _work(due: tuple[DueWork, ...], task: CareTask) -> DueWork | None:
    same = (work for work in due if (work.rule, work.subject) == (task.rule, task.subject))
    return next(same, None)
