"""Review of how much non-invasive ventilation is used (catalogue row 25)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Findings, finding
from assessments.groups import BREATHING
from assessments.inputs import FindingsForm, measured
from assessments.kind import Kind
from assessments.specs import Quantity

HOURS = Quantity(gettext_lazy("Hours per day"), "h", low=0, high=24, decimals=1)
NIGHTS = Quantity(gettext_lazy("Nights used"), "%", low=0, high=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class NivAdherenceReview(Findings):
    """Average hours in 24, and the share of nights with any use."""

    hours_per_day: float | None = finding(HOURS)
    nights_pct: float | None = finding(NIGHTS)

    def summary(self) -> str:
        """ "5.5 h a day, 90% of nights"."""
        parts = []
        if self.hours_per_day is not None:
            parts.append(_("%(hours)s a day") % {"hours": HOURS.shown(self.hours_per_day)})
        if self.nights_pct is not None:
            parts.append(_("%(share)s of nights") % {"share": NIGHTS.shown(self.nights_pct)})
        return ", ".join(parts) or _("no hours read")

    def event_data(self) -> dict[str, Any]:
        """``hours_per_day``; empty without it, which reviews nothing."""
        return {} if self.hours_per_day is None else {"hours_per_day": self.hours_per_day}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A review from ``hours_per_day``."""
        return cls.checked({"hours_per_day": data.get("hours_per_day")})


class NivAdherenceReviewForm(FindingsForm):
    """Hours first."""

    findings_class = NivAdherenceReview
    expected = ("nights_pct",)
    required = ("hours_per_day",)

    def arrange(self) -> None:
        """What the payer looks at."""
        super().arrange()
        self.fields["hours_per_day"].help_text = _("Average. Medicare looks for 4 h in 24 h.")

    def layout(self) -> Layout:
        """Date, hours, nights, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(measured("hours_per_day", HOURS), css_class="col-md-3"),
                Column(measured("nights_pct", NIGHTS), css_class="col-md-3"),
                Column("note", css_class="col-md-3"),
            )
        )


KIND = Kind(
    code="niv_adherence_review",
    group=BREATHING,
    label=gettext_lazy("Review of ventilation use"),
    verb=gettext_lazy("Log review"),
    logged=gettext_lazy("Review of ventilation use logged"),
    date_label=gettext_lazy("Date of review"),
    icon="clock-history",
    findings=NivAdherenceReview,
    form=NivAdherenceReviewForm,
    source="NIV compliance: NASEM 2024; re-evaluation from day 61, 4 h in 24 h: Medicare",
)
