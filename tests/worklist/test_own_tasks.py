"""Tasks people give each other: the same alerts, by their own hand, and through a death or discharge."""

import pytest
from django.core.exceptions import ValidationError

from alerts.services.sweep import sweep
from patients.models import Patient
from patients.services import assign_care_team, change_status, mark_entered_in_error, take_back_error_mark
from teams.models import Discipline, Membership, User
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, episodes, moment, task
from worklist.models import CareTask
from worklist.services.own_tasks import (
    add_task,
    assign_task,
    complete_task,
    plan_task,
    reopen_task,
    withdraw_task,
)
from worklist.services.release import release_work_of_inactive

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    """Joined on 2 Mar 2026."""
    with at("2026-03-02"):
        return a_patient(a_clinic())


@pytest.fixture
def vera(patient: Patient) -> User:
    """A social worker of the clinic."""
    return a_member(patient.clinic, "social_work", name="Vera Sung")


def call(patient: Patient, by: User, due_on: str = "2026-03-10") -> CareTask:
    """Call the vendor by Tuesday."""
    return add_task(patient=patient, user=by, title="Call the vendor", due_on=day(due_on), owner=by)


def test_it_is_overdue_from_the_day_after(patient: Patient, vera: User) -> None:
    with at("2026-03-03"):
        call(patient, vera)
    with at("2026-03-10 23:59"):
        assert sweep().opened == 0
    with at("2026-03-11 00:00"):
        assert sweep().opened == 1
    assert episodes(patient, "") == [("", "2026-03-11", None, "")]


def test_done_closes_its_alert_and_undone_opens_a_new_one(patient: Patient, vera: User) -> None:
    with at("2026-03-03"):
        care_task = call(patient, vera)
    with at("2026-03-12"):
        sweep()
        complete_task(task_id=care_task.pk, user=vera)
    with at("2026-03-13"):
        reopen_task(task_id=care_task.pk, user=vera)
    care_task.refresh_from_db()
    assert (care_task.closed_at, care_task.closed_by, care_task.close_reason) == (None, None, "")
    assert episodes(patient, "") == [
        ("", "2026-03-11", "2026-03-12", "done"),
        ("", "2026-03-13", None, ""),
    ]


def test_withdrawn_says_so(patient: Patient, vera: User) -> None:
    with at("2026-03-03"):
        care_task = call(patient, vera)
        withdraw_task(task_id=care_task.pk, user=vera)
    care_task.refresh_from_db()
    assert (care_task.close_reason, care_task.closed_by) == ("withdrawn", vera)


def test_nobody_closes_the_work_of_a_rule_by_hand(patient: Patient, vera: User) -> None:
    care_task = task(patient)
    with at("2026-03-03"), pytest.raises(ValidationError, match="closes when the work is recorded"):
        complete_task(task_id=care_task.pk, user=vera)


def test_what_somebody_closed_meanwhile_stays_closed(patient: Patient, vera: User) -> None:
    with at("2026-03-03"):
        care_task = call(patient, vera)
        complete_task(task_id=care_task.pk, user=vera)
        with pytest.raises(ValidationError, match="closed this task meanwhile"):
            withdraw_task(task_id=care_task.pk, user=vera)


@pytest.mark.parametrize(
    ("title", "due_on", "says"),
    [(" ", "2026-03-10", "Say what there is to do"), ("Call", "2026-03-02", "today or a later day")],
)
def test_refused(patient: Patient, vera: User, title: str, due_on: str, says: str) -> None:
    with at("2026-03-03"), pytest.raises(ValidationError, match=says):
        add_task(patient=patient, user=vera, title=title, due_on=day(due_on))
    assert not CareTask.objects.filter(rule="").exists()


def test_only_colleagues_are_given_work(patient: Patient, vera: User) -> None:
    stranger = a_member(a_clinic(), "nutrition", name="Olu Stone")
    care_task = task(patient)
    with at("2026-03-03"), pytest.raises(ValidationError, match="works in this clinic"):
        assign_task(task_id=care_task.pk, user=vera, owner=stranger)


def test_booking_closes_nothing_and_cannot_lie_in_the_past(patient: Patient, vera: User) -> None:
    care_task = task(patient)
    with at("2026-03-03"):
        plan_task(task_id=care_task.pk, user=vera, planned_on=day("2026-03-12"))
        with pytest.raises(ValidationError, match="today or a later day"):
            plan_task(task_id=care_task.pk, user=vera, planned_on=day("2026-03-02"))
    care_task.refresh_from_db()
    assert (care_task.planned_on, care_task.closed_at) == (day("2026-03-12"), None)


def test_a_death_ends_peoples_tasks_and_a_correction_brings_them_back(patient: Patient, vera: User) -> None:
    with at("2026-03-03"):
        care_task = call(patient, vera)
    with at("2026-03-12"):
        sweep()
        death = change_status(patient_id=patient.pk, user=vera, status="deceased", on=day("2026-03-12"))
    care_task.refresh_from_db()
    assert (care_task.close_reason, care_task.closed_by) == ("status_change", vera)
    with at("2026-03-14"):
        mark_entered_in_error(fact=death, user=vera, reason="Another chart.")
    assert episodes(patient, "") == [
        ("", "2026-03-11", "2026-03-12", "status_change"),
        ("", "2026-03-14", None, ""),
    ]
    with at("2026-03-15"):
        take_back_error_mark(fact=death, user=vera)
    assert episodes(patient, "")[-1] == ("", "2026-03-14", "2026-03-15", "status_change")


def test_a_return_does_not_bring_them_back(patient: Patient, vera: User) -> None:
    with at("2026-03-03"):
        care_task = call(patient, vera)
        change_status(patient_id=patient.pk, user=vera, status="discharged", on=day("2026-03-03"))
    with at("2026-03-20"):
        change_status(patient_id=patient.pk, user=vera, status="active", on=day("2026-03-20"))
    care_task.refresh_from_db()
    assert care_task.close_reason == "status_change"


def test_a_task_added_after_the_death_stays(patient: Patient, vera: User) -> None:
    with at("2026-03-03"):
        change_status(patient_id=patient.pk, user=vera, status="deceased", on=day("2026-03-01"))
    with at("2026-03-04"):
        fetch_back = call(patient, vera)
        Patient.objects.update(reconciled_version=0)
        sweep()
    fetch_back.refresh_from_db()
    assert fetch_back.closed_at is None


def leave(user: User) -> None:
    """The person is deactivated everywhere."""
    User.objects.filter(pk=user.pk).update(is_active=False)


def leave_clinic(user: User) -> None:
    """The person stays active elsewhere."""
    Membership.objects.filter(user=user).update(is_active=False)


def become_admin(user: User) -> None:
    """The person opens no charts any more."""
    Membership.objects.filter(user=user).update(role="admin")


@pytest.mark.parametrize("change", [leave, leave_clinic, become_admin])
def test_work_of_somebody_who_left_goes_to_the_seat_or_the_queue(
    patient: Patient, vera: User, change: object
) -> None:
    ines = a_member(patient.clinic, "social_work", name="Ines Ode")
    with at("2026-03-03"):
        assign_care_team(
            patient_id=patient.pk,
            user=None,
            discipline=Discipline.objects.get(pk="social_work"),
            on=day("2026-03-03"),
            member=ines,
        )
        own, referral = call(patient, vera), task(patient, "PALL-REF")
        assign_task(task_id=referral.pk, user=ines, owner=vera)
        assert release_work_of_inactive() == 0
        change(vera)  # type: ignore[operator]
        assert release_work_of_inactive() == 2
        sweep()
        assert release_work_of_inactive() == 0
    own.refresh_from_db()
    referral.refresh_from_db()
    assert (own.owner, own.assigned_to) == (None, None)
    assert (referral.owner, referral.assigned_to) == (ines, None)


def test_a_seat_held_by_somebody_who_left_counts_as_empty(patient: Patient, vera: User) -> None:
    with at("2026-03-03"):
        assign_care_team(
            patient_id=patient.pk,
            user=None,
            discipline=Discipline.objects.get(pk="social_work"),
            on=day("2026-03-03"),
            member=vera,
        )
        assert task(patient, "PALL-REF").owner == vera
        leave_clinic(vera)
        release_work_of_inactive()
        sweep()
    assert task(patient, "PALL-REF").owner is None
    assert task(patient, "PALL-REF").alert_at == moment("2026-04-02 00:00")
