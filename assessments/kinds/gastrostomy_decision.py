"""Gastrostomy accepted (catalogue row 17). A decline is recorded as what it is, a choice."""

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
from assessments.specs import Choice

DECISIONS = {"accepted": gettext_lazy("Accepted")}


@dataclass(frozen=True, slots=True, kw_only=True)
class GastrostomyDecision(Findings):
    """The person's answer when gastrostomy was offered."""

    decision: str | None = finding(Choice(gettext_lazy("Answer"), DECISIONS))

    def summary(self) -> str:
        """Accepted, or not answered."""
        return _("not answered") if self.decision is None else str(DECISIONS[self.decision]).lower()

    def event_data(self) -> dict[str, Any]:
        """``decision``; empty while not answered."""
        return self.answers()

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A decision from ``decision``."""
        return cls.checked({"decision": data.get("decision")})


class GastrostomyDecisionForm(FindingsForm):
    """The answer, the day it was given, and a note; "Declined" is a form of its own."""

    findings_class = GastrostomyDecision
    required = ("decision",)

    def arrange(self) -> None:
        """One answer only, so it is chosen already."""
        super().arrange()
        self.initial.setdefault("decision", "accepted")

    def layout(self) -> Layout:
        """Date, answer, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("decision"), css_class="col-md-3"),
                Column("note", css_class="col-md-6"),
            )
        )


KIND = Kind(
    code="gastrostomy_decision",
    group=groups.NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Gastrostomy decision"),
    verb=gettext_lazy("Log decision"),
    logged=gettext_lazy("Gastrostomy decision logged"),
    date_label=gettext_lazy("Date of decision"),
    icon="chat-square-text",
    findings=GastrostomyDecision,
    form=GastrostomyDecisionForm,
    declined_as="gastrostomy",
    source="Gastrostomy, ideally while FVC is above 50%: NASEM 2024; AAN 2009",
)
