"""A clinic with history comes in as CSV: the alerts are those the rules give for the same records."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import call_command

from alerts.models import Alert
from assessments.registry import kinds
from equipment.models import EquipmentRequest
from exchange.replay import replay
from exchange.services.cohort import seed_cohort
from pathway import clock
from patients.facts import Fact
from referrals.models import Referral
from teams.models import Clinic
from tests.exchange.records import timelines
from tests.pathway.build import USUAL

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


def with_gaps(folder: Path) -> Path:
    """Lose two of five findings, updates and answers, most BPAP requests, and spoil a few.

    So work of every rule is left undone.
    """
    random = Random(7)
    thinned = {*kinds(), "declines", "equipment_updates", "referral_updates"}
    for path in sorted(folder.glob("*.csv")):
        if path.stem in thinned:
            _rewrite(path, lambda row: random.random() < 0.6)
    lost: set[str] = set()
    _rewrite(folder / "equipment.csv", lambda row: not _is_lost(row, lost, random))
    for name in ("equipment_updates", "equipment_calls", "equipment_loans"):
        _rewrite(folder / f"{name}.csv", lambda row: row["request"] not in lost)
    for name in ("lft", "niv_start", "equipment"):
        _rewrite(folder / f"{name}.csv", _spoilt)
    return folder


def _is_lost(row: dict[str, str], lost: set[str], random: Random) -> bool:
    if row["item"] == "bpap" and random.random() < 0.7:
        lost.add(row["external_id"])
    return row["external_id"] in lost


def _spoilt(row: dict[str, str]) -> bool:
    """No backup rate is known any more, and late liver tests are just too high."""
    if row.get("backup_rate"):
        row["backup_rate"] = ""
    if "alt_x_uln" in row and row["date"] > "2026-05-15":
        row["alt_x_uln"] = "5.1"
    return True


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
    models: tuple[type[Fact], ...] = (EquipmentRequest, Referral)
    return {
        str(pk): external_id
        for model in models
        for pk, external_id in model.objects.filter(patient__clinic=clinic).values_list("pk", "external_id")
    }


def swept() -> dict[str, Any]:
    """What ``sweep --json`` prints."""
    out = StringIO()
    call_command("sweep", "--json", stdout=out)
    return json.loads(out.getvalue())  # type: ignore[no-any-return]


@pytest.mark.usefixtures("noon")
def test_three_hundred_people_with_history(tmp_path: Path) -> None:
    folder = with_gaps(exported(tmp_path, 300))

    call_command("import_clinic", str(folder), "--clinic", "Harbor", "--create", stdout=StringIO())
    swept()

    harbor = Clinic.objects.get(name="Harbor")
    expected = opened_by_the_rules(folder)
    assert opened_here(harbor) == expected
    assert {rule for _patient, rule, _subject, _day in expected} == USUAL
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
    _rewrite(path, lambda _row: True, leave_out=name)


def _rewrite(path: Path, keep: Callable[[dict[str, str]], bool], *, leave_out: str = "") -> None:
    """Keep some rows of a file, and all its columns but one."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if keep(row)]
        columns = [column for column in reader.fieldnames or () if column != leave_out]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
