"""What a single finding may be: a number with a range, a score, a yes or no, a choice, a text.

One declaration serves the form, the service and the import: it says what is wrong
with a value, and how to mend it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from django.utils.formats import number_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"
"""Text that may still wait for its language."""
TOO_LONG = 10**15
"""From here on figures are a slip of the keyboard, and not worked with."""


class Spec(Protocol):
    """What a finding may be."""

    @property
    def label(self) -> Words:
        """What people call the finding."""

    def problem(self, value: Any) -> str:
        """What is wrong with a stored value and how to mend it; "" when nothing is."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number between ``low`` and ``high``, given in ``unit``.

    It is stored in a unit ``per_unit`` times smaller (weight is typed in kg and kept
    in whole grams) and shown with ``decimals`` places.
    """

    label: Words
    unit: str
    low: int
    high: int
    per_unit: int = 1
    decimals: int = 0

    def problem(self, value: Any) -> str:
        """Not a number, or outside the range, with the number that was probably meant."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < TOO_LONG:
            return _("%(value)s is not a number. Enter figures only, such as %(example)s.") % {
                "value": _as_typed(value),
                "example": self.shown((self.low + self.high) // 4 * self.per_unit, unit=False),
            }
        if self.per_unit > 1 and not isinstance(value, int):
            return _("%(value)s has too many decimals.") % {"value": value}
        amount = Decimal(str(value)) / self.per_unit
        if self.low <= amount <= self.high:
            return ""
        return self._out_of_range(amount)

    def shown(self, value: float, *, unit: bool = True) -> str:
        """A stored value as people read it: "63.1 kg"."""
        amount = Decimal(str(value)) / self.per_unit
        return self._with_unit(amount, decimals=self.decimals) if unit else _figures(amount, self.decimals)

    def _out_of_range(self, amount: Decimal) -> str:
        if amount > self.high:
            limit, text = self.high, _("%(value)s is above the %(limit)s this form accepts.")
        else:
            limit, text = self.low, _("%(value)s is below the %(limit)s this form accepts.")
        words = text % {"value": self._with_unit(amount), "limit": self._with_unit(Decimal(limit))}
        meant = self._meant(amount)
        if meant is None:
            return words
        return words + " " + _("Did you mean %(value)s?") % {"value": _figures(meant)}

    def _meant(self, amount: Decimal) -> Decimal | None:
        """The number with its decimal point or sign put right, if that is in range."""
        slips = (amount / 10, amount * 10, amount / 100, amount / 1000, -amount)
        return next((slip for slip in slips if self.low <= slip <= self.high), None)

    def _with_unit(self, amount: Decimal, *, decimals: int | None = None) -> str:
        gap = "" if self.unit == "%" else "\N{NO-BREAK SPACE}"
        return f"{_figures(amount, decimals)}{gap}{self.unit}"


@dataclass(frozen=True, slots=True)
class Score:
    """A whole number between ``low`` and ``high``; ``steps`` says in words what each one means, if known."""

    label: Words
    high: int
    low: int = 0
    steps: Mapping[int, Words] = field(default_factory=dict)

    def problem(self, value: Any) -> str:
        """Not a whole number, or outside the range."""
        if isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high:
            return ""
        return _("%(value)s is not a whole number from %(low)s to %(high)s.") % {
            "value": _as_typed(value),
            "low": self.low,
            "high": self.high,
        }


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no; not answered is neither. ``tick``: shown as a box, where empty means no."""

    label: Words
    tick: bool = False

    def problem(self, value: Any) -> str:
        """Anything but yes or no."""
        if isinstance(value, bool):
            return ""
        return _("%(value)s is neither yes nor no.") % {"value": _as_typed(value)}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    label: Words
    choices: Mapping[str, Words] = field(default_factory=dict)

    def problem(self, value: Any) -> str:
        """Not one of them; the message lists them."""
        if isinstance(value, str) and value in self.choices:
            return ""
        known = ", ".join(self.choices)
        return _("%(value)s is not one of: %(known)s.") % {"value": _as_typed(value), "known": known}


@dataclass(frozen=True, slots=True)
class Text:
    """A short text."""

    label: Words
    longest: int = 200

    def problem(self, value: Any) -> str:
        """Not a text, or too long."""
        if not isinstance(value, str):
            return _("%(value)s is not a text.") % {"value": _as_typed(value)}
        if len(value) > self.longest:
            return _("This is %(length)s characters long. Shorten it to %(longest)s.") % {
                "length": len(value),
                "longest": self.longest,
            }
        return ""


def _as_typed(value: Any) -> str:
    """A wrong value as it can stand in a sentence."""
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _figures(amount: Decimal, decimals: int | None = None) -> str:
    if decimals is not None:
        return number_format(round(amount, decimals), decimals)
    plain = amount.normalize()
    return number_format(plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain)
