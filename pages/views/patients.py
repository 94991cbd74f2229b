"""The clinic's patients: the list, and the search from every page."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit import reads
from pages.forms_patients import SearchForm
from pages.present import patients as present
from pages.rows import Action, Empty, How, PatientRow
from pages.selectors_patients import overdue_of
from patients.models import Patient
from patients.selectors import patients_of_clinic, search, status_counts
from teams.access import ClinicalRequest, clinical

PER_PAGE = 50


@require_GET
@clinical
def patients(request: ClinicalRequest) -> HttpResponse:
    """The patients of the clinic by name; those who are active unless somebody asks for more."""
    clinic = request.membership.clinic
    chosen = present.chosen_status(request.GET.get("status", ""))
    counts = status_counts(user=request.user, clinic=clinic)
    rows = patients_of_clinic(user=request.user, clinic=clinic, status=chosen)
    paginator = Paginator(rows, PER_PAGE)
    paginator.count = counts[chosen] if chosen else sum(counts.values())
    page = paginator.get_page(request.GET.get("page"))
    people = list(page.object_list)
    reads.show(people)
    context = {
        "title": _("Patients"),
        "lead": present.lead(counts),
        "head_actions": [_add()],
        "pills": present.pills(counts, chosen),
        "patients": _rows(request, people),
        "pages": present.pages(page, chosen),
        "empty": None if people else _nobody(counts),
    }
    return render(request, "pages/patients.html", context)


@require_http_methods(["GET", "POST"])
@clinical
def find(request: ClinicalRequest) -> HttpResponse:
    """People whose name or MRN is like what was typed; posted, so that no name stands in an address."""
    form = SearchForm(request.POST or None)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    found = search(user=request.user, clinic=request.membership.clinic, text=typed)
    people = [each.patient for each in found]
    reads.show(people)
    context = {
        "title": _("Search"),
        "query": typed,
        "lead": present.found_lead(found, typed) if typed else "",
        "head_actions": [_add()] if people else [],
        "patients": _rows(
            request, people, {each.patient.pk: str(present.MATCHED[each.match]) for each in found}
        ),
        "empty": None if people else _nobody_like(typed),
    }
    return render(request, "pages/patients.html", context)


def _rows(
    request: ClinicalRequest, people: Sequence[Patient], why: Mapping[UUID, str] | None = None
) -> list[PatientRow]:
    overdue = overdue_of(request.membership, [person.pk for person in people]) if people else {}
    today = request.membership.clinic.today()
    return [
        present.row(person, overdue.get(person.pk), today=today, matched=(why or {}).get(person.pk, ""))
        for person in people
    ]


def _add() -> Action:
    return Action(_("Add a patient"), reverse("pages:patient_add"), How.PAGE, icon="plus-lg")


def _nobody(counts: Mapping[str, int]) -> Empty:
    if any(counts.values()):
        everyone = Action(_("Show everyone"), present.address(present.EVERYONE), How.PAGE)
        return Empty(_("Nobody here"), _("Nobody in this clinic has this status."), everyone)
    text = _("Add the first person; what is due for them appears in My work.")
    return Empty(_("No patients yet"), text, _add())


def _nobody_like(typed: str) -> Empty:
    if not typed:
        everyone = Action(_("Show all patients"), reverse("pages:patients"), How.PAGE)
        return Empty(_("Who are you looking for?"), _("Type part of a name, or an MRN, above."), everyone)
    text = _("Try the family name alone, another spelling, or the MRN. Only this clinic is searched.")
    return Empty(_("Nobody is called “%(typed)s”") % {"typed": typed}, text, _add())
