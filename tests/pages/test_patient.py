"""The patient page: what is due, who looks after them, what is recorded."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alerts.services.sweep import sweep
from assessments.services import log_assessment
from audit.models import ChartRead
from equipment import services as equipment
from equipment.models import EquipmentRequest, Stage
from pages.rows import How, Seat, State
from pathway import clock
from patients import services
from patients.models import Patient
from referrals import services as referrals
from referrals.models import Referral
from teams.models import Clinic, Discipline, User
from tests.factories import a_clinic, a_member, a_patient, a_referral, a_request
from worklist.services import own_tasks

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 4, 14, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def address(patient, **query):
    return reverse("pages:patient", args=[patient.pk], query=query or None)


def page_of(user, patient, **query):
    return signed_in(user).get(address(patient, **query))


def patient_of_march(clinic, **fields):
    """Somebody who joined on 2 Mar 2026, known to alscare since then."""
    with clock.set_to(MORNING - timedelta(days=43)):
        return a_patient(clinic, **fields)


def in_seat(patient: Patient, discipline: str, *, member: User | None = None, on: date, **fields: Any):
    return services.assign_care_team(
        patient_id=patient.pk,
        user=None,
        discipline=Discipline.objects.get(pk=discipline),
        member=member,
        on=on,
        **fields,
    )


def fill_record(clinic: Clinic, patient: Patient, times: int) -> None:
    """Everything a page shows, ``times`` over."""
    for number in range(times):
        member = a_member(clinic, "nutrition", name=f"Nadia Wren {number}")
        by: dict[str, Any] = {"patient_id": patient.pk, "user": member}
        in_seat(patient, "nutrition", member=member, on=date(2026, 3, 2))
        services.record_decline(**by, topic=("niv", "vfss", "lft")[number], on=date(2026, 4, 1))
        log_assessment(**by, kind="nutrition_review", findings={"weight_g": 60_000}, on=date(2026, 3, 9))
        log_assessment(**by, kind="resp_assessment", findings={"fvc_pct": 58}, on=date(2026, 3, 9))
        a_referral(patient, "gastroenterology", user=member)
        request = a_request(patient, user=member)
        equipment.log_call(request=request, user=member, on=date(2026, 4, 1), person="Intake desk")
        equipment.lend(request=request, user=member, on=date(2026, 4, 1), item_lent="Transport chair")
        own_tasks.add_task(patient=patient, user=member, title="Ask", due_on=date(2026, 4, 20), owner=member)


@pytest.mark.parametrize("times", [0, 1, 3])
def test_takes_the_same_queries_however_much_is_recorded(times, django_assert_num_queries):
    clinic = a_clinic()
    patient = a_patient(clinic)
    fill_record(clinic, patient, times)
    client = signed_in(a_member(clinic, "nutrition"))
    client.get(address(patient))

    with django_assert_num_queries(11):
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
    in_use = a_request(patient, "walker", user=member)
    equipment.advance(request=in_use, user=member, status=Stage.IN_USE, on=date(2026, 3, 9))
    a_request(patient, "cough_assist", user=member)

    facts = page_of(member, patient).context["facts"]

    assert [(fact.label, fact.value, list(fact.lines), fact.warn) for fact in facts] == [
        ("Onset", "Leg", ["limb onset", "Oct 2024"], ""),
        ("Diagnosed", "8 weeks ago", ["16 Feb 2026"], ""),
        ("FVC", "58%", ["down from 71%", "2 Apr 2026"], ""),
        ("Weight", "64.9\N{NO-BREAK SPACE}kg", ["−4.6% from baseline", "30 Nov 2025"], "135 days ago"),
        ("Devices in use", "Walker or rollator", [], ""),
        ("On the way", "1", ["cough assist"], "1 past a limit"),
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
        ("Devices in use", "None recorded"),
        ("On the way", "Nothing"),
    ]


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
    ]
    assert page.context["rows_note"] == "2 overdue"


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
    assert [row.action.label if row.action else "" for row in choices] == ["New answer", ""]


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

    entries = page_of(member, patient).context["timeline"]

    assert [(entry.what, entry.detail) for entry in entries] == [
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


def test_everything_can_be_logged_from_one_page():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic)
    log_assessment(
        patient_id=patient.pk,
        user=member,
        kind="resp_assessment",
        findings={"fvc_pct": 58},
        on=date(2026, 4, 2),
    )
    client = signed_in(member)

    page = client.get(reverse("pages:log_menu", args=[patient.pk]))

    links = {link.label: link for group in page.context["groups"] for link in group.links}
    assert (links["Respiratory assessment"].after, links["Nutrition review"].after) == (
        "last 2 Apr 2026",
        "none recorded",
    )
    assert {client.get(link.url).status_code for link in links.values()} == {200}


@pytest.mark.parametrize(
    ("discipline", "first"),
    [("nutrition", "Nutrition and swallowing"), ("pulmonology", "Breathing")],
)
def test_the_work_of_ones_own_discipline_stands_first_among_what_can_be_logged(discipline: str, first: str):
    clinic = a_clinic()
    patient = a_patient(clinic)

    page = signed_in(a_member(clinic, discipline)).get(reverse("pages:log_menu", args=[patient.pk]))

    labels = [group.label for group in page.context["groups"]]
    assert (labels[0], labels[-3:]) == (first, ["To arrange", "Choices", "Record and team"])


def test_nothing_can_be_logged_for_another_clinics_patient():
    patient = a_patient(a_clinic())

    page = signed_in(a_member(a_clinic())).get(reverse("pages:log_menu", args=[patient.pk]))

    assert page.status_code == 404
