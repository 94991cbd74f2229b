"""Swallow screen: its result, and with which tool (catalogue row 15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Findings, finding
from assessments.groups import NUTRITION_AND_SWALLOWING
from assessments.inputs import FindingsForm, segmented
from assessments.kind import Kind
from assessments.specs import Choice, Flag

TOOLS = {
    "eat_10": gettext_lazy("EAT-10"),
    "water": gettext_lazy("Water swallow test"),
    "other": gettext_lazy("Another tool"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SwallowScreen(Findings):
    """Whether the screen was positive: it suggests unsafe swallowing."""

    positive: bool | None = finding(Flag(gettext_lazy("Screen positive")))
    tool: str | None = finding(Choice(gettext_lazy("Tool"), TOOLS))

    def summary(self) -> str:
        """ "positive, EAT-10"."""
        if self.positive is None:
            result = _("no result")
        else:
            result = _("positive") if self.positive else _("negative")
        return result if self.tool is None else f"{result}, {TOOLS[self.tool]}"

    def event_data(self) -> dict[str, Any]:
        """``positive``; empty without a result, which tells the rules nothing."""
        return {} if self.positive is None else {"positive": self.positive}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A screen from ``positive``."""
        return cls.checked({"positive": data.get("positive")})


class SwallowScreenForm(FindingsForm):
    """Result, tool and a note."""

    findings_class = SwallowScreen
    expected = ("positive",)

    def layout(self) -> Layout:
        """Date, result and tool; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("positive"), css_class="col-md-3"),
                Column(segmented("tool"), css_class="col-md-6"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )


KIND = Kind(
    code="swallow_screen",
    group=NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Swallow screen"),
    verb=gettext_lazy("Log screen"),
    logged=gettext_lazy("Swallow screen logged"),
    date_label=gettext_lazy("Date of screen"),
    icon="cup-straw",
    findings=SwallowScreen,
    form=SwallowScreenForm,
    declined_as="swallow_screen",
    source="Swallow screening before oral intake: NASEM 2024; every 3 months: ESPEN",
)
