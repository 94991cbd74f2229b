"""A CSV file of records: its columns, and where each is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exchange.files.cells import Cell, Day, Place, Words
from patients.facts import Fact

KEY = 100
"""Longest id another system may give a row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file.

    ``path`` is where the value is kept, seen from the model; ``name`` is also its
    name in the data of the event the row becomes, unless ``data`` says otherwise.
    An empty cell means ``default``; with ``as_usual`` it means whatever is kept.
    Columns not ``compared`` do not make a row that was imported before a new one.
    ``only_if`` names a column and the value it must have for this one to count.
    """

    name: str
    cell: Cell
    says: str
    path: str = ""
    required: bool = False
    data: str = ""
    compared: bool = True
    default: Any = None
    as_usual: bool = False
    only_if: tuple[str, str] | None = None

    @property
    def kept(self) -> str:
        """Where the value is kept."""
        return self.path or self.name

    @property
    def key(self) -> str:
        """Its name in the event's data."""
        return self.data or self.name


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file; each row is one fact about a patient.

    ``event`` is the kind of event a row becomes. ``parent`` names the file of the
    referral or request a row is about, and the model's field that points at it.
    ``kind`` marks assessments: those columns named in ``findings`` are findings.
    """

    file: str
    says: str
    event: str
    model: type[Fact]
    columns: tuple[Column, ...]
    parent: tuple[str, str] | None = None
    kind: str = ""
    findings: frozenset[str] = frozenset()

    @property
    def required(self) -> Sequence[str]:
        """Columns without which the file cannot be read."""
        return [column.name for column in self.columns if column.required]

    def column(self, name: str) -> Column | None:
        """A column by name."""
        return next((column for column in self.columns if column.name == name), None)


EXTERNAL_ID = Column(
    "external_id", Words(KEY), "the row's own id in the clinic's records; never reused", required=True
)
PATIENT = Column("patient", Words(KEY), "`external_id` of the patient", required=True, compared=False)
DATE = Column("date", Day(), "the day it happened", path="happened_on", required=True)
RECORDED_ON = Column(
    "recorded_on", Day(), "the day it was recorded; empty: the day of the import", compared=False
)
ORDER = Column(
    "order",
    Place(),
    "order of recording among rows of one patient with the same dates; empty: as in the file",
    path="entry",
    compared=False,
)
NOTE = Column("note", Words(), "anything else")
ELSEWHERE = Column("done_elsewhere", Words(200), "where it was done, if not in this clinic, and how known")


def about_a_patient(*own: Column, elsewhere: bool = False) -> tuple[Column, ...]:
    """Columns of a file whose rows name the patient."""
    after = (ELSEWHERE, NOTE) if elsewhere else (NOTE,)
    return (EXTERNAL_ID, PATIENT, DATE, *own, *after, RECORDED_ON, ORDER)


def about_a_parent(name: str, says: str, *own: Column) -> tuple[Column, ...]:
    """Columns of a file whose rows name a referral or a request."""
    parent = Column(name, Words(KEY), says, required=True, data="id", compared=False)
    return (EXTERNAL_ID, parent, DATE, *own, NOTE, RECORDED_ON, ORDER)
