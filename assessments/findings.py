"""What an assessment found: checked, summed up, worked out, and told to the rules."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.specs import Spec


def finding(spec: Spec) -> Any:
    """A field of a ``Findings`` class; None while it is not answered."""
    return field(default=None, metadata={"spec": spec})


class Computed(NamedTuple):
    """A value worked out from findings: "BMI", "22.4"."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An assessment of the same kind, done before."""

    on: date
    findings: Any


@dataclass(frozen=True, slots=True)
class Background:
    """What values are worked out against.

    The day ``on`` which it was done, the person's own data, ``earlier`` assessments of
    the kind, and ``beside`` them, by kind, those of the kinds it looks at; latest first.
    """

    on: date | None = None
    height_cm: int | None = None
    baseline_weight_g: int | None = None
    earlier: Sequence[Earlier] = ()
    beside: Mapping[str, Sequence[Earlier]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one assessment found. Whatever was not answered is None."""

    @classmethod
    def specs(cls) -> Mapping[str, Spec]:
        """Each finding with what it may be."""
        return {each.name: each.metadata["spec"] for each in fields(cls)}

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> Self:
        """Findings from values by name; None and "" count as not answered.

        Raises:
            ValidationError: names each wrong value and says how to mend it.
        """
        specs = cls.specs()
        answers = {name: _plain(value) for name, value in values.items() if value not in (None, "")}
        problems = {
            name: problem for name, value in answers.items() if (problem := _problem(specs, name, value))
        }
        if problems:
            raise ValidationError(problems)
        found = cls(**answers)
        if contradictions := found.contradictions():
            raise ValidationError(dict(contradictions))
        return found

    def contradictions(self) -> Mapping[str, str]:
        """Findings that cannot both be true, by the name of the one to mend."""
        return {}

    def answers(self) -> dict[str, Any]:
        """What was answered, ready to be stored."""
        return {
            name: value for name in self.__dataclass_fields__ if (value := getattr(self, name)) is not None
        }

    def summary(self) -> str:
        """The findings in one line."""
        raise NotImplementedError

    def lines(self) -> Sequence[str]:
        """What the summary has no room for, as sentences without their full stop."""
        return ()

    def event_data(self) -> dict[str, Any]:
        """The findings in the vocabulary of the rules (``pathway.facts.Event.data``)."""
        raise NotImplementedError

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of ``event_data``, checked as ``checked`` does."""
        raise NotImplementedError

    def computed(self, background: Background) -> Sequence[Computed]:
        """Values worked out from these findings and what is known already."""
        return ()

    def last(self, background: Background) -> str:
        """The last value as a hint under the field typed most: "64.9 kg on 30 Nov 2025"."""
        return ""


def _problem(specs: Mapping[str, Spec], name: str, value: Any) -> str:
    if name not in specs:
        return _("%(name)s is not recorded here. Known: %(known)s.") % {
            "name": name,
            "known": ", ".join(specs),
        }
    return specs[name].problem(value)


def _plain(value: Any) -> Any:
    """Decimals as the numbers JSON knows; whole ones as whole numbers."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float | Decimal) and math.isfinite(value):
        return int(value) if value == int(value) else float(value)
    return value
