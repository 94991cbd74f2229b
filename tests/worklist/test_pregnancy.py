"""A pregnancy with riluzole or edaravone asks neurology to decide, once."""

from datetime import date
from typing import Any

import pytest

from alerts.models import Alert
from alerts.services.sweep import sweep
from assessments.models import Assessment
from assessments.services import log_assessment
from patients.models import Patient
from patients.services import mark_entered_in_error, take_back_error_mark
from teams.models import User
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import complete_task
from worklist.services.pregnancy import ask_prescriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    """Joined on 2 Mar 2026."""
    with at("2026-03-02"):
        return a_patient(a_clinic())


@pytest.fixture
def user(patient: Patient) -> User:
    return a_member(patient.clinic, "neurology")


def record(patient: Patient, user: User, kind: str, on: str, **findings: Any) -> CareTask | None:
    """Record it on its day, then ask."""
    with at(on):
        log_assessment(
            patient_id=patient.pk, user=user, kind=kind, findings=findings, on=date.fromisoformat(on[:10])
        )
        return ask_prescriber(patient=patient, user=user)


@pytest.mark.parametrize("drug", ["riluzole", "edaravone"])
def test_neurology_is_asked_and_the_title_does_not_say_why(patient: Patient, user: User, drug: str) -> None:
    assert record(patient, user, "med_start", "2026-03-03", drug=drug) is None

    task = record(patient, user, "pregnancy", "2026-03-04", pregnant=True)

    assert task is not None
    assert (task.title, task.note) == (f"Prescriber decision: {drug}", "Pregnancy recorded.")
    assert (task.discipline_id, task.owner, task.severity, task.due_on) == (
        "neurology",
        None,
        Severity.URGENT,
        date(2026, 3, 4),
    )


def test_a_drug_started_while_pregnant_asks_as_well(patient: Patient, user: User) -> None:
    assert record(patient, user, "pregnancy", "2026-03-03", pregnant=True) is None
    assert record(patient, user, "med_start", "2026-03-04", drug="tofersen") is None

    task = record(patient, user, "med_start", "2026-03-05", drug="riluzole")

    assert task is not None


def test_nobody_is_asked_twice_in_one_pregnancy(patient: Patient, user: User) -> None:
    record(patient, user, "med_start", "2026-03-03", drug="riluzole")
    first = record(patient, user, "pregnancy", "2026-03-04", pregnant=True)
    assert first is not None

    assert record(patient, user, "pregnancy", "2026-03-05", pregnant=True) is None
    with at("2026-03-06"):
        complete_task(task_id=first.pk, user=user)
    assert record(patient, user, "med_start", "2026-03-07", drug="riluzole") is None
    assert record(patient, user, "pregnancy", "2026-10-08", pregnant=False) is None
    assert record(patient, user, "pregnancy", "2027-10-09", pregnant=True) is not None


@pytest.mark.parametrize(
    ("kind", "findings"),
    [("med_stop", {"drug": "riluzole"}), ("pregnancy", {"pregnant": False}), ("pregnancy", {})],
)
def test_nobody_is_asked_without_a_running_course_or_a_pregnancy(
    patient: Patient, user: User, kind: str, findings: dict[str, Any]
) -> None:
    record(patient, user, "med_start", "2026-03-03", drug="riluzole")
    record(patient, user, kind, "2026-03-04", **findings)

    asked = record(patient, user, "pregnancy", "2026-03-05", pregnant=kind == "med_stop")

    assert asked is None
    assert not CareTask.objects.filter(rule="").exists()


def mark(patient: Patient, kind: str, on: str) -> None:
    """Mark the latest record of a kind entered in error."""
    with at(on):
        fact = Assessment.objects.in_force().filter(patient=patient, kind=kind).latest("entry")
        mark_entered_in_error(fact=fact, user=None, reason="Wrong person.")


def take_back(patient: Patient, kind: str, on: str) -> None:
    with at(on):
        fact = Assessment.objects.filter(patient=patient, kind=kind, voided_at__isnull=False).latest("entry")
        take_back_error_mark(fact=fact, user=None)


def questions(patient: Patient) -> list[str]:
    """What became of each question, the first asked in front; "" = still open."""
    return list(
        CareTask.objects.filter(patient=patient, rule="")
        .order_by("opened_at")
        .values_list("close_reason", flat=True)
    )


@pytest.mark.parametrize("kind", ["pregnancy", "med_start"])
def test_a_mark_of_error_takes_the_question_back_and_brings_it_again(
    patient: Patient, user: User, kind: str
) -> None:
    record(patient, user, "med_start", "2026-03-03", drug="riluzole")
    record(patient, user, "pregnancy", "2026-03-04", pregnant=True)

    mark(patient, kind, "2026-03-05")
    taken_back = questions(patient)
    take_back(patient, kind, "2026-03-06")

    assert (taken_back, questions(patient)) == (["voided"], [""])


def test_a_pregnancy_marked_in_error_leaves_no_alert(patient: Patient, user: User) -> None:
    record(patient, user, "med_start", "2026-03-03", drug="riluzole")
    record(patient, user, "pregnancy", "2026-03-04", pregnant=True)
    with at("2026-03-06"):
        sweep()

    mark(patient, "pregnancy", "2026-03-07")

    alert = Alert.objects.get(patient=patient, rule="")
    assert (alert.close_reason, alert.closes_on) == ("voided", date(2026, 3, 7))


def test_while_another_record_says_so_the_question_stays(patient: Patient, user: User) -> None:
    record(patient, user, "med_start", "2026-03-03", drug="riluzole")
    record(patient, user, "pregnancy", "2026-03-04", pregnant=True)
    record(patient, user, "pregnancy", "2026-03-05", pregnant=True)

    mark(patient, "pregnancy", "2026-03-06")
    one_left = questions(patient)
    mark(patient, "pregnancy", "2026-03-07")

    assert (one_left, questions(patient)) == ([""], ["voided"])


def test_what_was_decided_stays_decided(patient: Patient, user: User) -> None:
    record(patient, user, "med_start", "2026-03-03", drug="riluzole")
    task = record(patient, user, "pregnancy", "2026-03-04", pregnant=True)
    assert task is not None
    with at("2026-03-05"):
        complete_task(task_id=task.pk, user=user)

    mark(patient, "pregnancy", "2026-03-06")
    take_back(patient, "pregnancy", "2026-03-07")

    assert questions(patient) == ["done"]


def test_entered_anew_after_an_error_it_is_asked_anew(patient: Patient, user: User) -> None:
    record(patient, user, "med_start", "2026-03-03", drug="riluzole")
    record(patient, user, "pregnancy", "2026-03-04", pregnant=True)
    mark(patient, "pregnancy", "2026-03-04 10:00")

    again = record(patient, user, "pregnancy", "2026-03-04 11:00", pregnant=True)

    assert again is not None
    assert questions(patient) == ["voided", ""]


def test_other_marks_of_error_leave_the_question_alone(patient: Patient, user: User) -> None:
    record(patient, user, "med_start", "2026-03-03", drug="riluzole")
    record(patient, user, "pregnancy", "2026-03-04", pregnant=True)
    record(patient, user, "clinic_visit", "2026-03-04")

    mark(patient, "clinic_visit", "2026-03-05")

    assert questions(patient) == [""]
