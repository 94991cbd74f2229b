"""What a cell may hold: read from text with a reason when it is wrong, written back as equal text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from assessments.specs import Quantity, Score
from pathway.dates import EARLIEST, LATEST

LONGEST_TEXT = 10_000


class CellError(ValueError):
    """Why a cell cannot be read; the message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How one file writes things: the order of its dates, and whether 64,9 is a number."""

    date_format: str = ""
    decimal_comma: bool = False


class Cell(Protocol):
    """The type of a column."""

    @property
    def says(self) -> str:
        """What it holds, for the documentation."""

    def read(self, text: str, habits: Habits) -> Any:
        """The value of a cell that is not empty. Raises CellError."""

    def write(self, value: Any) -> str:
        """The text that reads as ``value``."""


_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n]")


def neutral(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula: a leading ' before = + - @ and tabs."""
    return f"'{text}" if _FORMULA.match(text) else text


def literal(text: str) -> str:
    """The inverse of ``neutral``."""
    return text[1:] if _ESCAPED.match(text) else text


@dataclass(frozen=True, slots=True)
class Words:
    """A text."""

    longest: int = LONGEST_TEXT

    @property
    def says(self) -> str:
        return "text" if self.longest == LONGEST_TEXT else f"text, at most {self.longest} characters"

    def read(self, text: str, habits: Habits) -> str:
        """The text without the mark that keeps spreadsheets from running it."""
        value = literal(text)
        if len(value) > self.longest:
            text = _("This is %(length)s characters long. Shorten it to %(longest)s.")
            raise CellError(text % {"length": len(value), "longest": self.longest})
        return value

    def write(self, value: Any) -> str:
        return neutral(str(value))


@dataclass(frozen=True, slots=True)
class Day:
    """A date: always 2026-03-28, or as the import's date format says."""

    says: str = "date"

    def read(self, text: str, habits: Habits) -> date:
        """The date, between 1900 and 2199."""
        found = _iso(text) or _formatted(text, habits.date_format)
        if found is None:
            raise CellError(_not_a_date(habits.date_format))
        if not EARLIEST <= found <= LATEST:
            raise CellError(_("The year must lie between 1900 and 2199."))
        return found

    def write(self, value: date) -> str:
        return value.isoformat()


def check_date_format(text: str) -> str:
    """A date format such as DD/MM/YYYY, as given. Raises CellError."""
    parts = re.split(r"[^A-Z]", text)
    if sorted(parts) != ["DD", "MM", "YYYY"]:
        words = _("%(text)s is not a date format. Write it like DD/MM/YYYY or MM/DD/YYYY.")
        raise CellError(words % {"text": text})
    if parts[0] == "YYYY" and parts[1] == "DD":
        words = _("%(text)s cannot be told from 2026-03-28. Export the dates in another form.")
        raise CellError(words % {"text": text})
    return text


def _iso(text: str) -> date | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _formatted(text: str, date_format: str) -> date | None:
    if not date_format:
        return None
    pattern = re.escape(date_format)
    for part, digits in (("YYYY", r"\d{4}"), ("MM", r"\d{1,2}"), ("DD", r"\d{1,2}")):
        pattern = pattern.replace(part, f"(?P<{part}>{digits})")
    found = re.fullmatch(pattern, text, re.ASCII)
    return _date(int(found["YYYY"]), int(found["MM"]), int(found["DD"])) if found else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _not_a_date(date_format: str) -> str:
    if date_format:
        return _("This is not a date like 2026-03-28 or %(format)s.") % {"format": date_format}
    return _(
        "This is not a date like 2026-03-28. "
        "If the clinic writes dates otherwise, say how, for example --date-format DD/MM/YYYY."
    )


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""

    says: str = "yes or no"

    def read(self, text: str, habits: Habits) -> bool:
        """Also y, n, true, false, 1 and 0."""
        word = text.casefold()
        if word in ("yes", "y", "true", "1"):
            return True
        if word in ("no", "n", "false", "0"):
            return False
        raise CellError(_("This is neither yes nor no."))

    def write(self, value: bool) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Code:
    """One of a few words; the words people see for them are read as well."""

    choices: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says(self) -> str:
        return "one of: " + ", ".join(self.choices)

    def read(self, text: str, habits: Habits) -> str:
        """The code."""
        word = text.casefold()
        if word in self.choices:
            return word
        for code, label in self.choices.items():
            if word in (code.casefold(), str(label).casefold()):
                return code
        raise CellError(_("This is not one of: %(known)s.") % {"known": ", ".join(self.choices)})

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the unit and range of a finding; stored as the finding is."""

    spec: Quantity

    @property
    def says(self) -> str:
        return f"number of {self.spec.unit}, {self.spec.low} to {self.spec.high}"

    def read(self, text: str, habits: Habits) -> int | float:
        """The number in the unit it is stored in (grams for kg)."""
        amount = _number(text, habits) * self.spec.per_unit
        value: int | float = int(amount) if amount == amount.to_integral_value() else float(amount)
        if problem := self.spec.problem(value):
            raise CellError(str(problem))
        return value

    def write(self, value: int | float) -> str:
        amount = Decimal(str(value)) / self.spec.per_unit
        return format(amount.normalize(), "f")


@dataclass(frozen=True, slots=True)
class Points:
    """A score; stored as the finding is."""

    spec: Score

    @property
    def says(self) -> str:
        return f"whole number, {self.spec.low} to {self.spec.high}"

    def read(self, text: str, habits: Habits) -> int:
        """The score."""
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
            raise CellError(_("This is not a whole number."))
        if problem := self.spec.problem(int(text)):
            raise CellError(problem)
        return int(text)

    def write(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Place:
    """A whole number that puts rows in order."""

    says: str = "whole number"

    def read(self, text: str, habits: Habits) -> int:
        """Zero to a billion."""
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
            raise CellError(_("This is not a whole number."))
        return int(text)

    def write(self, value: int) -> str:
        return str(value)


def _number(text: str, habits: Habits) -> Decimal:
    """A decimal number; a single comma with one or two digits after it where the file may mean that."""
    if habits.decimal_comma and re.fullmatch(r"-?\d+,\d{1,2}", text, re.ASCII):
        text = text.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", text, re.ASCII):
        raise CellError(_("This is not a number. Write figures only, such as 64.9."))
    return Decimal(text)
