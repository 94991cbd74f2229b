"""The patient page: who they are, what is due, who looks after them."""

from datetime import date
from typing import Any

import pytest

from alerts.services.sweep import sweep
from assessments.services import log_assessment
from audit.models import ChartRead
from equipment import services as equipment
from equipment.models import Stage
from pages.rows import Seat, State
from pathway import clock
from patients import services
from patients.models import Patient
from tests.factories import a_clinic, a_member, a_patient, a_request, signed_in
from tests.pages.patient_page import MORNING, SCORES, address, fill_record, in_seat, page_of, patient_of_march
from worklist.services import own_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


@pytest.mark.parametrize("times", [0, 1, 3])
def test_takes_the_same_queries_however_much_is_recorded(times, django_assert_num_queries):
    clinic = a_clinic()
    patient = a_patient(clinic)
    fill_record(clinic, patient, times)
    client = signed_in(a_member(clinic, "nutrition"))
    client.get(address(patient))

    with django_assert_num_queries(10):
        client.get(address(patient))


def test_another_clinics_patient_is_not_there():
    patient = a_patient(a_clinic())

    page = page_of(a_member(a_clinic()), patient)

    assert page.status_code == 404
    assert ChartRead.objects.count() == 0


def test_showing_a_chart_is_in_the_read_audit():
    clinic = a_clinic()
    member, patient = a_member(clinic), a_patient(clinic)
    a_patient(clinic)

    page_of(member, patient)

    assert [(read.user_id, read.patient_ids) for read in ChartRead.objects.all()] == [
        (member.pk, [patient.pk])
    ]


def test_introduces_the_person():
    clinic = a_clinic()
    patient = a_patient(clinic, mrn="D-0142", phone="555-0142", caregiver_name="Sam Alder")

    page = page_of(a_member(clinic), patient)

    assert page.context["mrn_line"] == "MRN D-0142 · 64, born 3 Jun 1961 · Active since 2 Mar 2026"
    assert [(each.label, each.value) for each in page.context["contacts"]] == [
        ("Phone", "555-0142"),
        ("Caregiver", "Sam Alder"),
        ("Payer", "Not recorded"),
        ("Interpreter", "Not recorded"),
        ("Communication", "Not recorded"),
    ]


def test_the_strip_gives_the_latest_measures_against_those_before():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic, onset_on=date(2024, 10, 1), baseline_weight_g=68_000)
    by: dict[str, Any] = {"patient_id": patient.pk, "user": member}
    log_assessment(**by, kind="resp_assessment", findings={"fvc_pct": 71}, on=date(2026, 3, 3))
    log_assessment(**by, kind="resp_assessment", findings={"fvc_pct": 58}, on=date(2026, 4, 2))
    log_assessment(**by, kind="nutrition_review", findings={"weight_g": 64_900}, on=date(2025, 11, 30))
    log_assessment(**by, kind="alsfrs_r", findings=SCORES | {"walking": 4}, on=date(2026, 2, 1))
    log_assessment(**by, kind="alsfrs_r", findings=SCORES, on=date(2026, 4, 2))
    in_use = a_request(patient, "walker", user=member)
    equipment.advance(request=in_use, user=member, status=Stage.IN_USE, on=date(2026, 3, 9))
    a_request(patient, "cough_assist", user=member)

    facts = page_of(member, patient).context["facts"]

    assert [(fact.label, fact.value, list(fact.lines), fact.warn) for fact in facts] == [
        ("Onset", "Leg", ["limb onset", "Oct 2024"], ""),
        ("Diagnosed", "8 weeks ago", ["16 Feb 2026"], ""),
        ("FVC", "58%", ["down from 71%", "2 Apr 2026"], ""),
        ("Weight", "64.9\N{NO-BREAK SPACE}kg", ["−4.6% from baseline", "30 Nov 2025"], "135 days ago"),
        (
            "ALSFRS-R",
            "34 of 48",
            [
                "−1.0 a month since 1 Feb 2026",
                "2 Apr 2026",
                "King’s 3, MiToS\N{NO-BREAK SPACE}0, from its items",
            ],
            "",
        ),
        ("Devices in use", "Walker or rollator", ["1 on the way"], "1 past a limit"),
        ("Planning ahead", "Not recorded", [], ""),
    ]


def test_the_strip_of_somebody_new_makes_nothing_up():
    clinic = a_clinic()
    patient = a_patient(clinic, onset_region="unknown", diagnosed_on=None)

    facts = page_of(a_member(clinic), patient).context["facts"]

    assert [(fact.label, fact.value) for fact in facts] == [
        ("Onset", "Not recorded"),
        ("Diagnosed", "Not recorded"),
        ("FVC", "Not recorded"),
        ("Weight", "Not recorded"),
        ("ALSFRS-R", "Not recorded"),
        ("Devices in use", "None recorded"),
        ("Planning ahead", "Not recorded"),
    ]


@pytest.mark.parametrize(
    ("recorded", "value", "lines"),
    [
        (
            [{"directive": "living_will", "on_file": "scanned"}, {"code_status": "full"}],
            "On file",
            ["Full code", "living will: scanned", "2 Apr 2026"],
        ),
        ([{"directive": "living_will"}], "Made, not on file", ["living will", "1 Apr 2026"]),
        ([{"directive": "living_will"}, {"directive": "none"}], "No directive", ["2 Apr 2026"]),
        (
            [{"code_status": "full"}, {"code_status": "neither"}],
            "No directive",
            ["No resuscitation, no intubation", "2 Apr 2026"],
        ),
    ],
)
def test_the_strip_says_what_is_planned_ahead(recorded, value, lines):
    clinic = a_clinic()
    member, patient = a_member(clinic), a_patient(clinic)
    for number, findings in enumerate(recorded, 1):
        log_assessment(
            patient_id=patient.pk,
            user=member,
            kind="advance_directive",
            findings=findings,
            on=date(2026, 4, number),
        )

    fact = page_of(member, patient).context["facts"][-1]

    assert (fact.label, fact.value, list(fact.lines)) == ("Planning ahead", value, lines)


def test_due_work_of_all_disciplines_stands_worst_first_with_mine_filled():
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    patient = patient_of_march(clinic)
    in_seat(patient, "nutrition", member=dietitian, on=date(2026, 3, 2))
    sweep()

    page = page_of(dietitian, patient)

    assert [(row.title, row.state, row.verb.filled) for row in page.context["rows"]] == [
        ("No palliative referral", State.URGENT, False),
        ("Nutrition review", State.ATTENTION, True),
        ("Care team incomplete", State.ATTENTION, False),
        ("Respiratory assessment", State.IN_GRACE, False),
    ]
    assert page.context["rows_note"] == "3 overdue, 1 in grace"


def test_a_request_has_one_row_however_much_about_it_is_overdue():
    clinic = a_clinic()
    patient = patient_of_march(clinic)
    a_request(patient, "cough_assist")
    sweep()

    rows = page_of(a_member(clinic), patient).context["rows"]

    assert [row.title for row in rows if "ough" in row.title] == ["Cough assist stalled"]


def test_whoever_is_only_told_of_work_reads_so():
    clinic = a_clinic()
    patient = patient_of_march(clinic)

    reasons = {
        discipline: page_of(a_member(clinic, discipline), patient).context["rows"][0].reason
        for discipline in ("palliative_care", "nutrition")
    }

    assert reasons["palliative_care"] == f"{reasons['nutrition']} You are informed."


def test_work_of_later_months_is_one_click_away():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic)
    own_tasks.add_task(patient=patient, user=member, title="Ask again", due_on=date(2026, 7, 1))

    page = page_of(member, patient)
    everything = signed_in(member).get(page.context["all_rows_url"])

    assert "Ask again" not in [row.title for row in page.context["rows"]]
    assert "Ask again" in [row.title for row in everything.context["rows"]]
    assert everything.context["all_rows_url"] == ""


def test_work_that_is_being_recalculated_is_said_so():
    clinic = a_clinic()
    patient = a_patient(clinic)
    member = a_member(clinic)
    before = page_of(member, patient).context["working"]
    Patient.objects.filter(pk=patient.pk).update(reconciled_version=0)

    page = page_of(member, patient)

    assert (before, page.context["working"]) == (False, True)
    assert "Recalculating what is due" in page.content.decode()


def test_seats_say_who_sits_there_and_why_nobody_does():
    clinic = a_clinic()
    member = a_member(clinic, "nutrition")
    patient = a_patient(clinic)
    by: dict[str, Any] = {"patient_id": patient.pk, "user": member}
    joined = date(2026, 3, 2)
    in_seat(patient, "nutrition", member=member, on=joined)
    log_assessment(**by, kind="nutrition_review", findings={"weight_g": 60_000}, on=date(2026, 4, 2))
    in_seat(patient, "neurology", member=a_member(clinic, name="Dr Ilse Crane"), on=joined)
    left = in_seat(patient, "gastroenterology", outside_provider="Dr Edith Avocet", on=joined)
    services.end_assignment(assignment=left, user=member, on=date(2026, 4, 1))
    in_seat(patient, "physical_therapy", outside_provider="Carla Dunlin", on=date(2026, 5, 1))
    leaver = a_member(clinic, name="Jo Teal")
    in_seat(patient, "occupational_therapy", member=leaver, on=joined)
    leaver.memberships.update(is_active=False)
    services.record_decline(**by, topic="palliative", on=date(2026, 4, 1))
    services.record_decline(**by, topic="discipline:social_work", on=date(2026, 4, 1), permanent=True)

    page = page_of(member, patient)

    assert [(cell.discipline, cell.state, cell.name, cell.note) for cell in page.context["seats"]] == [
        ("Neurology", Seat.NEVER_SEEN, "Dr Ilse Crane", "never seen here"),
        ("Pulmonology", Seat.EMPTY, "", "since joining, 2 Mar 2026"),
        ("Gastroenterology", Seat.LAPSED, "", "Dr Edith Avocet to 1 Apr 2026"),
        ("Speech-language pathology", Seat.EMPTY, "", "since joining, 2 Mar 2026"),
        ("Nutrition", Seat.FILLED, "Nadia Wren", "seen 2 Apr 2026"),
        ("Physical therapy", Seat.EMPTY, "", "Carla Dunlin from 1 May 2026"),
        ("Occupational therapy", Seat.LAPSED, "", "Jo Teal no longer works here"),
        ("Social work", Seat.DECLINED, "", "not to be offered again"),
        ("Palliative care", Seat.DECLINED, "", "offer again 1 Jul 2026"),
    ]
    assert page.context["seats_note"] == "2 of 9 seats filled"
    assert [cell.code for cell in page.context["seats"] if cell.action] == [
        "pulmonology",
        "gastroenterology",
        "speech_language_pathology",
        "physical_therapy",
        "occupational_therapy",
    ]


def test_a_review_done_elsewhere_is_not_seen_here():
    clinic = a_clinic()
    member = a_member(clinic, "nutrition")
    patient = a_patient(clinic)
    in_seat(patient, "nutrition", member=member, on=date(2026, 3, 2))
    log_assessment(
        patient_id=patient.pk,
        user=member,
        kind="nutrition_review",
        findings={"weight_g": 60_000},
        on=date(2026, 4, 2),
        done_elsewhere="Lakeside ALS Clinic",
    )

    seats = page_of(member, patient).context["seats"]

    assert [cell.state for cell in seats if cell.code == "nutrition"] == [Seat.NEVER_SEEN]


def test_nobody_is_asked_to_fill_the_seats_of_somebody_who_left():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic)
    services.change_status(patient_id=patient.pk, user=member, status="discharged", on=date(2026, 4, 1))

    page = page_of(member, patient)

    assert [cell.action for cell in page.context["seats"] if cell.action] == []


def test_equipment_on_the_way_stands_with_its_limits():
    clinic = a_clinic()
    patient = a_patient(clinic)
    a_request(patient, "power_wheelchair")
    ended = a_request(patient, "cane")
    equipment.advance(request=ended, user=None, status=Stage.CANCELLED, on=date(2026, 3, 9), reason="Sold")

    page = page_of(a_member(clinic), patient)

    [card] = page.context["equipment"]
    assert (card.item, card.in_stage.days, card.in_stage.limit, card.in_all.limit) == (
        "Power wheelchair",
        43,
        3,
        90,
    )
    assert page.context["equipment_note"] == "1 on the way"


def test_choices_in_force_say_when_they_end():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic)
    by: dict[str, Any] = {"patient_id": patient.pk, "user": member}
    services.record_decline(**by, topic="niv", on=date(2026, 4, 1), note="Wants to wait.")
    services.record_decline(**by, topic="vfss", on=date(2026, 4, 1))
    services.withdraw_decline(**by, topic="vfss", on=date(2026, 4, 2))
    services.record_decline(**by, topic="lft", on=date(2026, 3, 3))  # offered again since 3 Apr
    services.record_deferral(
        **by, topic="resp_testing", on=date(2026, 4, 1), until=date(2026, 5, 1), reason="inpatient"
    )

    choices = page_of(member, patient).context["choices"]

    assert [(row.term, row.state, row.text) for row in choices] == [
        (
            "Non-invasive ventilation",
            "Declined 1 Apr 2026",
            "Will be offered again 1 Jul 2026 (78 days). Wants to wait.",
        ),
        ("Respiratory testing", "Deferred until 1 May 2026", "In hospital."),
    ]
    assert [row.action.label if row.action else "" for row in choices] == ["New answer", "End early"]


def test_a_banner_says_that_swallowing_was_never_screened():
    clinic = a_clinic()
    member, patient = a_member(clinic), patient_of_march(clinic)
    log_assessment(
        patient_id=patient.pk,
        user=member,
        kind="bulbar_status",
        findings={"impaired": True},
        on=date(2026, 4, 10),
    )

    before = page_of(member, patient).context["unscreened"]
    log_assessment(
        patient_id=patient.pk,
        user=member,
        kind="swallow_screen",
        findings={"positive": False},
        on=date(2026, 4, 10),
    )

    assert before == "Swallow screen not yet done. Bulbar signs first found on 10 Apr 2026."
    assert page_of(member, patient).context["unscreened"] == ""


@pytest.mark.parametrize("status", ["hospice", "deceased"])
def test_there_is_no_banner_where_no_screen_is_asked_for(status):
    clinic = a_clinic()
    member, patient = a_member(clinic), patient_of_march(clinic, onset_region="bulbar")
    assert page_of(member, patient).context["unscreened"] != ""

    services.change_status(patient_id=patient.pk, user=member, status=status, on=date(2026, 4, 14))

    assert page_of(member, patient).context["unscreened"] == ""
