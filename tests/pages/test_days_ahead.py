"""Days typed by hand that lie ahead: near enough to be meant."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from equipment.models import VendorContact
from pathway import clock
from patients.models import Decline, DeclineWithdrawal, Deferral, DeferralEnd
from tests.factories import a_clinic, a_member, a_patient, a_request
from worklist.models import CareTask

pytestmark = pytest.mark.django_db

TOPIC = {"topic": "nutrition_review"}
DEFERRED = {**TOPIC, "on": "2026-03-02", "reason": "travelling"}
CALL = {"contact_with": "vendor", "note": "No answer", "happened_on": "2026-03-02"}
TOO_FAR = "2 Mar 2999 is more than a year ahead. Check the year."
LONG_BEFORE = "1 Jan 1990 is more than 20 years before joining on 2 Mar 2026. Check the year."
TOO_EARLY = "2 Mar 1800 is before the date of birth. Check the year."


@pytest.fixture(autouse=True)
def _in_march():
    with clock.set_to(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        yield


@pytest.mark.parametrize(
    ("name", "typed", "field", "message", "model"),
    [
        ("decline", {**TOPIC, "on": "1800-03-02"}, "on", TOO_EARLY, Decline),
        ("decline", {**TOPIC, "on": "1990-01-01"}, "on", LONG_BEFORE, Decline),
        ("decline", {**TOPIC, "on": "2999-03-02"}, "on", TOO_FAR, Decline),
        (
            "decline",
            {**TOPIC, "on": "2026-03-02", "reoffer_on": "2999-03-02"},
            "reoffer_on",
            TOO_FAR,
            Decline,
        ),
        ("defer", {**DEFERRED, "until": "2999-03-02"}, "until", TOO_FAR, Deferral),
        ("task_add", {"title": "Call them", "due_on": "2999-03-02"}, "due_on", TOO_FAR, CareTask),
    ],
)
def test_a_slip_in_the_year_does_not_silence_work(name, typed, field, message, model):
    clinic = a_clinic()
    client, patient = signed_in(clinic), a_patient(clinic)
    before = model.objects.count()

    page = client.post(reverse(f"pages:{name}", args=[patient.pk]), typed)

    assert page.status_code == 422
    assert page.context["form"].errors[field] == [message]
    assert model.objects.count() == before


def test_the_last_day_of_the_calendar_is_refused_and_nothing_breaks():
    clinic = a_clinic()
    url = reverse("pages:task_add", args=[a_patient(clinic).pk])

    page = signed_in(clinic).post(url, {"title": "Call them", "due_on": "9999-12-31"})

    assert page.status_code == 422


def test_a_new_answer_is_not_older_than_the_person():
    clinic = a_clinic()
    url = reverse("pages:withdraw", args=[a_patient(clinic).pk, "nutrition_review"])

    page = signed_in(clinic).post(url, {"on": "1800-03-02"})

    assert page.context["form"].errors["on"] == [TOO_EARLY]
    assert not DeclineWithdrawal.objects.exists()


def test_a_deferral_does_not_end_ahead():
    clinic = a_clinic()
    url = reverse("pages:end_deferral", args=[a_patient(clinic).pk, "nutrition_review"])

    page = signed_in(clinic).post(url, {"on": "2026-04-15"})

    assert page.context["form"].non_field_errors() == [
        "15 Apr 2026 is in the future. Enter the day it happened."
    ]
    assert not DeferralEnd.objects.exists()


def test_a_booking_is_within_a_year():
    clinic = a_clinic()
    task = CareTask.objects.filter(patient=a_patient(clinic)).first()
    assert task is not None

    page = signed_in(clinic).post(reverse("pages:task_plan", args=[task.pk]), {"planned_on": "2999-03-02"})

    task.refresh_from_db()
    assert page.context["form"].errors["planned_on"] == [TOO_FAR]
    assert task.planned_on is None


@pytest.mark.parametrize(("day", "status"), [("2027-03-03", 302), ("2027-03-04", 422)])
def test_the_next_call_is_within_a_year(day, status):
    clinic = a_clinic()
    request = a_request(a_patient(clinic))
    url = reverse("equipment:log_call", args=[request.pk])

    page = signed_in(clinic).post(url, {**CALL, "next_call_on": day})

    assert page.status_code == status
    assert list(VendorContact.objects.values_list("next_call_on", flat=True)) == (
        [date(2027, 3, 3)] if status == 302 else []
    )


def signed_in(clinic):
    client = Client()
    client.force_login(a_member(clinic, "nutrition"))
    return client
