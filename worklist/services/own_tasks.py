"""Tasks people give each other, and what people may do to any task: assign it, book it."""

from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pathway import clock
from patients.models import Patient
from teams.models import Discipline, User
from teams.selectors import colleagues
from worklist.models import CareTask, CloseReason, Severity
from worklist.services.endings import reopen
from worklist.signals import tasks_changed


@transaction.atomic
def add_task(
    *,
    patient: Patient,
    user: User,
    title: str,
    due_on: date,
    owner: User | None = None,
    discipline: Discipline | None = None,
    note: str = "",
    severity: Severity = Severity.ATTENTION,
    subject: str = "",
    anchor: str = "",
) -> CareTask:
    """Add a task agreed by people, for a colleague or a discipline's queue.

    It is overdue from the day after ``due_on`` and alerts by the same machinery as the
    rules' work. ``subject`` is what it is about, such as an equipment request, ``anchor``
    the id of the fact it hangs on, such as a call. Side effects: ``tasks_changed``.

    Raises:
        ValidationError: no title, a due date in the past, or an owner outside the clinic.
    """
    clinic = patient.clinic
    if not title.strip():
        raise ValidationError({"title": _("Say what there is to do.")})
    if due_on < clinic.today():
        raise ValidationError({"due_on": _("Choose today or a later day.")})
    if owner is not None:
        _check_colleague(patient, owner)
    overdue_on = due_on + timedelta(days=1)
    task = CareTask.objects.create(
        clinic=clinic,
        patient=patient,
        subject=subject,
        anchor=anchor,
        title=title.strip(),
        note=note,
        due_on=due_on,
        overdue_on=overdue_on,
        alert_at=clinic.start_of(overdue_on),
        wake_at=clinic.start_of(overdue_on),
        severity=severity,
        discipline=discipline,
        owner=owner,
        assigned_to=owner,
        assigned_by=user if owner is not None and owner != user else None,
        opened_at=clock.now(),
        created_by=user,
    )
    tasks_changed.send(sender=CareTask, patient_ids=[patient.pk])
    return task


@transaction.atomic
def complete_task(*, task_id: UUID, user: User) -> CareTask:
    """Mark a task of one's own kind done; work of a rule closes by being recorded instead.

    Raises:
        ValidationError: the task comes from a rule, or is already closed.
    """
    return _close_own(task_id, user, CloseReason.DONE)


@transaction.atomic
def withdraw_task(*, task_id: UUID, user: User) -> CareTask:
    """Take back a task people agreed that is not needed any more.

    Raises:
        ValidationError: the task comes from a rule, or is already closed.
    """
    return _close_own(task_id, user, CloseReason.WITHDRAWN)


@transaction.atomic
def reopen_task(*, task_id: UUID, user: User) -> CareTask:
    """Undo a task marked done by mistake: it is open again, and overdue again if its day has passed.

    Raises:
        ValidationError: the task comes from a rule, or is still open.
    """
    task = _lock(task_id)
    if task.rule or task.closed_at is None:
        raise ValidationError(_("Only a finished task of the team can be opened again."))
    reopen(task, today=task.clinic.start_of(task.clinic.today()))
    task.save(update_fields=["closed_at", "closed_on", "closed_by", "close_reason", "wake_at", "alert_at"])
    tasks_changed.send(sender=CareTask, patient_ids=[task.patient_id])
    return task


@transaction.atomic
def assign_task(*, task_id: UUID, user: User, owner: User | None) -> CareTask:
    """Give an open task to a colleague, or back to the discipline (``owner`` None).

    Side effects: ``tasks_changed``, so that whoever now has overdue work hears of it.

    Raises:
        ValidationError: the colleague is not active in the clinic, or the task is closed.
    """
    task = _lock_open(task_id)
    if owner is not None:
        _check_colleague(task.patient, owner)
    task.owner = task.assigned_to = owner
    task.assigned_by = user if owner is not None and owner != user else None
    task.save(update_fields=["owner", "assigned_to", "assigned_by"])
    tasks_changed.send(sender=CareTask, patient_ids=[task.patient_id])
    return task


@transaction.atomic
def plan_task(*, task_id: UUID, user: User, planned_on: date | None) -> CareTask:
    """Note the day the work is booked for (None: no longer booked); it closes nothing.

    Raises:
        ValidationError: the day has passed, or the task is closed.
    """
    task = _lock_open(task_id)
    if planned_on is not None and planned_on < task.clinic.today():
        raise ValidationError({"planned_on": _("Choose today or a later day.")})
    task.planned_on = planned_on
    task.save(update_fields=["planned_on"])
    return task


def _close_own(task_id: UUID, user: User, reason: CloseReason) -> CareTask:
    task = _lock_open(task_id)
    if task.rule:
        raise ValidationError(_("This closes when the work is recorded, declined or deferred."))
    task.closed_at, task.closed_on = clock.now(), task.clinic.today()
    task.closed_by, task.close_reason, task.wake_at = user, reason, None
    task.save(update_fields=["closed_at", "closed_on", "closed_by", "close_reason", "wake_at"])
    tasks_changed.send(sender=CareTask, patient_ids=[task.patient_id])
    return task


def _lock(task_id: UUID) -> CareTask:
    """Lock the patient, then the task: the order every writer takes."""
    patient_id = CareTask.objects.values_list("patient_id", flat=True).get(pk=task_id)
    Patient.objects.select_for_update(no_key=True).only("pk").get(pk=patient_id)
    related = CareTask.objects.select_related("clinic", "patient")
    return related.select_for_update(no_key=True, of=("self",)).get(pk=task_id)


def _lock_open(task_id: UUID) -> CareTask:
    task = _lock(task_id)
    if task.closed_at is not None:
        raise ValidationError(_("Somebody has closed this task meanwhile."))
    return task


def _check_colleague(patient: Patient, owner: User) -> None:
    if not colleagues(clinic=patient.clinic).filter(pk=owner.pk).exists():
        raise ValidationError({"owner": _("Choose somebody who works in this clinic.")})
