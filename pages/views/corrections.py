"""Marking an entry entered in error, and taking back what was just logged."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from assessments.models import Assessment
from audit import reads
from equipment.models import EquipmentRequest, EquipmentStatusChange, Loaner, VendorContact
from pages.forms import ErrorForm
from pages.present.tasks import reader, task_row
from pages.rows import FormPanel
from pages.selectors import task_open_to
from pages.views.log import FORM_METHODS
from pages.views.panel import NOT_VALID, came_from, replace_row, show_form
from patients import services as patients
from patients.facts import Fact
from patients.models import (
    CareTeamAssignment,
    Decline,
    DeclineWithdrawal,
    Deferral,
    DeferralEnd,
    PatientStatusChange,
)
from patients.selectors import visible_to
from referrals.models import Referral, ReferralStatusChange
from teams.access import ClinicalRequest, clinical
from worklist.models import CareTask

KINDS: Mapping[str, type[Fact]] = {
    "status_change": PatientStatusChange,
    "assignment": CareTeamAssignment,
    "decline": Decline,
    "withdrawal": DeclineWithdrawal,
    "deferral": Deferral,
    "deferral_end": DeferralEnd,
    "assessment": Assessment,
    "referral": Referral,
    "referral_change": ReferralStatusChange,
    "equipment_request": EquipmentRequest,
    "equipment_change": EquipmentStatusChange,
    "contact": VendorContact,
    "loaner": Loaner,
}
"""Kinds of recorded facts, as they stand in addresses."""


@require_http_methods(FORM_METHODS)
@clinical
def mark_error(request: ClinicalRequest, kind: str, fact_id: UUID) -> HttpResponse:
    """Mark an entry entered in error, with the reason; the state before it returns."""
    fact = _fact(request, kind, fact_id)
    back = reverse("pages:patient", args=[fact.patient_id])
    if fact.is_voided:
        messages.info(request, _("This entry is already marked entered in error."))
        return redirect(back)
    form = ErrorForm(request.POST or None, fact=fact, user=request.user)
    if form.is_valid() and form.submit() is not None:
        return redirect(back)
    panel = FormPanel(
        url=reverse("pages:mark_error", args=[kind, fact.pk]),
        submit=_("Mark entered in error"),
        title=_("Entered in error"),
        about=str(fact.patient),
        heading=str(fact),
        consequence=_("It stays readable, struck through; what is due goes back to what it was without it."),
        cancel_url=back,
        danger=True,
    )
    return show_form(request, form=form, panel=panel, status=NOT_VALID if form.is_bound else 200)


@require_POST
@clinical
def undo(request: ClinicalRequest, kind: str, fact_id: UUID) -> HttpResponse:
    """Take back what was just logged, or with ``restore`` the mark on it; pressed twice, it is done once."""
    fact = _fact(request, kind, fact_id)
    restore = "restore" in request.GET
    try:
        if restore and fact.is_voided:
            patients.take_back_error_mark(fact=fact, user=request.user)
        elif not restore and not fact.is_voided:
            patients.mark_entered_in_error(fact=fact, user=request.user, reason=_("Undone"))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return _page_again(request)
    task = _task_again(request, fact)
    if task is None or not request.htmx:  # type: ignore[attr-defined]
        return _page_again(request)
    of = reader(request.membership)
    return replace_row(request, row=task_row(task, of), reader=of)


def _page_again(request: ClinicalRequest) -> HttpResponse:
    """The whole page they came from; a redirect that htmx followed would land inside the entry."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(came_from(request))
    return redirect(came_from(request))


def _fact(request: ClinicalRequest, kind: str, fact_id: UUID) -> Any:
    """A fact of a patient this person may open; 404 otherwise."""
    model = KINDS.get(kind)
    if model is None:
        raise Http404
    facts = model.objects.filter(patient__in=visible_to(request.user)).select_related("patient__clinic")
    fact = get_object_or_404(facts, pk=fact_id)
    reads.show([fact.patient])
    return fact


def _task_again(request: ClinicalRequest, fact: Fact) -> CareTask | None:
    """The open task that has come back in the place of the one the entry had closed."""
    try:
        before = task_open_to(request.membership, UUID(request.GET.get("task", ""))).first()
    except ValueError:
        return None
    if before is None or before.patient_id != fact.patient_id:
        return None
    again = CareTask.objects.filter(
        patient=before.patient_id, rule=before.rule, subject=before.subject, closed_at__isnull=True
    ).first()
    return task_open_to(request.membership, again.pk).get() if again else None
