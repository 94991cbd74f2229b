"""Trigger of an end-of-life discussion (catalogue row 21)."""

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

PROGRESSION = "progression"
REASONS = {
    "distress": gettext_lazy("Distress"),
    PROGRESSION: gettext_lazy("Progression"),
    "patient_request": gettext_lazy("The person asked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EolTrigger(Findings):
    """Why it is time to talk."""

    reason: str | None = finding(Choice(gettext_lazy("Why now"), REASONS))

    def summary(self) -> str:
        """ "progression"."""
        return _("reason not recorded") if self.reason is None else str(REASONS[self.reason]).lower()

    def event_data(self) -> dict[str, Any]:
        """``reason``."""
        return self.answers()

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A trigger from ``reason``."""
        return cls.checked({"reason": data.get("reason")})


class EolTriggerForm(FindingsForm):
    """The reason and a note."""

    findings_class = EolTrigger
    required = ("reason",)

    def layout(self) -> Layout:
        """Date, reason; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("reason"), css_class="col-md-9"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )


KIND = Kind(
    code="eol_trigger",
    group=groups.PLANNING_AHEAD,
    label=gettext_lazy("Reason for an end-of-life discussion"),
    verb=gettext_lazy("Log reason"),
    logged=gettext_lazy("Reason for an end-of-life discussion logged"),
    date_label=gettext_lazy("Date"),
    icon="bell",
    findings=EolTrigger,
    form=EolTriggerForm,
    source="Distress, progression, the person’s own wish: NASEM 2024; key stages: NICE QS126",
)
