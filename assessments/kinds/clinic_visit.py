"""Clinic visit: that it took place, and what was spoken of (catalogue rows 2, 7 and 22)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Findings, finding
from assessments.groups import VISITS
from assessments.inputs import FindingsForm
from assessments.kind import Kind
from assessments.specs import Flag, Text

DRUG_DISCUSSED = gettext_lazy("Disease-modifying drug discussed")
HOSPICE_OFFERED = gettext_lazy("Hospice information offered")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicVisit(Findings):
    """A visit to the whole team, with its checklist."""

    drug_discussed: bool | None = finding(Flag(DRUG_DISCUSSED, tick=True))
    hospice_offered: bool | None = finding(Flag(HOSPICE_OFFERED, tick=True))
    asked_for: str | None = finding(Text(gettext_lazy("What the person asked for"), longest=500))

    def summary(self) -> str:
        """What was spoken of, and what the person asked for."""
        spoken = ((self.drug_discussed, DRUG_DISCUSSED), (self.hospice_offered, HOSPICE_OFFERED))
        parts = [str(label).lower() for answer, label in spoken if answer]
        if self.asked_for:
            parts.append(_("asked for: %(what)s") % {"what": self.asked_for})
        return ", ".join(parts) or _("took place")

    def event_data(self) -> dict[str, Any]:
        """Whether a disease-modifying drug was discussed (DMT-12M)."""
        return {"drug_discussed": True} if self.drug_discussed else {}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A visit, with what the rules read of its checklist."""
        return cls(drug_discussed=data.get("drug_discussed") is True or None)


class ClinicVisitForm(FindingsForm):
    """Three lines to tick or fill, none of them needed."""

    findings_class = ClinicVisit
    expected = ("asked_for",)

    def layout(self) -> Layout:
        """Date and wishes; ticks; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column("asked_for", css_class="col-md-9"),
            ),
            Row(
                Column("drug_discussed", css_class="col-md-6"),
                Column("hospice_offered", css_class="col-md-6"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )


KIND = Kind(
    code="clinic_visit",
    group=VISITS,
    label=gettext_lazy("Clinic visit"),
    verb=gettext_lazy("Log visit"),
    logged=gettext_lazy("Clinic visit logged"),
    date_label=gettext_lazy("Date of visit"),
    icon="calendar2-check",
    findings=ClinicVisit,
    form=ClinicVisitForm,
    source="Multidisciplinary care: NASEM 2024; every 3 months: AAN 2009, NICE NG42",
)
