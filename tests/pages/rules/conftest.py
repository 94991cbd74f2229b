"""A clinic, and the lead who changes its rules."""

import pytest

from pages.views import rule_changes
from teams.models import Clinic, Role, User
from tests.factories import a_clinic, a_member


@pytest.fixture
def clinic() -> Clinic:
    """A clinic."""
    return a_clinic()


@pytest.fixture
def lead(clinic: Clinic) -> User:
    """A clinical lead."""
    return a_member(clinic, "neurology", role=Role.LEAD, name="Olga Bittern")


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens here; the tests work runs off themselves."""
    monkeypatch.setattr(rule_changes, "say_look_now", lambda: None)
