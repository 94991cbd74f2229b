"""End of non-invasive ventilation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Findings, finding
from assessments.groups import BREATHING
from assessments.inputs import FindingsForm
from assessments.kind import Kind
from assessments.specs import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NivStop(Findings):
    """The day non-invasive ventilation ended, and why."""

    reason: str | None = finding(Text(gettext_lazy("Why")))

    def summary(self) -> str:
        """The reason."""
        return self.reason or _("no reason given")

    def event_data(self) -> dict[str, Any]:
        """Nothing: that it ended is all the rules ask."""
        return {}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """An end, without its reason."""
        return cls()


class NivStopForm(FindingsForm):
    """Reason and note."""

    findings_class = NivStop
    expected = ("reason",)

    def layout(self) -> Layout:
        """Date, reason, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column("reason", css_class="col-md-5"),
                Column("note", css_class="col-md-4"),
            )
        )


KIND = Kind(
    code="niv_stop",
    group=BREATHING,
    label=gettext_lazy("Non-invasive ventilation ended"),
    verb=gettext_lazy("Log end"),
    logged=gettext_lazy("End of non-invasive ventilation logged"),
    date_label=gettext_lazy("Ended on"),
    icon="stop-circle",
    findings=NivStop,
    form=NivStopForm,
    source="Course of NIV: NASEM 2024, CHEST 2023",
)
