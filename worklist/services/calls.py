"""The next call about an equipment request is work of whoever said they would make it."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from equipment.models import VendorContact
from patients.models import Patient
from teams.models import User
from worklist.models import CareTask, CloseReason
from worklist.services.endings import close_own, reopen_own
from worklist.services.own_tasks import add_task


@transaction.atomic
def follow_call(*, contact: VendorContact, user: User) -> CareTask | None:
    """Mark the call that was to be made done, and note the next one, if a day for it was agreed.

    The task is the caller's own and due on the day to call again, today if that has passed;
    it hangs on the call. Side effects: as ``add_task``; what was done names the call as its evidence.
    """
    request = contact.request
    Patient.objects.select_for_update(no_key=True).only("pk").get(pk=contact.patient_id)
    _made(_calls_about(contact), contact, user)
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
    patient = contact.patient
    if contact.is_voided:
        still_open = asked_for.filter(closed_at__isnull=True)
        close_own(still_open, patient=patient, reason=CloseReason.VOIDED, user=user)
        if not _was_followed(contact):
            reopen_own(done_by_it.filter(close_reason=CloseReason.DONE), patient=patient)
    else:
        _made(done_by_it, contact, user)
        reopen_own(asked_for.filter(close_reason=CloseReason.VOIDED), patient=patient)


def _made(calls: QuerySet[CareTask], contact: VendorContact, user: User | None) -> None:
    """Those of ``calls`` that were to be made were made by ``contact``."""
    close_own(
        calls.filter(closed_at__isnull=True),
        patient=contact.patient,
        reason=CloseReason.DONE,
        user=user,
        evidence=str(contact.pk),
    )


def _calls_about(contact: VendorContact) -> QuerySet[CareTask]:
    """Calls to be made, or made, about the same request; locked when read."""
    about = CareTask.objects.filter(patient=contact.patient_id, rule="", subject=str(contact.request_id))
    return about.select_for_update(no_key=True)


def _was_followed(contact: VendorContact) -> bool:
    later = VendorContact.objects.in_force().filter(request=contact.request_id, entry__gt=contact.entry)
    return later.exists()
