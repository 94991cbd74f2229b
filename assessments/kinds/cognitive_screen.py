"""Cognitive screen: its result, and whether executive function is affected (catalogue rows 25 and 26)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import groups
from assessments.findings import Findings, finding
from assessments.inputs import FindingsForm, segmented
from assessments.kind import Kind
from assessments.specs import Choice, Flag, Score

TOOLS = {"ECAS": "ECAS", "ALS-CBS": "ALS-CBS"}
HIGHEST_SCORE = 136
"""The most points ECAS gives; ALS-CBS has fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitiveScreen(Findings):
    """Tool and points; whether the screen, and executive function in it, is impaired."""

    tool: str | None = finding(Choice(gettext_lazy("Tool"), TOOLS))
    score: int | None = finding(Score(gettext_lazy("Points"), high=HIGHEST_SCORE))
    impaired: bool | None = finding(Flag(gettext_lazy("Screen impaired")))
    executive_impaired: bool | None = finding(Flag(gettext_lazy("Executive function impaired")))

    def summary(self) -> str:
        """ "impaired, executive function impaired, ECAS 98"."""
        if self.impaired is None:
            parts = [_("no result")]
        else:
            parts = [_("impaired") if self.impaired else _("not impaired")]
        if self.executive_impaired:
            parts.append(_("executive function impaired"))
        points = "" if self.score is None else _("%(score)s points") % {"score": self.score}
        if self.tool or points:
            parts.append(" ".join(part for part in (self.tool, points) if part))
        return ", ".join(parts)

    def event_data(self) -> dict[str, Any]:
        """``tool``, ``impaired`` and ``executive_impaired``, as far as answered."""
        return {name: value for name, value in self.answers().items() if name != "score"}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A screen from ``tool``, ``impaired`` and ``executive_impaired``."""
        return cls.checked({name: data.get(name) for name in ("tool", "impaired", "executive_impaired")})


class CognitiveScreenForm(FindingsForm):
    """The result first; ECAS's published cut-off stands there for reference only."""

    findings_class = CognitiveScreen
    expected = ("tool", "impaired", "executive_impaired")

    def arrange(self) -> None:
        """The cut-off under the points: the clinician judges, not the form."""
        super().arrange()
        self.fields["score"].help_text = _("For reference: ECAS counts 105 of 136 or fewer as impaired.")

    def layout(self) -> Layout:
        """Date, tool and points; the two results; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("tool"), css_class="col-md-4"),
                Column("score", css_class="col-md-5"),
            ),
            Row(
                Column(segmented("impaired"), css_class="col-md-3"),
                Column(segmented("executive_impaired"), css_class="col-md-4"),
                Column("note", css_class="col-md-5"),
            ),
        )


KIND = Kind(
    code="cognitive_screen",
    group=groups.THINKING_AND_SAFETY,
    label=gettext_lazy("Cognitive screen"),
    verb=gettext_lazy("Log screen"),
    logged=gettext_lazy("Cognitive screen logged"),
    date_label=gettext_lazy("Date of screen"),
    icon="lightbulb",
    findings=CognitiveScreen,
    form=CognitiveScreenForm,
    declined_as="cognitive_screen",
    source="Cognition before NIV: NASEM 2024; yearly screen: AAN 2009; ECAS cut-off: Abrahams and others",
)
