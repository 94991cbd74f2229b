"""A call with a day to call again leaves that call with whoever logged it."""

import pytest
from django.test import Client
from django.urls import reverse

from alerts.models import Alert
from alerts.services.sweep import sweep
from equipment.models import EquipmentRequest, VendorContact
from patients.services import change_status, mark_entered_in_error
from teams.models import Clinic, User
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, requested
from worklist.models import CareTask
from worklist.services.own_tasks import complete_task

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


def press_undo(user: User, contact: VendorContact, query: str = "") -> None:
    client = Client()
    client.force_login(user)
    address = reverse("pages:undo", args=["contact", contact.pk])
    assert client.post(f"{address}{query}").status_code == 302


def closings() -> list[tuple[str, str]]:
    return [(on, why) for _title, on, _who, why in calls()]


def test_a_call_undone_takes_the_next_one_with_it_and_brings_back_the_one_before(
    tom: User, wheelchair: EquipmentRequest
) -> None:
    with at("2026-03-10"):
        call(tom, wheelchair, "2026-03-13")
    with at("2026-03-13"):
        call(tom, wheelchair, "2026-03-20", happened_on="2026-03-13")
        press_undo(tom, VendorContact.objects.get(next_call_on=day("2026-03-20")))
    assert closings() == [("2026-03-13", ""), ("2026-03-20", "voided")]
    undone = CareTask.objects.get(close_reason="voided")
    assert (undone.closed_by, undone.closed_on) == (tom, day("2026-03-13"))
    wheelchair.refresh_from_db()
    assert wheelchair.next_call_on == day("2026-03-13")


def test_the_alert_on_the_next_call_closes_with_it(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        call(tom, wheelchair, "2026-03-13")
    with at("2026-03-14"):
        sweep()
        opened = Alert.objects.get(task__rule="")
        press_undo(tom, VendorContact.objects.get())
    opened.refresh_from_db()
    assert (opened.closes_on, opened.close_reason) == (day("2026-03-14"), "voided")


def test_marked_with_a_reason_it_is_the_same_as_undone(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        call(tom, wheelchair, "2026-03-13")
    with at("2026-03-11"):
        mark_entered_in_error(fact=VendorContact.objects.get(), user=tom, reason="Another person’s chair")
    assert closings() == [("2026-03-13", "voided")]


def test_a_mark_taken_back_brings_the_next_call_back(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        call(tom, wheelchair, "2026-03-13")
    with at("2026-03-13"):
        call(tom, wheelchair, "2026-03-20", happened_on="2026-03-13")
        second = VendorContact.objects.get(next_call_on=day("2026-03-20"))
        for query in ("", "?restore", "", "?restore"):
            press_undo(tom, second, query)
    assert closings() == [("2026-03-13", "done"), ("2026-03-20", "")]


def test_the_call_before_stays_done_if_another_came_after(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        call(tom, wheelchair, "2026-03-13")
    with at("2026-03-13"):
        call(tom, wheelchair, "", happened_on="2026-03-13")
        undone = VendorContact.objects.get(next_call_on=None)
        call(tom, wheelchair, "2026-03-27", happened_on="2026-03-13")
        press_undo(tom, undone)
    assert closings() == [("2026-03-13", "done"), ("2026-03-27", "")]


def test_a_next_call_done_by_hand_stays_done(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        call(tom, wheelchair, "2026-03-13")
        complete_task(task_id=CareTask.objects.get(rule="").pk, user=tom)
        press_undo(tom, VendorContact.objects.get())
    assert closings() == [("2026-03-13", "done")]


def test_after_a_death_an_undone_call_brings_nothing_back(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        call(tom, wheelchair, "2026-03-13")
    with at("2026-03-13"):
        call(tom, wheelchair, "", happened_on="2026-03-13")
    with at("2026-03-14"):
        change_status(patient_id=wheelchair.patient_id, user=tom, status="deceased", on=day("2026-03-14"))
        press_undo(tom, VendorContact.objects.get(next_call_on=None))
    assert closings() == [("2026-03-13", "status_change")]


def test_what_is_refused_leaves_no_task(tom: User, wheelchair: EquipmentRequest) -> None:
    with at("2026-03-10"):
        assert call(tom, wheelchair, "2026-03-09") == 422
    assert calls() == []
