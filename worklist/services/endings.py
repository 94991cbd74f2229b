"""People's own tasks end with a death or a discharge, and come back if that was entered in error."""

from collections.abc import Iterable
from datetime import datetime

from pathway import clock
from pathway.catalogue import PatientStatus
from pathway.facts import Event
from patients.models import Patient
from teams.models import User
from worklist.models import CareTask, CloseReason
from worklist.services.plan import Changes, Context, close_task
from worklist.signals import tasks_changed

ENDED = (PatientStatus.DISCHARGED, PatientStatus.DECEASED)
COLUMNS = (
    "closed_at", "closed_on", "closed_by", "close_reason", "wake_at", "alert_at", "evidence",
)  # fmt: skip


def end_or_resume(context: Context, tasks: Iterable[CareTask]) -> Changes:
    """Close or reopen people's own tasks of one patient by its status (catalogue 2.3).

    Tasks added after the person died or left, such as fetching a loan back, stay
    open. A closed task names the status that closed it in ``evidence``.
    """
    changes = Changes()
    standing = context.chart.standing
    ended_by = standing.set_by if standing.status in ENDED else None
    for task in tasks:
        if task.closed_at is None:
            if ended_by is not None and task.opened_at <= _took_effect(ended_by, context):
                task.evidence = [ended_by.id]
                changes.closed.append(close_task(task, context, CloseReason.STATUS_CHANGE))
        elif ended_by is None and not context.known >= set(task.evidence):
            changes.resumed.append(_resume(task, context))
    return changes


def _took_effect(status: Event, context: Context) -> datetime:
    recorded_at = datetime.fromisoformat(status.data["recorded_at"])
    return max(recorded_at, context.start_of(status.on))


def _resume(task: CareTask, context: Context) -> CareTask:
    reopen(task, today=context.start_of(context.day))
    task.evidence = []
    return task


def reopen(task: CareTask, *, today: datetime) -> None:
    """Make a closed task open again, overdue from ``today`` (its start) if its day has passed."""
    task.closed_at = task.closed_on = task.closed_by = None
    task.close_reason = ""
    task.alert_at = task.wake_at = max(task.alert_at, today)


def close_own(
    tasks: Iterable[CareTask], *, patient: Patient, reason: CloseReason, user: User | None, evidence: str = ""
) -> None:
    """Close people's own tasks of a patient, locked; ``evidence`` is the fact that did them.

    Side effects, in the caller's transaction: ``tasks_changed``.
    """
    for task in tasks:
        task.closed_at, task.closed_on = clock.now(), patient.clinic.today()
        task.closed_by, task.close_reason, task.wake_at = user, reason, None
        if evidence:
            task.evidence = [evidence]
        _store(task)


def reopen_own(tasks: Iterable[CareTask], *, patient: Patient) -> None:
    """Make closed tasks of people's own open again. Side effects: as ``close_own``."""
    for task in tasks:
        reopen(task, today=patient.clinic.start_of(patient.clinic.today()))
        _store(task)


def _store(task: CareTask) -> None:
    task.save(update_fields=COLUMNS)
    tasks_changed.send(sender=CareTask, patient_ids=[task.patient_id])
