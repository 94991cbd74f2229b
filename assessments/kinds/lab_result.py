"""Liver test: aminotransferases as multiples of the upper limit of normal (catalogue rows 5 and 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Background, Computed, Findings, finding
from assessments.groups import MEDICATION
from assessments.inputs import FindingsForm, measured, segmented
from assessments.kind import Kind
from assessments.specs import Flag, Quantity, Words

SAME = Decimal("0.05")
"""How far a multiple typed by hand, to one decimal, may lie from the one worked out."""


def _times(label: Words) -> Quantity:
    return Quantity(label, "× ULN", low=0, high=1000, decimals=2)


def _units(label: Words, low: int, high: int) -> Quantity:
    return Quantity(label, "U/L", low=low, high=high)


ALT, AST = _times(gettext_lazy("ALT")), _times(gettext_lazy("AST"))
ALT_VALUE = _units(gettext_lazy("ALT measured"), 0, 50_000)
ALT_LIMIT = _units(gettext_lazy("ALT limit"), 5, 200)
AST_VALUE = _units(gettext_lazy("AST measured"), 0, 50_000)
AST_LIMIT = _units(gettext_lazy("AST limit"), 5, 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabResult(Findings):
    """ALT and AST as multiples of the upper limit of normal (ULN), or in U/L with the lab's own limit.

    Where value and limit are known, the multiple worked out from them counts.
    """

    alt_x_uln: float | None = finding(ALT)
    ast_x_uln: float | None = finding(AST)
    bilirubin_high: bool | None = finding(Flag(gettext_lazy("Bilirubin high")))
    alt_u_l: float | None = finding(ALT_VALUE)
    alt_limit_u_l: float | None = finding(ALT_LIMIT)
    ast_u_l: float | None = finding(AST_VALUE)
    ast_limit_u_l: float | None = finding(AST_LIMIT)

    @property
    def alt(self) -> float | None:
        """ALT as a multiple of its upper limit."""
        return _known(self.alt_x_uln, multiple(self.alt_u_l, self.alt_limit_u_l))

    @property
    def ast(self) -> float | None:
        """AST as a multiple of its upper limit."""
        return _known(self.ast_x_uln, multiple(self.ast_u_l, self.ast_limit_u_l))

    def contradictions(self) -> Mapping[str, str]:
        """A multiple that is not that of the value and its limit; a value without its limit."""
        found = {}
        for name in ("alt", "ast"):
            value, limit = getattr(self, f"{name}_u_l"), getattr(self, f"{name}_limit_u_l")
            typed, right = getattr(self, f"{name}_x_uln"), multiple(value, limit)
            if value is not None and limit is None and typed is None:
                found[f"{name}_limit_u_l"] = _("Enter the upper limit printed beside the value.")
            if typed is not None and right is not None and not _agree(typed, right):
                found[f"{name}_x_uln"] = _("%(value)s U/L is %(times)s times the limit of %(limit)s U/L.") % {
                    "value": number_format(value),
                    "limit": number_format(limit),
                    "times": _short(right),
                }
        return found

    def summary(self) -> str:
        """ "ALT 5.6 × ULN, AST 1.2 × ULN, bilirubin high"."""
        measures = ((_("ALT"), self.alt, self.alt_u_l), (_("AST"), self.ast, self.ast_u_l))
        parts = [_told(name, times, value) for name, times, value in measures if times is not None]
        if self.bilirubin_high is not None:
            parts.append(_("bilirubin high") if self.bilirubin_high else _("bilirubin not high"))
        return ", ".join(parts) or _("no result")

    def event_data(self) -> dict[str, Any]:
        """``alt_x_uln``, ``ast_x_uln`` and ``bilirubin_high``, each if it is known."""
        told = {"alt_x_uln": self.alt, "ast_x_uln": self.ast, "bilirubin_high": self.bilirubin_high}
        return {name: value for name, value in told.items() if value is not None}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A result from ``alt_x_uln``, ``ast_x_uln`` and ``bilirubin_high``."""
        return cls.checked({name: data.get(name) for name in ("alt_x_uln", "ast_x_uln", "bilirubin_high")})

    def computed(self, background: Background) -> Sequence[Computed]:
        """The multiples worked out from values in U/L."""
        worked_out = (
            (_("ALT"), multiple(self.alt_u_l, self.alt_limit_u_l)),
            (_("AST"), multiple(self.ast_u_l, self.ast_limit_u_l)),
        )
        return [
            Computed(name, _("%(times)s × ULN") % {"times": _short(times)})
            for name, times in worked_out
            if times is not None
        ]

    def last(self, background: Background) -> str:
        """ "1.2 × ULN on 26 Feb 2026": the last ALT."""
        for earlier in background.earlier:
            if earlier.findings.alt is not None:
                return _("%(times)s × ULN on %(day)s") % {
                    "times": _short(earlier.findings.alt),
                    "day": date_format(earlier.on, "j M Y"),
                }
        return ""


def multiple(value: float | None, limit: float | None) -> float | None:
    """How many times the limit a value is, to four decimals; None unless both are known."""
    if value is None or not limit:
        return None
    return float(round(Decimal(str(value)) / Decimal(str(limit)), 4))


def _known(typed: float | None, worked_out: float | None) -> float | None:
    return typed if worked_out is None else worked_out


def _agree(typed: float, right: float) -> bool:
    return abs(Decimal(str(typed)) - Decimal(str(right))) <= SAME


def _told(name: str, times: float, value: float | None) -> str:
    shown = _("%(name)s %(times)s × ULN") % {"name": name, "times": _short(times)}
    return shown if value is None else f"{shown} ({number_format(value)}\N{NO-BREAK SPACE}U/L)"


def _short(times: float) -> str:
    """A multiple to two decimals, without idle zeros: 5.6, 1, 0.83."""
    return number_format(round(Decimal(str(times)), 2).normalize() + 0)


class LabResultForm(FindingsForm):
    """Multiples first; else values with the lab's limits, from which the multiples are worked out."""

    findings_class = LabResult
    expected = tuple(LabResult.specs())

    def arrange(self) -> None:
        """The last ALT as a hint; which limit is meant."""
        super().arrange()
        self.fields["alt_limit_u_l"].help_text = _("Upper limit of normal.")
        self.fields["alt_x_uln"].help_text = LabResult().last(self.background) or _(
            "Multiple of the upper limit of normal."
        )

    def layout(self) -> Layout:
        """Date and multiples; values in U/L with their limits; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(measured("alt_x_uln", ALT), css_class="col-md-3"),
                Column(measured("ast_x_uln", AST), css_class="col-md-3"),
                Column(segmented("bilirubin_high"), css_class="col-md-3"),
            ),
            Row(
                Column(measured("alt_u_l", ALT_VALUE), css_class="col-md-3"),
                Column(measured("alt_limit_u_l", ALT_LIMIT), css_class="col-md-3"),
                Column(measured("ast_u_l", AST_VALUE), css_class="col-md-3"),
                Column(measured("ast_limit_u_l", AST_LIMIT), css_class="col-md-3"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )

    def clean(self) -> dict[str, Any]:
        """A liver test says something of the liver."""
        cleaned = super().clean()
        typed = self._typed()
        if not self.errors and all(value in (None, "") for value in typed.values()):
            self.add_error("alt_x_uln", _("Enter a result: a multiple, or a value with the lab’s limit."))
        return cleaned

    def _typed(self) -> dict[str, Any]:
        """What was typed; a multiple that was not is worked out, and kept beside the value."""
        typed = super()._typed()
        for name in ("alt", "ast"):
            if typed[f"{name}_x_uln"] is None:
                typed[f"{name}_x_uln"] = multiple(typed[f"{name}_u_l"], typed[f"{name}_limit_u_l"])
        return typed


KIND = Kind(
    code="lft",
    group=MEDICATION,
    label=gettext_lazy("Liver test"),
    verb=gettext_lazy("Log result"),
    logged=gettext_lazy("Liver test logged"),
    date_label=gettext_lazy("Date of blood draw"),
    icon="eyedropper",
    findings=LabResult,
    form=LabResultForm,
    source="Aminotransferases before and during riluzole: NASEM 2024; riluzole label",
)
