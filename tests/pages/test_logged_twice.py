"""An item that somebody closed meanwhile: nothing is recorded twice, and nothing typed is lost."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from assessments.services import log_assessment
from equipment.models import EquipmentStatusChange
from equipment.services import advance
from pathway import clock
from patients.models import Patient
from patients.services import record_decline
from referrals.models import Referral
from teams.models import Discipline, User
from tests.factories import a_clinic, a_member, a_patient, a_referral, a_request
from worklist.models import CareTask

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 4, 14, 13, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


@pytest.fixture
def member() -> User:
    return a_member(a_clinic(), "nutrition", role="coordinator")


@pytest.fixture
def patient(member: User) -> Patient:
    with clock.set_to(MORNING - timedelta(days=43)):
        return a_patient(member.memberships.get().clinic)


def post(member: User, task: CareTask, **typed: str) -> Any:
    client = Client()
    client.force_login(member)
    return client.post(reverse("pages:task_log", args=[task.pk]), typed, headers=HTMX)


def test_a_review_is_not_logged_twice(member: User, patient: Patient) -> None:
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M")
    typed = {"happened_on": "2026-04-13", "weight_g": "63.1", "note": "Eats slowly."}
    first = post(member, task, **typed)

    again = post(member, task, **typed)

    shown = again.content.decode()
    assert (first.status_code, again.status_code, Assessment.objects.count()) == (200, 409, 1)
    assert "This item was closed on 14 Apr 2026: recorded" in shown
    assert "What closed it stands on the page of Ruth Alder." in shown
    assert f'href="{reverse("pages:patient", args=[patient.pk])}">Open the page of Ruth Alder</a>' in shown
    assert 'value="63.1"' in shown
    assert "Eats slowly." in shown


def test_it_is_logged_as_well_for_whoever_says_so(member: User, patient: Patient) -> None:
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M")
    typed = {"happened_on": "2026-04-13", "weight_g": "63.1"}
    post(member, task, **typed)

    over = post(member, task, **typed, over="1")

    assert (over.status_code, Assessment.objects.count()) == (200, 2)
    assert "Nutrition review logged" in over.content.decode()


def test_whoever_saw_another_review_first_is_told_whose(member: User, patient: Patient) -> None:
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M")
    log_assessment(
        patient_id=patient.pk,
        user=a_member(patient.clinic, "nutrition", name="Olga Bittern"),
        kind="nutrition_review",
        findings={"weight_g": 63_100},
        on=date(2026, 4, 14),
    )

    answer = post(member, task, happened_on="2026-04-14", weight_g="63.1", version="none")

    assert answer.status_code == 409
    assert "Olga Bittern logged this on 14 Apr 2026" in answer.content.decode()


def test_a_review_of_somebody_who_declined_meanwhile_waits(member: User, patient: Patient) -> None:
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M")
    record_decline(patient_id=patient.pk, user=member, topic="nutrition_review", on=date(2026, 4, 14))

    answer = post(member, task, happened_on="2026-04-14", weight_g="63.1")

    assert (answer.status_code, Assessment.objects.count()) == (409, 0)
    assert "closed on 14 Apr 2026: declined" in answer.content.decode()


def test_nobody_is_referred_twice(member: User, patient: Patient) -> None:
    task = CareTask.objects.get(patient=patient, rule="PALL-REF")
    a_referral(patient, "palliative_care")
    palliative = str(Discipline.objects.get(pk="palliative_care").pk)

    answer = post(member, task, discipline=palliative, happened_on="2026-04-14", provider="Lakeside Hospice")

    assert (answer.status_code, Referral.objects.count()) == (409, 1)
    assert 'value="Lakeside Hospice"' in answer.content.decode()


def test_a_request_is_not_moved_twice(member: User, patient: Patient) -> None:
    request = a_request(patient)
    task = CareTask.objects.get(patient=patient, rule="EQ-STAGE")
    advance(request=request, user=member, status="documented", on=date(2026, 4, 14))

    answer = post(member, task, status="documented", happened_on="2026-04-14", reason="Form 12 sent")

    assert (answer.status_code, EquipmentStatusChange.objects.count()) == (409, 1)
    assert 'value="Form 12 sent"' in answer.content.decode()
