"""The inbox: mine, unread first; reading closes nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alerts.models import Alert
from alerts.services.sweep import sweep
from assessments.services import log_assessment
from pathway import clock
from patients.models import Patient
from teams.models import Clinic, User
from tests.factories import a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 4, 14, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_april() -> Iterator[None]:
    with clock.set_to(MORNING):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


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
    assert [section.label for section in answer.context["sections"]] == ["Read"]
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
