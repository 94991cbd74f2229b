"""The visit sheet: what a person takes, what is open for whom, the last numbers, lines to tick."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from assessments.services import log_assessment
from audit.models import ChartRead
from pages.rows.visit_sheet import Measured, Medication, TickLine
from pathway import clock
from patients.models import Patient
from patients.services import mark_entered_in_error
from tests.factories import a_clinic, a_member, a_patient, signed_in
from tests.pages.patient_page import MORNING, fill_record, page_of, patient_of_march
from worklist.services import own_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


def sheet(patient: Patient) -> str:
    return reverse("pages:visit_sheet", args=[patient.pk])


def recorded(patient: Patient, kind: str, on: date, **findings: Any):
    return log_assessment(patient_id=patient.pk, user=None, kind=kind, findings=findings, on=on)


def sheet_of(patient: Patient):
    return signed_in(a_member(patient.clinic, "nutrition")).get(sheet(patient))


@pytest.mark.parametrize("times", [0, 1, 3])
def test_takes_the_same_queries_however_much_is_recorded(times, django_assert_num_queries):
    clinic = a_clinic()
    patient = a_patient(clinic)
    fill_record(clinic, patient, times)
    client = signed_in(a_member(clinic, "nutrition"))
    client.get(sheet(patient))

    with django_assert_num_queries(8):
        client.get(sheet(patient))


def test_medication_is_shown_with_its_dose_and_the_words_of_its_label():
    patient = a_patient(a_clinic())
    recorded(patient, "med_start", date(2026, 3, 3), drug="riluzole")
    recorded(patient, "med_start", date(2026, 3, 20), drug="riluzole", dose="50 mg once daily")
    recorded(patient, "med_start", date(2026, 3, 4), drug="edaravone", route="iv")
    recorded(patient, "med_start", date(2026, 3, 5), drug="tofersen")
    recorded(patient, "med_stop", date(2026, 3, 9), drug="tofersen")

    page = sheet_of(patient)

    assert page.context["medication"] == [
        Medication(
            "Riluzole",
            "50 mg once daily",
            date(2026, 3, 3),
            "Take at least 1 hour before or 2 hours after meals.",
        ),
        Medication(
            "Edaravone",
            "Dose not recorded; usual: 60 mg IV infusion over 60 minutes in 28-day cycles",
            date(2026, 3, 4),
            "First cycle: 14 days with, then 14 days without. "
            "Later cycles: 10 of the first 14 days with, then 14 days without.",
        ),
    ]
    assert "at least 1 hour before or 2 hours after meals" in page.text


def test_the_usual_dose_of_an_infusion_is_not_said_of_a_drug_taken_by_mouth():
    patient = a_patient(a_clinic())
    recorded(patient, "med_start", date(2026, 3, 4), drug="edaravone", route="oral")

    assert sheet_of(patient).context["medication"] == [
        Medication("Edaravone", "Dose not recorded", date(2026, 3, 4))
    ]


def test_the_last_two_of_each_number_are_shown_and_errors_are_not():
    patient = a_patient(a_clinic())
    recorded(patient, "resp_assessment", date(2026, 3, 3), fvc_pct=63, mip=50)
    recorded(patient, "resp_assessment", date(2026, 4, 3), fvc_pct=58)
    wrong = recorded(patient, "nutrition_review", date(2026, 4, 3), weight_g=36_000)
    mark_entered_in_error(fact=wrong, user=None, reason="Digits swapped")
    recorded(patient, "lft", date(2026, 4, 1), alt_u_l=224, alt_limit_u_l=40)

    assert sheet_of(patient).context["numbers"] == [
        Measured("FVC", "58%", date(2026, 4, 3), "63%", date(2026, 3, 3)),
        Measured("MIP", "50\xa0cmH2O", date(2026, 3, 3)),
        Measured("ALT", "5.6 × ULN", date(2026, 4, 1)),
    ]


def test_open_work_stands_under_the_discipline_that_owns_it():
    clinic = a_clinic()
    patient = patient_of_march(clinic)
    own_tasks.add_task(
        patient=patient, user=a_member(clinic), title="Call the daughter", due_on=date(2026, 4, 20)
    )

    work = sheet_of(patient).context["work"]

    titles = {group.discipline: [row.title for row in group.rows] for group in work}
    assert "Nutrition review" in titles["Nutrition"]
    assert work[-1].discipline == "Nurse coordinator"
    assert "Call the daughter" in titles["Nurse coordinator"]


def test_lines_to_tick_say_when_they_were_ticked_last():
    patient = a_patient(a_clinic(), interpreter="Urdu")
    recorded(patient, "clinic_visit", date(2026, 3, 3), drug_discussed=True, asked_for="A ramp")
    recorded(patient, "clinic_visit", date(2026, 4, 3))

    context = sheet_of(patient).context

    assert context["checklist"] == [
        TickLine("Disease-modifying drug discussed", "last 3 Mar 2026"),
        TickLine("Hospice information offered", "none recorded"),
    ]
    assert context["to_know"] == {"Interpreter": "Urdu", "Asked for last time": "A ramp (3 Mar 2026)"}
    assert [line.text for line in context["needs"]] == [
        "Blood drawn",
        "Spirometry",
        "Signature for a letter of medical necessity",
        "",
        "",
    ]


@pytest.mark.parametrize(("fvc", "suggested"), [(49, False), (50, True), (59.5, True), (60, False)])
def test_another_test_is_suggested_while_fvc_does_not_qualify_for_a_device(fvc: float, suggested: bool):
    patient = a_patient(a_clinic())
    recorded(patient, "resp_assessment", date(2026, 4, 3), fvc_pct=fvc)

    lines = [line.text for line in sheet_of(patient).context["needs"]]

    assert ("MIP or overnight oximetry" in lines) is suggested


def test_it_says_that_it_is_no_medical_device_and_for_whom_it_was_made():
    page = sheet_of(a_patient(a_clinic()))

    assert "Not a medical device." in page.text
    assert "Made 14 Apr 2026 09:00 for Nadia Wren." in page.text


def test_showing_it_is_noted():
    patient = a_patient(a_clinic())

    sheet_of(patient)

    [read] = ChartRead.objects.all()
    assert read.patient_ids == [patient.pk]


def test_the_patient_page_leads_to_it_and_shows_what_is_running():
    patient = a_patient(a_clinic())
    recorded(patient, "med_start", date(2026, 3, 3), drug="riluzole")
    recorded(patient, "niv_start", date(2026, 3, 4), backup_rate="yes")
    recorded(patient, "tracheostomy", date(2026, 4, 4))

    page = page_of(a_member(patient.clinic), patient)

    assert sheet(patient) in [action.url for action in page.context["head_actions"]]
    [treatment] = [fact for fact in page.context["facts"] if fact.label == "Treatment"]
    assert (treatment.value, treatment.lines) == (
        "Riluzole",
        ["since 3 Mar 2026", "NIV since 4 Mar 2026", "Tracheostomy 4 Apr 2026"],
    )


def test_several_drugs_are_each_shown_with_their_first_day():
    patient = a_patient(a_clinic())
    recorded(patient, "med_start", date(2026, 3, 3), drug="riluzole")
    recorded(patient, "med_start", date(2026, 3, 9), drug="edaravone")

    page = page_of(a_member(patient.clinic), patient)

    [treatment] = [fact for fact in page.context["facts"] if fact.label == "Treatment"]
    assert (treatment.value, treatment.lines) == (
        "Riluzole, edaravone",
        ["riluzole since 3 Mar 2026", "edaravone since 9 Mar 2026"],
    )


def test_nothing_is_said_of_treatment_while_none_is_recorded():
    patient = a_patient(a_clinic())

    page = page_of(a_member(patient.clinic), patient)

    assert "Treatment" not in [fact.label for fact in page.context["facts"]]
