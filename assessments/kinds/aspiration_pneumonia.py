"""Aspiration pneumonia (catalogue row 28). What it should lead to is offered, never done by itself."""

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
class AspirationPneumonia(Findings):
    """Whether it was treated in hospital."""

    in_hospital: bool | None = finding(Flag(gettext_lazy("Treated in hospital")))

    def summary(self) -> str:
        """Where it was treated."""
        if self.in_hospital is None:
            return _("place of treatment not recorded")
        return _("treated in hospital") if self.in_hospital else _("treated at home")

    def event_data(self) -> dict[str, Any]:
        """``in_hospital``, as far as answered; no rule reads it."""
        return self.answers()

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A pneumonia from ``in_hospital``."""
        return cls.checked({"in_hospital": data.get("in_hospital")})


class AspirationPneumoniaForm(FindingsForm):
    """One question and a note."""

    findings_class = AspirationPneumonia
    expected = ("in_hospital",)

    def layout(self) -> Layout:
        """Date, place, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("in_hospital"), css_class="col-md-3"),
                Column("note", css_class="col-md-6"),
            )
        )


KIND = Kind(
    code="aspiration_pneumonia",
    group=groups.BREATHING,
    label=gettext_lazy("Aspiration pneumonia"),
    verb=gettext_lazy("Log pneumonia"),
    logged=gettext_lazy("Aspiration pneumonia logged"),
    date_label=gettext_lazy("Date it was found"),
    icon="lungs",
    findings=AspirationPneumonia,
    form=AspirationPneumoniaForm,
    source="Aspiration pneumonia in bulbar ALS: NASEM 2024",
)
