"""The parts of a visit sheet: what a person takes along through a clinic day, on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pages.rows.work import TaskRow


@dataclass(frozen=True, slots=True)
class Medication:
    """A course that is running: ``dose`` as recorded or as usual, ``instruction`` after its label."""

    name: str
    dose: str
    since: date
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """The latest value of a measure, and the one before it."""

    label: str
    value: str
    on: date
    before: str = ""
    before_on: date | None = None


@dataclass(frozen=True, slots=True)
class WorkOf:
    """Open work of one discipline, worst first."""

    discipline: str
    rows: Sequence[TaskRow]


@dataclass(frozen=True, slots=True)
class TickLine:
    """A line with a box to tick; ``note`` says when it was last done, or why it stands here."""

    text: str
    note: str = ""
