"""Medication stopped: which drug, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext_lazy

from assessments.drugs import DRUG, word
from assessments.findings import Findings, finding
from assessments.groups import MEDICATION
from assessments.inputs import FindingsForm, segmented
from assessments.kind import Kind
from assessments.specs import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicationStop(Findings):
    """The day a course ended."""

    drug: str | None = finding(DRUG)
    reason: str | None = finding(Text(gettext_lazy("Why")))

    def summary(self) -> str:
        """ "riluzole, nausea"."""
        return f"{word(self.drug)}, {self.reason}" if self.reason else word(self.drug)

    def event_data(self) -> dict[str, Any]:
        """``drug``; empty without one, which ends no course."""
        return {} if self.drug is None else {"drug": self.drug}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A stop from ``drug``."""
        return cls.checked({"drug": data.get("drug")})


class MedicationStopForm(FindingsForm):
    """Drug and reason."""

    findings_class = MedicationStop
    expected = ("reason",)
    required = ("drug",)

    def layout(self) -> Layout:
        """Date and drug; reason and note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("drug"), css_class="col-md-9"),
            ),
            Row(
                Column("reason", css_class="col-md-6"),
                Column("note", css_class="col-md-6"),
            ),
        )


KIND = Kind(
    code="med_stop",
    group=MEDICATION,
    label=gettext_lazy("Medication stopped"),
    verb=gettext_lazy("Log stop"),
    logged=gettext_lazy("End of medication logged"),
    date_label=gettext_lazy("Stopped on"),
    icon="dash-circle",
    findings=MedicationStop,
    form=MedicationStopForm,
    source="Courses of disease-modifying drugs: NASEM 2024",
)
