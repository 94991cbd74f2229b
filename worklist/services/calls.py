"""The next call about an equipment request is work of whoever said they would make it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from equipment.models import VendorContact
from pathway import clock
from patients.models import Patient
from teams.models import User
from worklist.models import CareTask, CloseReason
from worklist.services.endings import reopen
from worklist.services.own_tasks import add_task
from worklist.signals import tasks_changed

COLUMNS = (
    "closed_at", "closed_on", "closed_by", "close_reason", "wake_at", "alert_at", "evidence",
)  # fmt: skip


@transaction.atomic
def follow_call(*, contact: VendorContact, user: User) -> CareTask | None:
    """Mark the call that was to be made done, and note the next one, if a day for it was agreed.

    The task is the caller's own and due on the day to call again, today if that has passed;
    it hangs on the call. Side effects: as ``add_task``; what was done names the call as its evidence.
    """
    request = contact.request
    Patient.objects.select_for_update(no_key=True).only("pk").get(pk=contact.patient_id)
    _close(_calls_about(contact).filter(closed_at__isnull=True), contact, CloseReason.DONE, user=user)
    if contact.next_call_on is None:
        return None
    with_whom = contact.person or str(contact.get_contact_with_display()).lower()
    return add_task(
        patient=request.patient,
        user=user,
        owner=user,
        title=_("Call about %(item)s: %(who)s") % {"item": request, "who": with_whom},
        due_on=max(contact.next_call_on, request.patient.clinic.today()),
        note=contact.note,
        subject=str(request.pk),
        anchor=str(contact.pk),
    )


def follow_correction(*, contact: VendorContact, user: User | None) -> None:
    """A call was marked entered in error, or no longer is: so was the next call it had asked for.

    What it had asked for closes as entered in error, and what it was taken to have done is to
    do again, unless another call came after it; when the mark is taken back, so is that.
    Side effects, in the caller's transaction: care tasks, ``tasks_changed``.
    """
    calls = _calls_about(contact)
    asked_for, done_by_it = calls.filter(anchor=str(contact.pk)), calls.filter(evidence=[str(contact.pk)])
    if contact.is_voided:
        _close(asked_for.filter(closed_at__isnull=True), contact, CloseReason.VOIDED, user=user)
        if not _was_followed(contact):
            _reopen(done_by_it.filter(close_reason=CloseReason.DONE), contact)
    else:
        _close(done_by_it.filter(closed_at__isnull=True), contact, CloseReason.DONE, user=user)
        _reopen(asked_for.filter(close_reason=CloseReason.VOIDED), contact)


def _calls_about(contact: VendorContact) -> QuerySet[CareTask]:
    """Calls to be made, or made, about the same request; locked when read."""
    about = CareTask.objects.filter(patient=contact.patient_id, rule="", subject=str(contact.request_id))
    return about.select_for_update(no_key=True)


def _was_followed(contact: VendorContact) -> bool:
    later = VendorContact.objects.in_force().filter(request=contact.request_id, entry__gt=contact.entry)
    return later.exists()


def _close(
    tasks: Iterable[CareTask], contact: VendorContact, reason: CloseReason, *, user: User | None
) -> None:
    for task in tasks:
        task.closed_at, task.closed_on = clock.now(), contact.patient.clinic.today()
        task.closed_by, task.close_reason, task.wake_at = user, reason, None
        if reason is CloseReason.DONE:
            task.evidence = [str(contact.pk)]
        _store(task)


def _reopen(tasks: Iterable[CareTask], contact: VendorContact) -> None:
    clinic = contact.patient.clinic
    for task in tasks:
        reopen(task, today=clinic.start_of(clinic.today()))
        _store(task)


def _store(task: CareTask) -> None:
    task.save(update_fields=COLUMNS)
    tasks_changed.send(sender=CareTask, patient_ids=[task.patient_id])
