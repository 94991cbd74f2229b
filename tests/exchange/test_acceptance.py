"""A clinic with history comes in as CSV: the alerts are those the rules give for the same records."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from alerts.models import Alert
from equipment.models import EquipmentRequest
from exchange.replay import replay
from exchange.services.cohort import seed_cohort
from pathway import clock
from teams.models import Clinic
from tests.exchange.records import timelines

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)
Open = set[tuple[str, str, str, date]]


@pytest.fixture
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def exported(folder: Path, patients: int) -> Path:
    """The files of a synthetic clinic with history up to today."""
    seed_cohort(name="Seeded", patients=patients, seed=7, as_of=TODAY)
    call_command("export_clinic", str(folder), "--clinic", "Seeded", stdout=StringIO())
    return folder


def opened_by_the_rules(folder: Path, recorded_on: date | None = None) -> Open:
    """(patient, rule, subject, day) of what is overdue; before today it could not alert here."""
    answer = replay({"timelines": timelines(folder, as_of=TODAY, recorded_on=recorded_on)})
    return {
        (timeline["id"], alert["rule"], alert["subject"], TODAY)
        for timeline in answer["timelines"]
        for alert in timeline["alerts"]
        if alert["closes_on"] is None
    }


def opened_here(clinic: Clinic) -> Open:
    """The same of the open alerts of the clinic, with the files' ids."""
    alerts = Alert.objects.filter(clinic=clinic, closed_at__isnull=True).select_related("patient")
    ids = _ids(clinic)
    return {
        (alert.patient.external_id, alert.rule, ids.get(alert.subject, alert.subject), alert.opens_on)
        for alert in alerts
    }


def _ids(clinic: Clinic) -> dict[str, str]:
    rows = EquipmentRequest.objects.filter(patient__clinic=clinic).values_list("pk", "external_id")
    return {str(pk): external_id for pk, external_id in rows}


def swept() -> dict[str, Any]:
    """What ``sweep --json`` prints."""
    out = StringIO()
    call_command("sweep", "--json", stdout=out)
    return json.loads(out.getvalue())  # type: ignore[no-any-return]


@pytest.mark.usefixtures("noon")
def test_three_hundred_people_with_history(tmp_path: Path) -> None:
    folder = exported(tmp_path, 300)

    call_command("import_clinic", str(folder), "--clinic", "Harbor", "--create", stdout=StringIO())
    swept()

    harbor = Clinic.objects.get(name="Harbor")
    expected = opened_by_the_rules(folder)
    assert opened_here(harbor) == expected
    assert {rule for _patient, rule, _subject, _day in expected} == {
        "NUTR-3M",
        "PALL-REF",
        "EQ-STAGE",
        "EQ-AGE",
    }
    assert swept()["opened"] == 0


@pytest.mark.usefixtures("noon")
def test_records_that_do_not_say_when_they_were_recorded(tmp_path: Path) -> None:
    folder = exported(tmp_path, 40)
    for path in folder.glob("*.csv"):
        _without_column(path, "recorded_on")

    call_command("import_clinic", str(folder), "--clinic", "Harbor", "--create", stdout=StringIO())
    swept()

    harbor = Clinic.objects.get(name="Harbor")
    assert opened_here(harbor) == opened_by_the_rules(folder, recorded_on=TODAY)
    assert set(Alert.objects.filter(clinic=harbor).values_list("task__catch_up", flat=True)) == {True}


def _without_column(path: Path, name: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and name in rows[0]:
        columns = [column for column in rows[0] if column != name]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
