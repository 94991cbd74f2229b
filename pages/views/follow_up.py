"""What is offered once something was logged: in place or on a page, and nothing of it by itself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.models import Assessment
from assessments.selectors import standing
from pages.forms_follow_up import PNEUMONIA, PneumoniaForm
from pages.rows import FormPanel, Link
from pages.views.panel import NOT_VALID, show_form
from pages.views.patient import patient_shown
from patients.models import Patient
from teams.access import ClinicalRequest, clinical


@require_http_methods(["GET", "POST"])
@clinical
def follow_up(request: ClinicalRequest, patient_id: UUID, fact_id: UUID) -> HttpResponse:
    """Offer what may follow from a recorded fact, and do what was ticked."""
    person = patient_shown(request, patient_id)
    fact = get_object_or_404(standing(request.user, person.pk), pk=fact_id, kind=PNEUMONIA)
    form = PneumoniaForm(request.POST or None, pneumonia=fact, patient=person, user=request.user)
    done = form.submit() if form.is_valid() else None
    if done is not None:
        _tell(request, person, done)
    if done is not None or form.is_empty:
        return redirect(_page(person))
    return show_form(
        request, form=form, panel=_panel(person, fact), status=NOT_VALID if form.is_bound else 200
    )


def has_follow_up(fact: Assessment) -> bool:
    """Whether something may follow from the fact."""
    return fact.kind == PNEUMONIA


def offer_follow_up(request: ClinicalRequest, person: Patient, fact: Assessment) -> HttpResponse:
    """The offers as the answer to logging: in the form's place, or on the page they have."""
    form = PneumoniaForm(pneumonia=fact, patient=person, user=request.user)
    if form.is_empty or not request.htmx:  # type: ignore[attr-defined]
        return redirect(_page(person) if form.is_empty else _address(person, fact))
    return show_form(request, form=form, panel=_panel(person, fact))


def _panel(person: Patient, fact: Assessment) -> FormPanel:
    return FormPanel(
        url=_address(person, fact),
        submit=_("Add what is ticked"),
        title=_("Aspiration pneumonia logged"),
        heading=_("What should follow?"),
        about=str(person),
        consequence=_("Nothing is added unless you tick it."),
        alternatives=[Link(_("Continue without"), _page(person))],
    )


def _tell(request: ClinicalRequest, person: Patient, done: int) -> None:
    if done:
        said = ngettext("%(n)s thing added for %(who)s.", "%(n)s things added for %(who)s.", done)
        messages.info(request, said % {"n": done, "who": person})


def _address(person: Patient, fact: Assessment) -> str:
    return reverse("pages:follow_up", args=[person.pk, fact.pk])


def _page(person: Patient) -> str:
    return reverse("pages:patient", args=[person.pk])
