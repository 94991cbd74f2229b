"""A call with a day to call again leaves that call with whoever logged it."""

import pytest
from django.test import Client
from django.urls import reverse

from equipment.models import EquipmentRequest
from teams.models import Clinic, User
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, requested
from worklist.models import CareTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic()


@pytest.fixture
def tom(clinic: Clinic) -> User:
    return a_member(clinic, "social_work", name="Tom Finch")


@pytest.fixture
def wheelchair(clinic: Clinic) -> EquipmentRequest:
    with at("2026-03-02"):
        return requested(a_patient(clinic), "2026-03-02", item="power_wheelchair")


def call(user: User, wheelchair: EquipmentRequest, again: str, **more: str) -> int:
    """Log a call by the request's own form; returns the status of the answer."""
    client = Client()
    client.force_login(user)
    typed = {"contact_with": "vendor", "note": "Frame is built", "next_call_on": again, **more}
    address = reverse("equipment:log_call", args=[wheelchair.pk])
    return client.post(address, {"happened_on": "2026-03-10", **typed}).status_code


def calls() -> list[tuple[str, str, str, str]]:
    """Calls to be made: what, when, by whom, and how it closed."""
    tasks = CareTask.objects.filter(rule="").exclude(subject="").order_by("opened_at", "due_on")
    return [
        (task.title, task.due_on.isoformat(), str(task.owner), task.close_reason)
        for task in tasks.select_related("owner")
    ]


def test_the_next_call_is_a_task_of_whoever_logged_it(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        assert call(tom, wheelchair, "2026-03-13", person="Ida") == 302
    assert calls() == [("Call about Power wheelchair: Ida", "2026-03-13", "Tom Finch", "")]
    assert CareTask.objects.get(rule="").overdue_on == day("2026-03-14")


def test_without_a_day_to_call_again_there_is_none(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        call(tom, wheelchair, "")
    assert calls() == []


def test_the_call_that_was_made_is_done(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        call(tom, wheelchair, "2026-03-13")
    with at("2026-03-13"):
        call(tom, wheelchair, "2026-03-20", happened_on="2026-03-13")
    assert [(on, why) for _title, on, _who, why in calls()] == [("2026-03-13", "done"), ("2026-03-20", "")]


def test_a_day_that_has_passed_already_is_today(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-16"):
        call(tom, wheelchair, "2026-03-13")
    assert [on for _title, on, _who, _why in calls()] == ["2026-03-16"]


def test_what_is_refused_leaves_no_task(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        assert call(tom, wheelchair, "2026-03-09") == 422
    assert calls() == []
