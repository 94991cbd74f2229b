"""What "Why?" shows beside the sum: the bar to today, the facts, the rule, who was told, how it closed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from alerts.services.sweep import sweep
from assessments.models import Assessment
from assessments.services import log_assessment
from pages.present.tasks import reader
from pages.present.why import why_panel
from pages.rows import Span, Told
from pathway import clock
from patients.models import Patient
from teams.models import User
from tests.factories import a_clinic, a_member, a_patient, a_request, signed_in
from worklist.models import CareTask
from worklist.services import own_tasks

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 4, 14, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_april() -> Iterator[None]:
    with clock.set_to(MORNING):
        yield


def test_the_bar_runs_from_joining_to_today_with_the_next_rise() -> None:
    clinic = a_clinic()
    membership = a_member(clinic, "nutrition").memberships.get()
    with clock.set_to(MORNING - timedelta(days=43)):
        a_patient(clinic)
    sweep()

    panel = why_panel(CareTask.objects.get(rule="NUTR-3M"), reader(membership))

    assert panel.span == Span(
        start=date(2026, 3, 2),
        due=date(2026, 4, 1),
        today=date(2026, 4, 14),
        start_label="Joined",
        rises_on=date(2026, 4, 15),
        rises_label="Urgent",
    )


def test_a_task_of_the_team_has_no_bar() -> None:
    clinic = a_clinic()
    user = a_member(clinic, "nutrition")
    patient = a_patient(clinic)
    task = own_tasks.add_task(
        patient=patient, user=user, title="Send the texture guide", due_on=date(2026, 4, 20), owner=user
    )

    assert why_panel(task, reader(user.memberships.get())).span is None


def review_on_10_april(patient: Patient, user: User) -> Assessment:
    """A nutrition review, recorded on the 14th."""
    return log_assessment(
        patient_id=patient.pk,
        user=user,
        kind="nutrition_review",
        findings={"weight_g": 63_100},
        on=date(2026, 4, 10),
    )


def test_the_facts_used_lead_to_the_timeline() -> None:
    clinic = a_clinic()
    user = a_member(clinic, "nutrition")
    patient = a_patient(clinic)
    review = review_on_10_april(patient, user)

    panel = why_panel(CareTask.objects.get(rule="NUTR-3M", closed_at=None), reader(user.memberships.get()))

    [used] = panel.facts
    assert used.label.startswith("Nutrition review: 63.1")
    assert used.url == f"/patients/{patient.pk}/?earlier=1#fact-{review.pk}"
    assert used.note == "10 Apr 2026, recorded 4 days later, 14 Apr 2026"


def test_what_closed_says_when_and_why_and_asks_for_nothing() -> None:
    clinic = a_clinic()
    user = a_member(clinic, "nutrition")
    patient = a_patient(clinic)
    review_on_10_april(patient, user)

    panel = why_panel(CareTask.objects.get(rule="NUTR-3M", closed_at=None), reader(user.memberships.get()))
    past = why_panel(
        CareTask.objects.get(rule="NUTR-3M", closed_at__isnull=False), reader(user.memberships.get())
    )

    assert (panel.closed, len(panel.verbs)) == ("", 1)
    assert "Today" in [line.term for line in panel.lines]
    assert past.closed == "Closed on 14 Apr 2026: recorded"
    assert [(line.term, line.on) for line in past.lines][-1] == ("Closed", date(2026, 4, 14))
    assert (past.verbs, past.span) == ([], None)


def test_the_rule_stands_with_its_version_and_each_source_with_its_mark() -> None:
    clinic = a_clinic()
    user = a_member(clinic, "speech_language_pathology")
    a_patient(clinic, onset_region="bulbar")
    task = CareTask.objects.get(rule="SWAL-SCREEN")

    page = signed_in(user).get(reverse("pages:why", args=[task.pk])).text
    panel = why_panel(task, reader(user.memberships.get()))

    assert panel.rule == "SWAL-SCREEN, version 1"
    assert [(source.mark, source.text) for source in panel.sources] == [
        (
            "Guideline summary",
            "Swallow screening before oral intake in suspected bulbar dysfunction: NASEM 2024",
        ),
        ("Read in the source", "Every 3 months: ESPEN, cited by ASHA"),
        ("Clinic setting", "7 days: product default"),
    ]
    for said in (panel.rule, *(part for source in panel.sources for part in (source.mark, source.text))):
        assert said in page


def test_a_fact_used_twice_is_named_once() -> None:
    clinic = a_clinic()
    user = a_member(clinic, "neurology")
    patient = a_patient(clinic)
    log_assessment(
        patient_id=patient.pk,
        user=user,
        kind="cognitive_screen",
        findings={"impaired": False},
        on=date(2025, 1, 10),
    )
    a_request(patient, "bpap", user=user)

    panel = why_panel(CareTask.objects.get(rule="COG-SCREEN", closed_at=None), reader(user.memberships.get()))

    assert [fact.label for fact in panel.facts] == [
        "Cognitive screen: not impaired",
        "BPAP or ventilator requested",
    ]


def test_says_who_was_told_in_the_app_and_by_email() -> None:
    clinic = a_clinic()
    nadia = a_member(clinic, "nutrition", name="Nadia Wren")
    with clock.set_to(MORNING - timedelta(days=43)):
        patient = a_patient(clinic)
        a_request(patient, "suction", user=nadia)
    sweep()
    membership = nadia.memberships.get()

    stalled = why_panel(CareTask.objects.get(rule="EQ-STAGE"), reader(membership))
    review = why_panel(CareTask.objects.get(rule="NUTR-3M"), reader(membership))

    assert [(told.on, told.text, told.done) for told in review.told] == [
        (date(2026, 4, 14), "In the app; now with: nutrition queue", True),
        (date(2026, 4, 22), "To the coordinator, if nobody has recorded it", False),
    ]
    assert (stalled.told[0].on, stalled.told[0].text) == (
        date(2026, 4, 14),  # overdue since 6 March, found on that day
        "In the app; now with: pulmonology queue",
    )


def test_does_not_say_that_who_has_it_now_was_told_when_it_opened() -> None:
    clinic = a_clinic()
    nadia = a_member(clinic, "nutrition", name="Nadia Wren")
    rosa = a_member(clinic, "nutrition", name="Rosa Siskin")
    with clock.set_to(MORNING - timedelta(days=43)):
        patient = a_patient(clinic)
    with clock.set_to(MORNING - timedelta(days=12)):
        sweep()
    task = CareTask.objects.get(rule="NUTR-3M")
    for owner in (nadia, rosa):
        own_tasks.assign_task(task_id=task.pk, user=nadia, owner=owner)

    open_ = why_panel(CareTask.objects.get(pk=task.pk), reader(nadia.memberships.get()))
    log_assessment(
        patient_id=patient.pk,
        user=rosa,
        kind="nutrition_review",
        findings={"weight_g": 64_900},
        on=clock.today(clinic.time_zone),
    )
    closed = why_panel(CareTask.objects.get(pk=task.pk), reader(nadia.memberships.get()))

    assert open_.told[0] == Told(date(2026, 4, 2), "In the app; now with: Rosa Siskin")
    assert closed.told[0] == Told(date(2026, 4, 2), "In the app; last with: Rosa Siskin")
    assert not any("Nadia Wren" in told.text for told in (*open_.told, *closed.told))


def test_says_which_steps_were_taken_and_which_is_next() -> None:
    clinic = a_clinic()
    a_member(clinic, role="coordinator", name="Maya Quill")
    nadia = a_member(clinic, "nutrition", name="Nadia Wren")
    with clock.set_to(MORNING - timedelta(days=43)):
        a_patient(clinic)
    with clock.set_to(MORNING - timedelta(days=12)):
        sweep()
    with clock.set_to(MORNING - timedelta(days=4)):
        sweep()

        panel = why_panel(CareTask.objects.get(rule="NUTR-3M"), reader(nadia.memberships.get()))

    assert [(told.on, told.text, told.done) for told in panel.told if "mail" not in told.text] == [
        (date(2026, 4, 2), "In the app; now with: nutrition queue", True),
        (date(2026, 4, 10), "Escalated to the coordinator: Maya Quill", True),
        (date(2026, 4, 17), "To the clinical lead, if nobody has recorded it", False),
    ]
