"""The visit sheet of one person: what the team goes by on a clinic day, made to be printed."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pages.present import patient as person_facts
from pages.present import treatments
from pages.present import visit_sheet as present
from pages.present.tasks import Reader
from pages.rows import Action, How
from pages.selectors_patients import requests_of_patient, work_on_patient
from pages.views.patient import AHEAD, patient_shown
from pathway import clock
from teams.access import ClinicalRequest, clinical
from worklist.selectors.recorded import chart_of, recorded_about


@require_GET
@clinical
def visit_sheet(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """How the person stands, what they take, what is open for whom, and lines to tick."""
    person = patient_shown(request, patient_id)
    today = person.clinic.today()
    recorded = recorded_about(person)
    chart = chart_of(person, recorded)
    requests = requests_of_patient(request.user, person)
    tasks = [task for task in work_on_patient(request.membership, person) if task.due_on <= today + AHEAD]
    of = Reader(membership=request.membership, today=today)
    back = reverse("pages:patient", args=[person.pk])
    context = {
        "patient": {"name": str(person)},
        "mrn_line": person_facts.mrn_line(person, today),
        "head_actions": [Action(_("Back to the patient"), back, How.PAGE, str(person), "arrow-left")],
        "today": today,
        "facts": person_facts.facts(person, chart, requests, with_treatment=False),
        "to_know": present.to_know(person, recorded),
        "medication": treatments.medication(chart, recorded),
        "breathing": treatments.breathing(chart),
        "work": present.work_by_discipline(tasks, of),
        "numbers": present.numbers(recorded),
        "checklist": present.checklist(recorded),
        "needs": present.needs(chart),
        "printed_at": clock.now().astimezone(ZoneInfo(person.clinic.time_zone)),
        "printed_for": request.user.name,
    }
    return render(request, "pages/visit_sheet.html", context)
