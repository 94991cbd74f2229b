"""Files with anything in any cell: no crash, nothing by halves, and importing again changes nothing."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import transaction

from audit.actor import acting
from exchange.export import export_clinic
from exchange.imports.plan import Change
from exchange.services.cohort import seed_cohort
from exchange.services.importing import ImportResult, import_clinic
from pathway import clock
from patients.models import Patient
from teams.models import Clinic
from tests.factories import a_clinic

TODAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)
CELLS = (
    "", "0", "-1", "=1", "9" * 21, "1e9", "nan", "2199-12-31", "1900-01-01", "2026-02-30", "x" * 150,
    "x" * 12_000, "é" * 90, "\u202eabc", "a\nb", "a\r\nb", '"', "'", "''=", "yes", "no", "P00001", "P00002",
    "hospice", "deceased", "active", "in_use", "cancelled", "palliative", "nutrition", "discipline:nutrition",
    "power_wheelchair", "250", "19.9", "\t", "  ", "😀", "0000-00-00", "12", "scheduled", "seen",
    "other@example.org", "\u2028", "NULL", "inpatient",
)  # fmt: skip
Files = dict[str, list[list[str]]]


def _read(folder: Path) -> Files:
    return {
        path.name: list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        for path in folder.glob("*.csv")
    }


def _break(random: Random, files: Files) -> None:
    rows = files[random.choice(sorted(name for name, rows in files.items() if len(rows) > 1))]
    line = random.randrange(0 if random.random() < 0.05 else 1, len(rows))
    match random.choices(["cell", "twice", "gone", "longer", "shorter"], [75, 10, 5, 5, 5])[0]:
        case "cell":
            rows[line][random.randrange(len(rows[line]))] = random.choice(CELLS)
        case "twice":
            rows.append(list(rows[line]))
        case "gone":
            del rows[line]
        case "longer":
            rows[line] = [*rows[line], "extra"]
        case "shorter":
            rows[line] = rows[line][:-1]


def _write(random: Random, folder: Path, files: Files) -> None:
    delimiter = random.choice(",;\t")
    cut_off = random.choice(sorted(files)) if random.random() < 0.15 else ""
    for name, rows in files.items():
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows(rows)
        raw = out.getvalue().encode()
        if name == cut_off:
            raw = raw[: random.randrange(len(raw))]
        (folder / name).write_bytes(raw)


def _import_twice(clinic: Clinic, folder: Path) -> ImportResult:
    """Import, check that nothing is there by halves and that again changes nothing; keep nothing."""
    with transaction.atomic():
        result = import_clinic(clinic=clinic, folder=folder)
        if result.stopped:
            assert not Patient.objects.filter(clinic=clinic).exists()
        else:
            again = import_clinic(clinic=clinic, folder=folder)
            changed: Counter[Any] = Counter()
            for counts in again.counts.values():
                changed.update({change: count for change, count in counts.items() if count})
            assert set(changed) <= {Change.UNCHANGED, Change.LEFT}
        transaction.set_rollback(True)
    return result


def _try(rounds: int, seed: int, tmp_path: Path) -> Counter[str]:
    """Break a good folder in as many ways; how often it was taken and stopped."""
    random, outcomes = Random(seed), Counter[str]()
    good = seed_cohort(name="Good", patients=3, seed=seed, as_of=TODAY)
    with clock.set_to(NOON), acting(user_id=None, purpose="test"):
        export_clinic(clinic=good, folder=tmp_path / "good")
        clinic = a_clinic(name="Other")
        for _round in range(rounds):
            files = _read(tmp_path / "good")
            for _time in range(random.choice([0, 0, 0, 1, 1, 2, 6])):
                _break(random, files)
            (tmp_path / "broken").mkdir(exist_ok=True)
            _write(random, tmp_path / "broken", files)
            result = _import_twice(clinic, tmp_path / "broken")
            outcomes["stopped" if result.stopped else "taken"] += 1
    return outcomes


@pytest.mark.django_db
def test_broken_files_are_told_or_taken(tmp_path: Path) -> None:
    outcomes = _try(40, 1, tmp_path)

    assert min(outcomes["taken"], outcomes["stopped"]) >= 12


@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2, 8))
def test_a_thousand_broken_folders(tmp_path: Path, seed: int) -> None:
    outcomes = _try(170, seed, tmp_path)

    assert min(outcomes["taken"], outcomes["stopped"]) >= 50
