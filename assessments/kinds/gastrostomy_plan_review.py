"""Review of a pending gastrostomy's plan once FVC is below 30% (catalogue row 12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import groups
from assessments.findings import Findings, finding
from assessments.inputs import FindingsForm
from assessments.kind import Kind
from assessments.specs import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GastrostomyPlanReview(Findings):
    """What the review led to."""

    outcome: str | None = finding(Text(gettext_lazy("What was decided")))

    def summary(self) -> str:
        """The outcome in its own words."""
        return self.outcome or _("outcome not recorded")

    def event_data(self) -> dict[str, Any]:
        """Nothing more: that the plan was reviewed, and when, is what the rules read."""
        return {}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A review whose outcome is not known."""
        return cls()


class GastrostomyPlanReviewForm(FindingsForm):
    """The outcome: without it a critical alert would close on an empty form."""

    findings_class = GastrostomyPlanReview
    required = ("outcome",)

    def arrange(self) -> None:
        """An example under the outcome."""
        super().arrange()
        self.fields["outcome"].help_text = _("Such as: placement with radiology, NIV during it.")

    def layout(self) -> Layout:
        """Date, outcome; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column("outcome", css_class="col-md-9"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )


KIND = Kind(
    code="gastrostomy_plan_review",
    group=groups.NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Gastrostomy plan review"),
    verb=gettext_lazy("Log plan review"),
    logged=gettext_lazy("Gastrostomy plan review logged"),
    date_label=gettext_lazy("Date of review"),
    icon="clipboard2-pulse",
    findings=GastrostomyPlanReview,
    form=GastrostomyPlanReviewForm,
    source="Gastrostomy with FVC below 30%: NASEM 2024; “high risk”: AAN 2009",
)
