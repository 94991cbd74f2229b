"""Tracheostomy: it ends the work of non-invasive ventilation (catalogue 2.2, RESP-3M and NIV-TRIG)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Findings, finding
from assessments.groups import BREATHING
from assessments.inputs import FindingsForm, segmented
from assessments.kind import Kind
from assessments.specs import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracheostomy(Findings):
    """That a tracheostomy was made, whether it had been planned, and whether it is used for ventilation."""

    planned: bool | None = finding(Flag(gettext_lazy("Planned")))
    ventilated: bool | None = finding(Flag(gettext_lazy("Ventilated through it")))

    def summary(self) -> str:
        """ "planned, ventilated through it"."""
        parts = []
        if self.planned is not None:
            parts.append(_("planned") if self.planned else _("unplanned"))
        if self.ventilated is not None:
            parts.append(_("ventilated through it") if self.ventilated else _("not ventilated through it"))
        return ", ".join(parts) or _("made")

    def event_data(self) -> dict[str, Any]:
        """Nothing: that it was made is all the rules ask."""
        return {}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A tracheostomy, without details."""
        return cls()


class TracheostomyForm(FindingsForm):
    """Two questions and a note."""

    findings_class = Tracheostomy
    expected = ("planned", "ventilated")

    def layout(self) -> Layout:
        """Date, the questions, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("planned"), css_class="col-md-2"),
                Column(segmented("ventilated"), css_class="col-md-3"),
                Column("note", css_class="col-md-4"),
            )
        )


KIND = Kind(
    code="tracheostomy",
    group=BREATHING,
    label=gettext_lazy("Tracheostomy"),
    verb=gettext_lazy("Log tracheostomy"),
    logged=gettext_lazy("Tracheostomy logged"),
    date_label=gettext_lazy("Date of the operation"),
    icon="heart-pulse",
    findings=Tracheostomy,
    form=TracheostomyForm,
    source="Tracheostomy ends the course of NIV: CHEST 2023",
)
