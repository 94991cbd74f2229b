"""What a clinic may set about a rule: its numbers, each with its meaning, unit and range.

Used for the fields of a rule's ``Parameters``. A setting outside its range is refused, so
that a slip of the keyboard cannot silence a rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from pathway.words import gettext_noop as _

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

DAYS = _("days")
MONTHS = _("months")
PERCENT = "%"
_OF_ONE = {DAYS: _("day"), MONTHS: _("month")}


@dataclass(frozen=True, slots=True)
class Limits:
    """A parameter's label and unit (message ids) and the range it may be set in, ends included.

    ``whole`` numbers only, unless the parameter is a measurement; ``low`` and ``high``
    of None belong to a yes or no. ``up_to`` and ``below`` name the parameter this one
    must not exceed, or must stay below: together they would say nothing otherwise.
    """

    label: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    whole: bool = True
    up_to: str = ""
    below: str = ""

    @property
    def is_flag(self) -> bool:
        """Whether the parameter is a yes or no."""
        return self.low is None

    def unit_of(self, value: float) -> str:
        """The unit beside a value: "1 month", "3 months"."""
        return _OF_ONE.get(self.unit, self.unit) if value == 1 else self.unit

    def accepts(self, value: object) -> bool:
        """Whether ``value`` may be set: of the right kind, and in the range."""
        if self.low is None or self.high is None:
            return isinstance(value, bool)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return self.low <= value <= self.high and (not self.whole or float(value).is_integer())


def number_of_days(default: int, label: str, *, low: int = 0, high: int = 365, up_to: str = "") -> Any:
    """A number of calendar days."""
    return field(default=default, metadata={"limits": Limits(label, DAYS, low, high, up_to=up_to)})


def number_of_months(default: int, label: str, *, low: int = 1, high: int = 24, up_to: str = "") -> Any:
    """A number of calendar months, counted by :func:`pathway.dates.add_months`."""
    return field(default=default, metadata={"limits": Limits(label, MONTHS, low, high, up_to=up_to)})


def measurement(default: float, label: str, unit: str, *, low: float, high: float, below: str = "") -> Any:
    """A clinical threshold in ``unit``; decimals are allowed."""
    of_field = Limits(label, unit, low, high, whole=False, below=below)
    return field(default=default, metadata={"limits": of_field})


def yes_or_no(default: bool, label: str) -> Any:
    """Whether something counts."""
    return field(default=default, metadata={"limits": Limits(label)})


def days_by_item(default: Mapping[str, int], label: str, *, low: int = 1, high: int = 365) -> Any:
    """Calendar days by code of an equipment item; each within the range."""
    return field(default_factory=lambda: dict(default), metadata={"limits": Limits(label, DAYS, low, high)})


def of_rule(code: str) -> Mapping[str, str]:
    """Metadata of a field that holds another rule's parameters: both must judge by the same numbers."""
    return {"of_rule": code}


def limits(parameters: "DataclassInstance") -> Mapping[str, Limits]:
    """Each parameter that may be set, with its limits, in the order they are declared."""
    return {each.name: each.metadata["limits"] for each in fields(parameters) if "limits" in each.metadata}


def borrowed(parameters: "DataclassInstance") -> Mapping[str, str]:
    """Each field that holds another rule's parameters, with that rule's code."""
    return {each.name: each.metadata["of_rule"] for each in fields(parameters) if "of_rule" in each.metadata}
