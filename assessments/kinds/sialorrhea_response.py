"""Response to the first line of sialorrhea treatment (catalogue row 18; SIAL-STEP step 2)."""

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
from assessments.specs import Choice, Flag

FIRST_LINE = 1
WHY_NOT = {
    "ineffective": gettext_lazy("Ineffective"),
    "not_tolerated": gettext_lazy("Not tolerated"),
    "contraindicated": gettext_lazy("Contraindicated"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SialorrheaResponse(Findings):
    """Whether first-line treatment works, or why not; a drug that may not be given works not either."""

    effective: bool | None = finding(Flag(gettext_lazy("First line effective")))
    why_not: str | None = finding(Choice(gettext_lazy("If not, why"), WHY_NOT))

    def contradictions(self) -> Mapping[str, str]:
        """A reason for failing beside an effective treatment."""
        if self.effective and self.why_not:
            return {"why_not": _("Effective and %(why)s cannot both be true. Choose one.") % self._why()}
        return {}

    def summary(self) -> str:
        """ "first line effective", "first line not tolerated"."""
        if self.why_not:
            return _("first line %(why)s") % self._why()
        if self.effective is None:
            return _("not answered")
        return _("first line effective") if self.effective else _("first line not effective")

    def event_data(self) -> dict[str, Any]:
        """``line`` 1 and ``effective``; empty while not answered, which tells the rules nothing."""
        effective = False if self.why_not else self.effective
        return {} if effective is None else {"line": FIRST_LINE, "effective": effective}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A response from ``effective``."""
        return cls.checked({"effective": data.get("effective")})

    def _why(self) -> dict[str, str]:
        return {"why": str(WHY_NOT[self.why_not]).lower() if self.why_not else ""}


class SialorrheaResponseForm(FindingsForm):
    """Two questions and a note."""

    findings_class = SialorrheaResponse
    expected = ("effective", "why_not")

    def clean(self) -> dict[str, Any]:
        """An answer to one of the two."""
        cleaned = super().clean()
        if not self.errors and not self.findings().answers():
            self.add_error("effective", _("Choose one."))
        return cleaned

    def layout(self) -> Layout:
        """Date, whether it works, why not; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("effective"), css_class="col-md-3"),
                Column(segmented("why_not"), css_class="col-md-6"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )


KIND = Kind(
    code="sialorrhea_response",
    group=groups.NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Response to saliva treatment"),
    verb=gettext_lazy("Log response"),
    logged=gettext_lazy("Response to saliva treatment logged"),
    date_label=gettext_lazy("Date of review"),
    icon="droplet-fill",
    findings=SialorrheaResponse,
    form=SialorrheaResponseForm,
    source="Second line once the first is ineffective or not tolerated: NASEM 2024; CHEST 2023",
)
