"""The timeline of a patient page: everything recorded, and by whom."""

from datetime import date
from typing import Any

import pytest

from assessments.services import log_assessment
from equipment import services as equipment
from equipment.models import EquipmentRequest, Stage
from pages.rows import How
from pathway import clock
from patients import services
from referrals import services as referrals
from referrals.models import Referral
from tests.factories import a_clinic, a_member, a_patient, signed_in
from tests.pages.patient_page import MORNING, address, fill_record, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


def test_the_timeline_tells_who_recorded_what_when():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic)
    by: dict[str, Any] = {"patient_id": patient.pk, "user": member}
    right = log_assessment(
        **by, kind="resp_assessment", findings={"fvc_pct": 58}, on=date(2026, 4, 14), note="Seated."
    )
    wrong = log_assessment(**by, kind="resp_assessment", findings={"fvc_pct": 85}, on=date(2026, 4, 12))
    services.mark_entered_in_error(fact=wrong, user=member, reason="Digits swapped.")

    entries = page_of(member, patient).context["timeline"]

    assert [(e.fact_id, e.on, e.what, e.detail, e.who, e.recorded, e.struck) for e in entries] == [
        (
            str(right.pk),
            date(2026, 4, 14),
            "Respiratory assessment: FVC 58%",
            "Seated.",
            "Nadia Wren",
            "same day",
            False,
        ),
        (
            str(wrong.pk),
            date(2026, 4, 12),
            "Respiratory assessment: FVC 85%",
            "Entered in error: Digits swapped. Nadia Wren, 14 Apr 2026.",
            "Nadia Wren",
            "2 days later, 14 Apr 2026",
            True,
        ),
    ]
    assert [(e.menu[0].label, e.menu[0].how) for e in entries] == [
        ("Mark entered in error", How.IN_PLACE),
        ("Take back the mark", How.POST),
    ]


def test_every_kind_of_fact_has_words():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic)
    fill_record(clinic, patient, 1)
    by: dict[str, Any] = {"patient_id": patient.pk, "user": member}
    services.change_status(**by, status="hospice", on=date(2026, 4, 2))
    services.withdraw_decline(**by, topic="niv", on=date(2026, 4, 2))
    request, referral = EquipmentRequest.objects.get(), Referral.objects.get()
    equipment.advance(
        request=request, user=member, status=Stage.SUBMITTED, on=date(2026, 4, 2), reference="DEMO-4471"
    )
    referrals.schedule(referral=referral, user=member, on=date(2026, 4, 2), appointment_on=date(2026, 4, 20))
    services.record_deferral(
        **by, topic="resp_testing", on=date(2026, 4, 3), until=date(2026, 5, 1), reason="inpatient"
    )
    services.end_deferral(**by, topic="resp_testing", on=date(2026, 4, 10), note="Home again.")

    entries = page_of(member, patient).context["timeline"]

    assert [(entry.what, entry.detail) for entry in entries] == [
        ("Respiratory testing: deferral ended early", "Home again."),
        ("Respiratory testing: deferred", "In hospital. Until 1 May 2026."),
        ("Gastroenterology referral: scheduled", "Appointment 20 Apr 2026."),
        ("Power wheelchair moved to submitted", "Reference DEMO-4471."),
        ("Non-invasive ventilation: new answer", "No longer declined."),
        ("Elected hospice", ""),
        ("Transport chair lent, waiting for power wheelchair", ""),
        ("Call: Vendor, power wheelchair", "Spoke with Intake desk."),
        ("Non-invasive ventilation: declined", ""),
        ("Respiratory assessment: FVC 58%", ""),
        ("Nutrition review: 60.0\N{NO-BREAK SPACE}kg", ""),
        ("Power wheelchair requested", ""),
        ("Referred to gastroenterology", ""),
        ("Nadia Wren 0 in the team for nutrition", ""),
    ]


def test_the_timeline_can_be_narrowed_and_continued():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic)
    for day in range(1, 32):
        log_assessment(
            patient_id=patient.pk,
            user=member,
            kind="nutrition_review",
            findings={"weight_g": 60_000},
            on=date(2026, 3, day),
        )
    services.record_decline(patient_id=patient.pk, user=member, topic="niv", on=date(2026, 4, 1))

    page = page_of(member, patient)
    choices = page_of(member, patient, show="choices")
    reviews = page_of(member, patient, show="reviews")

    assert (len(page.context["timeline"]), page.context["earlier"].label) == (30, "Show 2 earlier entries")
    assert len(signed_in(member).get(page.context["earlier"].url).context["timeline"]) == 32
    assert len(choices.context["timeline"]) == 1
    assert reviews.context["earlier"].label == "Show 1 earlier entry"
    assert [pill.label for pill in reviews.context["timeline_pills"] if pill.chosen] == ["Reviews"]


def test_a_mark_taken_back_lets_the_entry_count_again():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic)
    fact = log_assessment(
        patient_id=patient.pk,
        user=member,
        kind="resp_assessment",
        findings={"fvc_pct": 58},
        on=date(2026, 4, 2),
    )
    services.mark_entered_in_error(fact=fact, user=member, reason="Wrong person")
    client = signed_in(member)
    [entry] = client.get(address(patient)).context["timeline"]

    answer = client.post(
        entry.menu[0].url, headers={"HX-Request": "true", "Referer": f"http://testserver{address(patient)}"}
    )

    assert answer.headers["HX-Redirect"] == f"http://testserver{address(patient)}"
    assert [each.struck for each in client.get(address(patient)).context["timeline"]] == [False]
