"""What the page of the alert burden is given."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.rows.work import State


@dataclass(frozen=True, slots=True)
class BurdenCell:
    """One figure under its head: "62%", and what it is of: "13 of 21"."""

    head: str
    text: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class BurdenRow:
    """The alerts of a rule, or of a severity: then ``state`` takes the label's place."""

    label: str
    cells: Sequence[BurdenCell]
    code: str = ""
    url: str = ""
    state: State | None = None


@dataclass(frozen=True, slots=True)
class BurdenTable:
    """One table, with the heads of all its columns."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[BurdenRow]
