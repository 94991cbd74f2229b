"""Thinking, swallowing, saliva, gastrostomy, function and planning ahead, logged without any script."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from assessments.models import Assessment
from assessments.registry import kinds
from assessments.services import log_assessment
from pathway import clock
from patients.models import Decline
from tests.factories import a_clinic, a_member, a_patient, signed_in
from tests.pages.patient_page import MORNING, SCORES, address

pytestmark = pytest.mark.django_db

TYPED = {
    "advance_directive": {"directive": "living_will", "on_file": "scanned"},
    "alsfrs_r": {name: str(score) for name, score in SCORES.items()},
    "cognitive_screen": {"tool": "ECAS", "score": "98", "impaired": "yes", "executive_impaired": "yes"},
    "dysphagia_plan": {"texture": "done", "chin_tuck": "not_indicated", "liquids": "declined"},
    "eol_discussion": {"took_part": "Ruth and Sam Alder"},
    "eol_trigger": {"reason": "distress"},
    "gastrostomy_cancelled": {"reason": "Too unwell"},
    "gastrostomy_decision": {"decision": "accepted"},
    "gastrostomy_placed": {"technique": "rig"},
    "gastrostomy_plan_review": {"outcome": "With radiology"},
    "safety_plan": {"falls": "on", "choking": "on", "injury": "on"},
    "sialorrhea": {"present": "yes"},
    "sialorrhea_response": {"effective": "no", "why_not": "not_tolerated"},
    "sialorrhea_treatment": {"line": "1", "treatment": "oral anticholinergic"},
    "vfss": {"abnormal": "yes"},
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


def test_the_timeline_gives_subscores_and_stages():
    patient = a_patient(a_clinic())
    log_assessment(patient_id=patient.pk, user=None, kind="alsfrs_r", findings=SCORES, on=date(2026, 4, 3))

    page = signed_in(a_member(patient.clinic)).get(address(patient))

    [entry] = [each for each in page.context["timeline"] if each.icon == "list-ol"]
    assert (entry.what, entry.detail) == (
        "ALSFRS-R: 34 of 48",
        "Bulbar 10, fine motor 7, gross motor 7, respiratory 10. King’s stage 3. MiToS stage 0.",
    )


def test_stages_are_worked_out_while_the_score_is_typed():
    patient = a_patient(a_clinic())
    page = reverse("pages:log_assessment", args=[patient.pk, "alsfrs_r"])

    answer = signed_in(a_member(patient.clinic)).post(f"{page}?compute=1", TYPED["alsfrs_r"])

    assert "King’s stage <b>3</b>" in answer.text
    assert "MiToS stage <b>0</b>" in answer.text
    assert not Assessment.objects.exists()


def test_the_cut_off_of_ecas_is_there_for_reference_and_judges_nothing():
    patient = a_patient(a_clinic())
    client = signed_in(a_member(patient.clinic))
    page = reverse("pages:log_assessment", args=[patient.pk, "cognitive_screen"])

    client.post(page, {"happened_on": "2026-04-03", "tool": "ECAS", "score": "98"})

    assert "For reference: ECAS counts 105 of 136 or fewer as impaired." in client.get(page).text
    assert Assessment.objects.get().findings == {"tool": "ECAS", "score": 98}


def test_declining_gastrostomy_is_recorded_as_a_choice():
    patient = a_patient(a_clinic())
    client = signed_in(a_member(patient.clinic))
    asked = client.get(reverse("pages:log_assessment", args=[patient.pk, "gastrostomy_decision"]))
    [declined] = [link for link in asked.context["panel"].alternatives if link.label == "Declined"]

    form = client.get(declined.url)
    client.post(declined.url, {"topic": form.context["form"]["topic"].value(), "on": "2026-04-03"})

    assert [each.topic for each in Decline.objects.filter(patient=patient)] == ["gastrostomy"]
    assert not Assessment.objects.exists()


def test_a_topic_nobody_knows_chooses_none():
    patient = a_patient(a_clinic())
    url = reverse("pages:decline", args=[patient.pk]) + "?" + urlencode({"topic": "<b>"})

    form = signed_in(a_member(patient.clinic)).get(url).context["form"]

    assert form["topic"].value() is None
