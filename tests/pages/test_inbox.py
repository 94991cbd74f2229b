"""The inbox: mine, unread first; reading closes nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alerts.models import Alert, Escalation
from alerts.services.sweep import sweep
from assessments.services import log_assessment
from pathway import clock
from patients.models import Patient
from patients.services import change_status
from teams.models import Clinic
from tests.factories import a_clinic, a_member, a_patient, signed_in
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import add_task

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 4, 14, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_april() -> Iterator[None]:
    with clock.set_to(MORNING):
        yield


def overdue_patient(clinic: Clinic, **fields: Any) -> Patient:
    with clock.set_to(MORNING - timedelta(days=43)):
        patient = a_patient(clinic, **fields)
    sweep()
    return patient


def test_an_overdue_review_is_an_unread_alert_of_the_dietitian() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    overdue_patient(clinic)

    answer = signed_in(dietitian).get(reverse("alerts:inbox"))

    assert [(section.label, len(section.rows)) for section in answer.context["sections"]] == [("Unread", 1)]
    assert "<b>1 unread</b>" in answer.content.decode()


def test_reading_moves_it_and_takes_it_off_the_bell_but_closes_nothing() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    overdue_patient(clinic)
    alert = Alert.objects.get(rule="NUTR-3M")
    client = signed_in(dietitian)

    client.post(reverse("alerts:read", args=[alert.pk]))

    answer = client.get(reverse("alerts:inbox"))
    bell = next(item for item in answer.context["nav"] if item.key == "alerts")
    assert [section.label for section in answer.context["sections"]] == ["Acknowledged"]
    assert bell.count == 0
    alert.refresh_from_db()
    assert alert.closed_at is None


def test_pressing_again_makes_it_unread() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    overdue_patient(clinic)
    alert = Alert.objects.get(rule="NUTR-3M")
    client = signed_in(dietitian)

    for _time in range(2):
        client.post(reverse("alerts:read", args=[alert.pk]))

    assert client.get(reverse("alerts:inbox")).context["sections"][0].label == "Unread"


@pytest.mark.parametrize(("died_on", "is_marked"), [(date(2026, 4, 1), True), (date(2026, 4, 2), False)])
def test_what_opened_after_the_death_is_marked(died_on: date, is_marked: bool) -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    patient = overdue_patient(clinic)
    assert Alert.objects.get(rule="NUTR-3M").opens_on == date(2026, 4, 2)
    change_status(patient_id=patient.pk, user=dietitian, status="deceased", on=died_on)

    text = signed_in(dietitian).get(reverse("alerts:inbox"), {"show": "closed"}).text

    assert "Nutrition review" in text
    assert ("Opened after death" in text) is is_marked


def test_what_closed_lately_says_why() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    patient = overdue_patient(clinic)
    log_assessment(
        patient_id=patient.pk,
        user=dietitian,
        kind="nutrition_review",
        findings={"weight_g": 63_100},
        on=date(2026, 4, 14),
    )

    page = signed_in(dietitian).get(reverse("alerts:inbox"), {"show": "closed"}).content.decode()

    assert "for Ruth Alder. Recorded 14 Apr 2026." in page


@pytest.mark.parametrize("people", [1, 3])
def test_takes_the_same_queries_however_many_alerts(people: int, django_assert_num_queries: Any) -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    for _person in range(people):
        overdue_patient(clinic)
    client = signed_in(dietitian)
    client.get(reverse("alerts:inbox"))

    with django_assert_num_queries(9):
        client.get(reverse("alerts:inbox"))


def test_another_clinics_alert_is_not_to_be_found() -> None:
    ours, theirs = a_clinic(), a_clinic()
    dietitian = a_member(ours, "nutrition")
    overdue_patient(theirs)
    alert = Alert.objects.get(rule="NUTR-3M")

    answer = signed_in(dietitian).post(reverse("alerts:read", args=[alert.pk]))

    assert answer.status_code == 404
    assert alert.reads.count() == 0


def snoozed(client: Client, address: str, **fields: str) -> Any:
    """Press "Snooze" in the form without htmx."""
    return client.post(
        address, {"reason": "booked", "until": "2026-04-16", "note": "", **fields}, follow=True
    )


def test_snoozing_without_javascript_leads_back_to_the_inbox() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    overdue_patient(clinic)
    alert, client = Alert.objects.get(rule="NUTR-3M"), signed_in(dietitian)
    address = reverse("alerts:snooze", args=[alert.pk])

    form = client.get(address).content.decode()
    inbox = snoozed(client, address, note="Video visit")
    waiting = client.get(reverse("alerts:inbox"), {"show": "snoozed"})

    assert "28 Apr 2026 at the latest: attention items, 14 days" in form
    assert [(tab.key, tab.count) for tab in inbox.context["horizon"]] == [
        ("mine", 0), ("snoozed", 1), ("clinic", 2), ("closed", 0)
    ]  # fmt: skip
    assert "Nutrition review" in inbox.content.decode()  # said once in a message
    [row] = waiting.context["sections"][0].rows
    assert (row.state, row.on) == ("snoozed", date(2026, 4, 16))
    assert row.line.endswith("You, 14 Apr 2026: Visit or call booked. “Video visit”")


def test_a_day_too_late_is_refused_and_what_was_typed_stays() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    overdue_patient(clinic)
    alert = Alert.objects.get(rule="NUTR-3M")

    answer = snoozed(
        signed_in(dietitian), reverse("alerts:snooze", args=[alert.pk]), until="2026-04-29", note="Video"
    )

    assert answer.status_code == 422
    assert "28 Apr 2026 at the latest, for work of this severity." in answer.content.decode()
    assert "Video" in answer.content.decode()
    assert not alert.snoozes.exists()


def test_ending_a_snooze_brings_the_row_back_with_the_counts() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    overdue_patient(clinic)
    alert, client = Alert.objects.get(rule="NUTR-3M"), signed_in(dietitian)
    snoozed(client, reverse("alerts:snooze", args=[alert.pk]))

    page = client.post(reverse("alerts:wake", args=[alert.pk]), headers={"HX-Request": "true"})

    assert [(tab.key, tab.count) for tab in page.context["horizon"]][:2] == [("mine", 1), ("snoozed", 0)]
    assert page.context["row"].state == "attention"


def test_the_row_says_who_has_seen_it() -> None:
    clinic = a_clinic()
    dietitian, coordinator = a_member(clinic, "nutrition"), a_member(clinic, role="coordinator", name="Maya")
    overdue_patient(clinic)
    alert = Alert.objects.get(rule="NUTR-3M")
    signed_in(dietitian).post(reverse("alerts:read", args=[alert.pk]))

    mine = signed_in(dietitian).get(reverse("alerts:inbox")).context["sections"][0].rows
    theirs = signed_in(coordinator).get(reverse("alerts:inbox"), {"show": "clinic"})

    assert [row.told for row in mine] == ["seen 14 Apr 2026"]
    told = [
        row.told for section in theirs.context["sections"] for row in section.rows if "Nutrition" in row.title
    ]
    assert told == ["seen by Nadia Wren 14 Apr 2026"]


def test_what_was_passed_on_stands_first_for_the_lead_with_a_mark() -> None:
    clinic = a_clinic()
    lead = a_member(clinic, "nutrition", role="lead", name="Lee Hart")
    with clock.set_to(MORNING - timedelta(days=43)):
        a_patient(clinic)
    with clock.set_to(MORNING - timedelta(days=12)):
        sweep()
        critical = a_patient(clinic, family_name="Birch", onset_region="bulbar")
    for days in (6, 0):
        with clock.set_to(MORNING - timedelta(days=days)):
            sweep()
    assert Alert.objects.filter(patient=critical, task__severity=3).exists()

    rows = signed_in(lead).get(reverse("alerts:inbox")).context["sections"][0].rows

    marked = [bool(row.tag) for row in rows]
    assert marked == sorted(marked, reverse=True)
    assert {row.tag.text for row in rows if row.tag} == {"Escalated"}
    assert "Came to you after" in rows[0].line


def test_what_came_on_its_first_day_came_at_once() -> None:
    clinic = a_clinic()
    coordinator = a_member(clinic, role="coordinator", name="Max Hall")
    with clock.set_to(MORNING - timedelta(days=8)):
        a_patient(clinic, onset_region="bulbar")
        sweep()
    with clock.set_to(MORNING):
        first = signed_in(coordinator).get(reverse("alerts:inbox")).context["sections"][0].rows[0]

    assert first.line.endswith("Came to you at once.")


def test_of_what_was_passed_on_the_worst_stands_first_not_the_longest_passed_on() -> None:
    clinic = a_clinic()
    lead = a_member(clinic, role="lead", name="Lee Hart")
    tasks = []
    with clock.set_to(MORNING - timedelta(days=43)):
        patient = a_patient(clinic)
        CareTask.objects.all().update(wake_at=None, rises_at=None)
        for days, severity in ((13, Severity.URGENT), (34, Severity.CRITICAL)):
            due = date(2026, 3, 2) + timedelta(days=days)
            tasks.append(
                add_task(
                    patient=patient, user=lead, title=severity.name.title(), due_on=due, severity=severity
                )
            )
    for days in range(30, -1, -1):
        with clock.set_to(MORNING - timedelta(days=days)):
            sweep()
    urgent, critical = (Escalation.objects.filter(alert__task=task).latest("step") for task in tasks)
    assert urgent.taken_at < critical.taken_at

    rows = signed_in(lead).get(reverse("alerts:inbox")).context["sections"][0].rows

    assert [row.title for row in rows if row.tag] == ["Critical", "Urgent"]
