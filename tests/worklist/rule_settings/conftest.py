"""A person and the lead who changes the rules of their clinic, on 5 Mar 2026."""

from collections.abc import Iterator

import pytest

from patients.models import Patient
from teams.models import Role, User
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at


@pytest.fixture
def patient() -> Patient:
    """Joined on 2 Mar 2026, so a first nutrition review is due on 1 Apr."""
    with at("2026-03-02"):
        return a_patient(a_clinic())


@pytest.fixture
def lead(patient: Patient) -> User:
    """Who changes settings."""
    return a_member(patient.clinic, role=Role.LEAD, name="Marcus Heron")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    """Where a test sets no day of its own."""
    with at("2026-03-05"):
        yield
