"""What people do about a task beside logging it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alerts.services.sweep import sweep
from assessments.services import log_assessment
from pathway import clock
from patients.models import DeclineWithdrawal, DeferralEnd, Patient
from teams.models import Clinic, User
from tests.factories import a_clinic, a_member, a_patient, signed_in
from worklist.models import CareTask
from worklist.services import own_tasks

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 4, 14, 13, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _in_april() -> Iterator[None]:
    with clock.set_to(MORNING):
        yield


def overdue_patient(clinic: Clinic) -> Patient:
    with clock.set_to(MORNING - timedelta(days=43)):
        patient = a_patient(clinic)
    sweep()
    return patient


def own_task(patient: Patient, user: User) -> CareTask:
    return own_tasks.add_task(
        patient=patient, user=user, title="Send the texture guide", due_on=date(2026, 4, 20), owner=user
    )


def test_why_shows_the_date_arithmetic_and_the_source() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    task = CareTask.objects.get(patient=overdue_patient(clinic), rule="NUTR-3M")

    page = signed_in(dietitian).get(reverse("pages:why", args=[task.pk])).content.decode()

    for expected in ("2 Mar 2026", "+ 30 days", "1 Apr 2026", "2 Apr 2026", "NUTR-3M, version 1", "AAN 2009"):
        assert expected in page


def test_booking_shows_on_the_row_and_closes_nothing() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    task = CareTask.objects.get(patient=overdue_patient(clinic), rule="NUTR-3M")

    answer = signed_in(dietitian).post(
        reverse("pages:task_plan", args=[task.pk]), {"planned_on": "2026-04-17"}, headers=HTMX
    )

    assert "Booked 17 Apr 2026" in answer.content.decode()
    task.refresh_from_db()
    assert task.closed_at is None


def test_booking_a_day_that_has_passed_is_refused() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    task = CareTask.objects.get(patient=overdue_patient(clinic), rule="NUTR-3M")

    answer = signed_in(dietitian).post(
        reverse("pages:task_plan", args=[task.pk]), {"planned_on": "2026-04-01"}, headers=HTMX
    )

    assert answer.status_code == 422
    assert "Choose today or a later day." in answer.content.decode()


def test_marking_done_and_undoing_it() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    task = own_task(overdue_patient(clinic), dietitian)
    client = signed_in(dietitian)

    client.post(reverse("pages:task_done", args=[task.pk]))
    task.refresh_from_db()
    done = task.close_reason
    client.post(reverse("pages:task_reopen", args=[task.pk]))
    task.refresh_from_db()

    assert (done, task.close_reason, task.closed_at) == ("done", "", None)


def test_doing_it_twice_says_what_happened_meanwhile() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    task = own_task(overdue_patient(clinic), dietitian)
    client = signed_in(dietitian)
    client.post(reverse("pages:task_done", args=[task.pk]))

    answer = client.post(reverse("pages:task_done", args=[task.pk]), headers=HTMX)

    assert "Somebody has closed this task meanwhile." in answer.content.decode()


def test_work_of_a_rule_cannot_be_ticked_off() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    task = CareTask.objects.get(patient=overdue_patient(clinic), rule="NUTR-3M")

    answer = signed_in(dietitian).post(reverse("pages:task_done", args=[task.pk]), headers=HTMX)

    assert "This closes when the work is recorded, declined or deferred." in answer.content.decode()
    task.refresh_from_db()
    assert task.closed_at is None


def test_a_new_answer_ends_a_decline_and_the_work_is_due_again() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    patient = overdue_patient(clinic)
    client = signed_in(dietitian)
    client.post(
        reverse("pages:decline", args=[patient.pk]),
        {"topic": "nutrition_review", "on": "2026-04-14", "permanent": "on"},
    )

    client.post(reverse("pages:withdraw", args=[patient.pk, "nutrition_review"]), {"on": "2026-04-14"})

    task = CareTask.objects.get(patient=patient, rule="NUTR-3M", closed_at__isnull=True)
    assert task.due_on == date(2026, 4, 1)


def deferred(client: Client, patient: Patient) -> None:
    client.post(
        reverse("pages:defer", args=[patient.pk]),
        {"topic": "nutrition_review", "on": "2026-04-10", "until": "2026-06-01", "reason": "inpatient"},
    )


def test_a_deferral_is_ended_early_where_it_shows_and_the_work_is_due_again() -> None:
    clinic = a_clinic()
    patient = overdue_patient(clinic)
    client = signed_in(a_member(clinic, "nutrition"))
    deferred(client, patient)
    [row] = client.get(reverse("pages:patient", args=[patient.pk])).context["choices"]
    assert row.action is not None

    form = client.get(row.action.url, headers=HTMX)
    answer = client.post(row.action.url, {"on": "2026-04-14", "note": "Home since Monday."})

    assert "End early: Nutrition review" in form.text
    assert answer.status_code == 302
    page = client.get(reverse("pages:patient", args=[patient.pk]))
    assert page.context["choices"] == []
    assert page.context["timeline"][0].what == "Nutrition review: deferral ended early"
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M", closed_at__isnull=True)
    assert task.due_on == date(2026, 4, 1)


def test_why_of_work_that_waits_says_until_when_and_offers_to_end_it() -> None:
    clinic = a_clinic()
    patient = overdue_patient(clinic)
    client = signed_in(a_member(clinic, "nutrition"))
    deferred(client, patient)
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M", close_reason="deferred")

    [choice] = client.get(reverse("pages:why", args=[task.pk])).context["why"].choices

    assert choice.state == "Deferred until 1 Jun 2026"
    assert choice.action is not None
    assert choice.action.url == reverse("pages:end_deferral", args=[patient.pk, "nutrition_review"])
    client.post(choice.action.url, {"on": "2026-04-14"})
    assert client.get(reverse("pages:why", args=[task.pk])).context["why"].choices == []


def test_the_end_of_a_deferral_can_be_taken_back() -> None:
    clinic = a_clinic()
    patient = overdue_patient(clinic)
    client = signed_in(a_member(clinic, "nutrition"))
    deferred(client, patient)
    client.post(reverse("pages:end_deferral", args=[patient.pk, "nutrition_review"]), {"on": "2026-04-14"})

    client.post(reverse("pages:undo", args=["deferral_end", DeferralEnd.objects.get().pk]))

    assert not CareTask.objects.filter(patient=patient, rule="NUTR-3M", closed_at__isnull=True).exists()


@pytest.mark.parametrize("on", ["2026-04-09", "2026-04-14"])
def test_only_what_is_deferred_can_be_ended(on: str) -> None:
    """Neither before it began, nor once more after somebody ended it."""
    clinic = a_clinic()
    patient = overdue_patient(clinic)
    client = signed_in(a_member(clinic, "nutrition"))
    url = reverse("pages:end_deferral", args=[patient.pk, "nutrition_review"])
    deferred(client, patient)
    if on == "2026-04-14":
        client.post(url, {"on": on})
    before = DeferralEnd.objects.count()

    answer = client.post(url, {"on": on, "note": "Home since Monday."}, headers=HTMX)

    assert answer.status_code == 422
    assert "Nothing was deferred on that day. Enter a day while it was." in answer.text
    assert "Home since Monday." in answer.text
    assert DeferralEnd.objects.count() == before


def test_without_a_decline_there_is_no_new_answer() -> None:
    clinic = a_clinic()
    patient = overdue_patient(clinic)
    url = reverse("pages:withdraw", args=[patient.pk, "nutrition_review"])

    answer = signed_in(a_member(clinic, "nutrition")).post(url, {"on": "2026-04-14"}, headers=HTMX)

    assert "Nothing was declined on that day. Enter a day while it was." in answer.text
    assert not DeclineWithdrawal.objects.exists()


def test_there_is_no_end_of_a_topic_nobody_knows() -> None:
    clinic = a_clinic()
    url = reverse("pages:end_deferral", args=[a_patient(clinic).pk, "weather"])

    assert signed_in(a_member(clinic)).get(url).status_code == 404


def test_an_entry_marked_in_error_needs_a_reason_and_brings_the_work_back() -> None:
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    patient = overdue_patient(clinic)
    review = log_assessment(
        patient_id=patient.pk,
        user=dietitian,
        kind="nutrition_review",
        findings={"weight_g": 63_100},
        on=date(2026, 4, 14),
    )
    url = reverse("pages:mark_error", args=["assessment", review.pk])
    client = signed_in(dietitian)

    without = client.post(url, {"reason": " "})
    given = client.post(url, {"reason": "Wrong person"})

    review.refresh_from_db()
    assert (without.status_code, given.status_code) == (422, 302)
    assert review.void_reason == "Wrong person"
    assert CareTask.objects.get(patient=patient, rule="NUTR-3M", closed_at__isnull=True).due_on == date(
        2026, 4, 1
    )


@pytest.mark.parametrize(
    "name", ["task_log", "task_assign", "task_plan", "task_decline", "task_defer", "why"]
)
def test_another_clinics_task_is_not_to_be_found(name: str) -> None:
    ours, theirs = a_clinic(), a_clinic()
    dietitian = a_member(ours, "nutrition")
    task = CareTask.objects.get(patient=overdue_patient(theirs), rule="NUTR-3M")

    assert signed_in(dietitian).get(reverse(f"pages:{name}", args=[task.pk])).status_code == 404
