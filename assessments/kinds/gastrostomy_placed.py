"""Gastrostomy placed, and how (catalogue row 17)."""

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

TECHNIQUES = {
    "peg": gettext_lazy("PEG"),
    "rig": gettext_lazy("RIG"),
    "other": gettext_lazy("Another"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GastrostomyPlaced(Findings):
    """Endoscopic (PEG), radiological (RIG) or another technique."""

    technique: str | None = finding(Choice(gettext_lazy("Technique"), TECHNIQUES))

    def summary(self) -> str:
        """ "PEG"."""
        if self.technique is None:
            return _("technique not recorded")
        return _("another technique") if self.technique == "other" else str(TECHNIQUES[self.technique])

    def event_data(self) -> dict[str, Any]:
        """Nothing more: that it was placed, and when, is what the rules read."""
        return {}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A placement whose technique is not known."""
        return cls()


class GastrostomyPlacedForm(FindingsForm):
    """Technique and a note."""

    findings_class = GastrostomyPlaced
    expected = ("technique",)

    def layout(self) -> Layout:
        """Date, technique, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("technique"), css_class="col-md-4"),
                Column("note", css_class="col-md-5"),
            )
        )


KIND = Kind(
    code="gastrostomy_placed",
    group=groups.NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Gastrostomy placed"),
    verb=gettext_lazy("Log placement"),
    logged=gettext_lazy("Gastrostomy placement logged"),
    date_label=gettext_lazy("Date of placement"),
    icon="clipboard2-check",
    findings=GastrostomyPlaced,
    form=GastrostomyPlacedForm,
    source="PEG while FVC is above 50%: NASEM 2024; AAN 2009; radiological tubes: EFNS",
)
