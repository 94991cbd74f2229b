"""A pregnancy with riluzole or edaravone asks neurology to decide, once."""

from datetime import date
from typing import Any

import pytest

from assessments.services import log_assessment
from patients.models import Patient
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
            patient_id=patient.pk, user=user, kind=kind, findings=findings, on=date.fromisoformat(on)
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
