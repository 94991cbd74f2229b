"""``manage.py alert_burden``."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from alerts.services.sweep import sweep
from tests.factories import a_clinic, a_patient
from tests.worklist.records import at, reviewed
from worklist.models import CareTask

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reviewed_late() -> None:
    clinic = a_clinic(name="Harbor")
    with at("2026-03-02"):
        patient = a_patient(clinic)
        CareTask.objects.exclude(rule="NUTR-3M").update(wake_at=None, rises_at=None)
    with at("2026-04-02"):
        sweep()
    with at("2026-04-12"):
        reviewed(patient, "2026-04-12")


def asked(*options: str) -> str:
    with at("2026-05-31"):
        out = StringIO()
        call_command("alert_burden", *options, stdout=out)
        return out.getvalue()


def raised(*options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asked("--json", *options))["raised"]
    return found


def test_says_what_was_raised_and_what_the_records_give() -> None:
    text = asked("--days", "91")

    assert "Raised here, 2026-03-02 to 2026-05-31:\n0.33 new alerts per patient-month; 1 people" in text
    assert (
        "NUTR-3M           1 new   0.334 a month    0 open; acknowledged 0/1, snoozed 0/1, acted on 0/1"
        in text
    )
    assert "By the records alone" in text
    assert "TEAM-GAP          1 new   0.334 a month    1 open\n" in text  # its alert was held back here


def test_as_json_with_the_days_asked_for() -> None:
    found = raised("--days", "91", "--within", "10")

    assert (found["first"], found["last"], found["patient_months"]) == ("2026-03-02", "2026-05-31", 3.0)
    assert found["rules"]["NUTR-3M"] == {
        "new": 1, "still_open": 0, "acknowledged": 0, "snoozed": 0, "judged": 1, "acted_on": 1,
        "settled": 1, "opened_again": 0, "new_per_patient_month": 0.334,
    }  # fmt: skip
    assert raised("--days", "40", "--until", "2026-05-31")["all"]["new"] == 0
    assert raised("--days", "40", "--until", "2026-04-30")["all"]["new"] == 1


@pytest.mark.parametrize(
    "options", [("--days", "0"), ("--within", "x"), ("--until", "31.5.2026"), ("--clinic", "Nowhere")]
)
def test_says_what_is_wrong_with_an_option(options: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        asked(*options)
