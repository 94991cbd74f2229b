"""Visits, medication, ventilation and pregnancy, logged on a page of their own without any script."""

import pytest
from django.urls import reverse

from assessments.models import Assessment
from assessments.registry import kinds
from pages.present.tasks import title
from pathway import clock
from tests.factories import a_clinic, a_member, a_patient, signed_in
from tests.pages.patient_page import MORNING, address
from worklist.models import CareTask

pytestmark = pytest.mark.django_db

TYPED = {
    "backup_override": {"reason": "Awaiting part"},
    "clinic_visit": {"hospice_offered": "on", "asked_for": "A ramp"},
    "cycle_start": {"place": "home"},
    "lft": {"alt_u_l": "224", "alt_limit_u_l": "40"},
    "med_start": {"drug": "riluzole", "dose": "50 mg twice daily", "route": "oral"},
    "med_stop": {"drug": "riluzole", "reason": "Nausea"},
    "niv_adherence_review": {"hours_per_day": "5.5", "nights_pct": "90"},
    "niv_device_update": {"backup_rate": "yes"},
    "niv_start": {"backup_rate": "no", "interface": "nasal_mask", "settings": "IPAP 12, EPAP 4"},
    "niv_stop": {"reason": "Not tolerated"},
    "pregnancy": {"pregnant": "no"},
    "prescriber_decision": {"drug": "riluzole", "decision": "continue"},
    "resp_assessment": {"fvc_pct": "58", "oximetry_minutes": "7", "paco2": "46"},
    "tracheostomy": {"planned": "yes"},
    "weight_trigger_on": {"reason": "Six weeks on"},
}


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


@pytest.mark.parametrize("kind", TYPED)
def test_it_is_logged_and_stands_on_the_timeline(kind: str):
    patient = a_patient(a_clinic())
    client = signed_in(a_member(patient.clinic))
    page = reverse("pages:log_assessment", args=[patient.pk, kind])
    asked = client.get(page)
    assert str(kinds()[kind].verb) in asked.text

    answer = client.post(page, {"happened_on": "2026-04-03", **TYPED[kind]})

    assert answer.headers["Location"] == address(patient)
    fact = Assessment.objects.get(kind=kind)
    [entry] = [
        each for each in client.get(address(patient)).context["timeline"] if each.fact_id == str(fact.pk)
    ]
    assert entry.what == f"{kinds()[kind].label}: {fact.read().summary()}"


def test_a_withdrawn_drug_is_answered_with_why_and_what_was_typed():
    patient = a_patient(a_clinic())
    client = signed_in(a_member(patient.clinic))

    answer = client.post(
        reverse("pages:log_assessment", args=[patient.pk, "med_start"]),
        {"happened_on": "2026-04-03", "drug": "pb_turso", "dose": "1 sachet"},
    )

    assert answer.status_code == 422
    assert "effective 29 Aug 2025" in answer.text
    assert 'value="1 sachet"' in answer.text
    assert not Assessment.objects.exists()


def test_recording_a_pregnancy_with_riluzole_gives_neurology_one_task():
    patient = a_patient(a_clinic())
    client = signed_in(a_member(patient.clinic))

    def log(kind: str, **typed: str):
        page = reverse("pages:log_assessment", args=[patient.pk, kind])
        return client.post(page, {"happened_on": "2026-04-03", **typed}, follow=True)

    log("med_start", drug="riluzole")
    told = log("pregnancy", pregnant="yes")
    log("pregnancy", pregnant="yes")

    [task] = CareTask.objects.filter(patient=patient, rule="")
    assert (title(task), task.discipline_id) == ("Prescriber decision: riluzole", "neurology")
    assert "Neurology has a task: Prescriber decision: riluzole." in told.text
