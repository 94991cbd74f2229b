"""Accepted gastrostomy cancelled: no longer planned, for a reason (catalogue 2.2, PEG-PLACE)."""

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
class GastrostomyCancelled(Findings):
    """Why an accepted gastrostomy will not be placed."""

    reason: str | None = finding(Text(gettext_lazy("Why")))

    def summary(self) -> str:
        """The reason in its own words."""
        return self.reason or _("reason not recorded")

    def event_data(self) -> dict[str, Any]:
        """Nothing more: that it was cancelled, and when, is what the rules read."""
        return {}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A cancellation whose reason is not known."""
        return cls()


class GastrostomyCancelledForm(FindingsForm):
    """The reason; a person who declines after all has said so on a form of its own."""

    findings_class = GastrostomyCancelled
    required = ("reason",)

    def arrange(self) -> None:
        """Which form a change of mind belongs on."""
        super().arrange()
        self.fields["reason"].help_text = _(
            "Such as: too unwell for the procedure. A change of mind is recorded as declined."
        )

    def layout(self) -> Layout:
        """Date, reason; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column("reason", css_class="col-md-9"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )


KIND = Kind(
    code="gastrostomy_cancelled",
    group=groups.NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Gastrostomy cancelled"),
    verb=gettext_lazy("Log cancellation"),
    logged=gettext_lazy("Gastrostomy cancellation logged"),
    date_label=gettext_lazy("Date of cancellation"),
    icon="clipboard2-x",
    findings=GastrostomyCancelled,
    form=GastrostomyCancelledForm,
    declined_as="gastrostomy",
    source="Follow-up of an accepted gastrostomy: NASEM 2024; AAN 2009",
)
