"""Folders of files to bring in, and what came of it."""

import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from exchange.services.importing import ImportResult, import_clinic
from pathway import clock
from patients.facts import Fact
from teams.models import Clinic

NOON = datetime(2026, 3, 12, 16, tzinfo=UTC)
PATIENT = {
    "external_id": "P1",
    "mrn": "D-0142",
    "given_name": "Ruth",
    "family_name": "Alder",
    "birth_on": "1961-06-03",
    "enrolled_on": "2026-01-05",
}
REVIEW = {"external_id": "n1", "patient": "P1", "date": "2026-01-10", "weight_kg": "64.9"}
REQUEST = {"external_id": "q1", "patient": "P1", "date": "2026-02-09", "item": "power_wheelchair"}
SUBMITTED = {"external_id": "s1", "request": "q1", "date": "2026-02-20", "status": "submitted"}

Rows = list[dict[str, str]]


class Folder:
    """A folder of files that a test writes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, delimiter: str = ",", **files: Rows) -> "Folder":
        """``patients=[{...}]`` becomes patients.csv."""
        for name, rows in files.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            out = StringIO(newline="")
            writer = csv.DictWriter(out, columns, delimiter=delimiter, restval="")
            writer.writeheader()
            writer.writerows(rows)
            (self.path / f"{name}.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
        return self


def bring_in(clinic: Clinic, folder: Folder, **options: Any) -> ImportResult:
    """Import at noon on 12 Mar 2026."""
    with clock.set_to(NOON):
        return import_clinic(clinic=clinic, folder=folder.path, **options)


def counted(result: ImportResult, file: str) -> dict[str, int]:
    """What happened to the rows of a file."""
    return {change.value: count for change, count in result.counts[f"{file}.csv"].items() if count}


def standing(model: type[Fact]) -> list[Any]:
    """Facts of a model that are not marked entered in error."""
    return list(model.objects.in_force().order_by("happened_on"))


def places(result: ImportResult) -> list[tuple[str, int, str, str]]:
    """Where the problems are, with the values."""
    return [(each.file, each.line, each.column, each.value) for each in result.problems]
