"""What an import would do."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from exchange.files.reading import Row
from exchange.files.table import Table
from exchange.selectors import Stored


class Change(StrEnum):
    """What happens to a row."""

    NEW = "new"
    CHANGED = "changed"
    """What is stored is marked entered in error, and the row entered anew."""
    ENDED = "ended"
    """Only an end was added: a seat was left, a loan came back."""
    UNCHANGED = "unchanged"
    LEFT = "left"
    """Just this was marked entered in error here; it stays so."""


WRITTEN = (Change.NEW, Change.CHANGED)


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row to write, and what is stored under its id."""

    table: Table
    row: Row
    change: Change
    stored: Stored | None = None


@dataclass(slots=True)
class PlannedPatient:
    """One person: how their own row changes them, and the rows to write about them."""

    key: str
    row: Row | None = None
    stored: Stored | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    rows: list[PlannedRow] = field(default_factory=list)
    parents: dict[tuple[str, str], UUID] = field(default_factory=dict)
    """Stored requests and referrals that rows hang on, by file and id."""

    @property
    def is_new(self) -> bool:
        """Whether the person is not in the clinic yet."""
        return self.stored is None

    @property
    def has_work(self) -> bool:
        """Whether anything is to be written."""
        return self.is_new or bool(self.changes) or bool(self.rows)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two ids that are probably one person."""

    external_id: str
    other_external_id: str
    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.name}: {self.external_id}, {self.other_external_id} ({self.why})"


@dataclass(slots=True)
class Plan:
    """Everything an import would do, and how many rows it leaves."""

    patients: dict[str, PlannedPatient] = field(default_factory=dict)
    duplicates: list[Duplicate] = field(default_factory=list)
    counts: dict[str, dict[Change, int]] = field(default_factory=dict)

    def count(self, file: str, change: Change) -> None:
        """Count one row of a file."""
        of_file = self.counts.setdefault(file, dict.fromkeys(Change, 0))
        of_file[change] += 1

    @property
    def work(self) -> Sequence[PlannedPatient]:
        """The people about whom something is to be written."""
        return [patient for patient in self.patients.values() if patient.has_work]


def probable_duplicates(stored: Sequence[Stored], rows: Sequence[Row]) -> Iterator[Duplicate]:
    """People who stand under two ids: the same MRN, or the same name and date of birth."""
    in_file = {row.external_id for row in rows}
    people = [(each.key, each.values) for each in stored if each.key not in in_file]
    people += [(row.external_id, row.values) for row in rows]
    tests: tuple[tuple[str, Callable[[Mapping[str, Any]], object]], ...] = (
        (_("same MRN"), lambda values: str(values["mrn"]).casefold()),
        (_("same name and date of birth"), _identity),
    )
    for why, identity in tests:
        keys: dict[object, list[str]] = defaultdict(list)
        for key, values in people:
            keys[identity(values)].append(key)
        names = {key: f"{values['given_name']} {values['family_name']}" for key, values in people}
        for first, *others in keys.values():
            yield from (Duplicate(other, first, names[other], why) for other in others)


def _identity(values: Mapping[str, Any]) -> tuple[str, str, date]:
    given, family = (" ".join(str(values[name]).casefold().split()) for name in ("given_name", "family_name"))
    return given, family, values["birth_on"]
