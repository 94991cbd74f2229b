"""Prescriber decision: what the prescriber decided about a drug (catalogue row 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.drugs import DRUG, word
from assessments.findings import Findings, finding
from assessments.groups import MEDICATION
from assessments.inputs import FindingsForm, segmented
from assessments.kind import Kind
from assessments.specs import Choice, Text

DECISIONS = {
    "continue": gettext_lazy("Continue"),
    "reduce": gettext_lazy("Reduce"),
    "stop": gettext_lazy("Stop"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriberDecision(Findings):
    """A decision and its reason. It ends no course: a stop is recorded as such."""

    drug: str | None = finding(DRUG)
    decision: str | None = finding(Choice(gettext_lazy("Decision"), DECISIONS))
    reason: str | None = finding(Text(gettext_lazy("Why")))

    def summary(self) -> str:
        """ "riluzole: continue, ALT falling"."""
        decided = str(DECISIONS[self.decision]).lower() if self.decision else _("no decision")
        shown = f"{word(self.drug)}: {decided}"
        return f"{shown}, {self.reason}" if self.reason else shown

    def event_data(self) -> dict[str, Any]:
        """``drug`` and ``decision``; empty unless both are known, which decides nothing."""
        if self.drug is None or self.decision is None:
            return {}
        return {"drug": self.drug, "decision": self.decision}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A decision from ``drug`` and ``decision``."""
        return cls.checked({"drug": data.get("drug"), "decision": data.get("decision")})


class PrescriberDecisionForm(FindingsForm):
    """Drug and decision."""

    findings_class = PrescriberDecision
    expected = ("reason",)
    required = ("drug", "decision")

    def arrange(self) -> None:
        """Say where a stop is recorded."""
        super().arrange()
        self.fields["decision"].help_text = _("A course ends with “Medication stopped”, on its own day.")

    def layout(self) -> Layout:
        """Date and drug; decision, reason, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("drug"), css_class="col-md-9"),
            ),
            Row(
                Column(segmented("decision"), css_class="col-md-4"),
                Column("reason", css_class="col-md-4"),
                Column("note", css_class="col-md-4"),
            ),
        )


KIND = Kind(
    code="prescriber_decision",
    group=MEDICATION,
    label=gettext_lazy("Prescriber decision"),
    verb=gettext_lazy("Log decision"),
    logged=gettext_lazy("Prescriber decision logged"),
    date_label=gettext_lazy("Date of decision"),
    icon="prescription2",
    findings=PrescriberDecision,
    form=PrescriberDecisionForm,
    source="After a raised liver test: NASEM 2024; riluzole label",
)
