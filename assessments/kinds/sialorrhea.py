"""Sialorrhea: whether there is too much saliva (catalogue row 18)."""

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
from assessments.specs import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Sialorrhea(Findings):
    """Whether sialorrhea is present; an episode lasts until it is not."""

    present: bool | None = finding(Flag(gettext_lazy("Sialorrhea present")))

    def summary(self) -> str:
        """Present, not present, or not answered."""
        if self.present is None:
            return _("not answered")
        return _("present") if self.present else _("not present")

    def event_data(self) -> dict[str, Any]:
        """``present``; empty while not answered, which tells the rules nothing."""
        return self.answers()

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A finding from ``present``."""
        return cls.checked({"present": data.get("present")})


class SialorrheaForm(FindingsForm):
    """One question and a note."""

    findings_class = Sialorrhea
    required = ("present",)

    def layout(self) -> Layout:
        """Date, the question, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("present"), css_class="col-md-3"),
                Column("note", css_class="col-md-6"),
            )
        )


KIND = Kind(
    code="sialorrhea",
    group=groups.NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Saliva (sialorrhea)"),
    verb=gettext_lazy("Log finding"),
    logged=gettext_lazy("Sialorrhea logged"),
    date_label=gettext_lazy("Date of examination"),
    icon="droplet",
    findings=Sialorrhea,
    form=SialorrheaForm,
    source="Sialorrhea: NASEM 2024; CHEST 2023",
)
