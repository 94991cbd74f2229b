"""The next call about an equipment request is work of whoever said they would make it."""

from django.db import transaction
from django.utils.translation import gettext as _

from equipment.models import VendorContact
from teams.models import User
from worklist.models import CareTask
from worklist.services.own_tasks import add_task, complete_task


@transaction.atomic
def follow_call(*, contact: VendorContact, user: User) -> CareTask | None:
    """Mark the call that was to be made done, and note the next one, if a day for it was agreed.

    The task is the caller's own and due on the day to call again, today if that has passed.
    Side effects: as ``add_task`` and ``complete_task``.
    """
    request = contact.request
    waiting = CareTask.objects.filter(
        patient=request.patient_id, rule="", subject=str(request.pk), closed_at__isnull=True
    )
    for task_id in waiting.values_list("pk", flat=True):
        complete_task(task_id=task_id, user=user)
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
    )
