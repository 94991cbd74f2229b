"""Treatment of sialorrhea, by line (catalogue row 18)."""

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
from assessments.specs import Choice, Text

LINES = {"1": gettext_lazy("First line"), "2": gettext_lazy("Second line")}


@dataclass(frozen=True, slots=True, kw_only=True)
class SialorrheaTreatment(Findings):
    """Which line of treatment was started, and what it is."""

    line: str | None = finding(Choice(gettext_lazy("Line of treatment"), LINES))
    treatment: str | None = finding(Text(gettext_lazy("Treatment")))

    def summary(self) -> str:
        """ "first line, oral anticholinergic"."""
        parts = [
            _("line not recorded") if self.line is None else str(LINES[self.line]).lower(),
            (self.treatment or "").replace("_", " "),
        ]
        return ", ".join(part for part in parts if part)

    def event_data(self) -> dict[str, Any]:
        """``line`` as a number, and ``kind``; empty without a line, which tells the rules nothing."""
        return {} if self.line is None else {"line": int(self.line), "kind": self.treatment or ""}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A treatment from ``line`` and ``kind``."""
        line = data.get("line")
        return cls.checked({"line": None if line is None else str(line), "treatment": data.get("kind")})


class SialorrheaTreatmentForm(FindingsForm):
    """Line, treatment and a note."""

    findings_class = SialorrheaTreatment
    expected = ("treatment",)
    required = ("line",)

    def arrange(self) -> None:
        """What the guideline names for each line, as examples."""
        super().arrange()
        self.fields["treatment"].help_text = _(
            "Such as: oral anticholinergic (first line), botulinum toxin injection (second line)."
        )

    def layout(self) -> Layout:
        """Date, line, treatment; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("line"), css_class="col-md-4"),
                Column("treatment", css_class="col-md-5"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )


KIND = Kind(
    code="sialorrhea_treatment",
    group=groups.NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Saliva treatment"),
    verb=gettext_lazy("Log treatment"),
    logged=gettext_lazy("Saliva treatment logged"),
    date_label=gettext_lazy("Date of treatment"),
    icon="droplet-half",
    findings=SialorrheaTreatment,
    form=SialorrheaTreatmentForm,
    declined_as="sialorrhea",
    source="First line oral anticholinergic, second line botulinum toxin: NASEM 2024; CHEST 2023",
)
