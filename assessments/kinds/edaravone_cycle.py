"""Edaravone cycle: the first day of each of its 28-day cycles (catalogue row 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Background, Findings, finding
from assessments.groups import MEDICATION
from assessments.inputs import FindingsForm, segmented
from assessments.kind import Kind
from assessments.specs import Choice

PLACES = {
    "infusion_center": gettext_lazy("Infusion center"),
    "home": gettext_lazy("At home"),
    "clinic": gettext_lazy("In the clinic"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EdaravoneCycle(Findings):
    """A cycle that has started."""

    place: str | None = finding(Choice(gettext_lazy("Where"), PLACES))

    def summary(self) -> str:
        """ "started, at home"."""
        return _("started") if self.place is None else f"{_('started')}, {str(PLACES[self.place]).lower()}"

    def event_data(self) -> dict[str, Any]:
        """``drug``: there is one drug given in cycles."""
        return {"drug": "edaravone"}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A cycle; the rules know nothing else of it."""
        return cls()

    def last(self, background: Background) -> str:
        """ "Last cycle 2 Mar 2026"."""
        if not background.earlier:
            return ""
        return _("Last cycle %(day)s") % {"day": date_format(background.earlier[0].on, "j M Y")}


class EdaravoneCycleForm(FindingsForm):
    """The day, and where it is given."""

    findings_class = EdaravoneCycle

    def arrange(self) -> None:
        """The last cycle as a hint."""
        super().arrange()
        self.fields["happened_on"].help_text = EdaravoneCycle().last(self.background)

    def layout(self) -> Layout:
        """Date and place; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-4"),
                Column(segmented("place"), css_class="col-md-8"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )


KIND = Kind(
    code="cycle_start",
    group=MEDICATION,
    label=gettext_lazy("Edaravone cycle"),
    verb=gettext_lazy("Log cycle"),
    logged=gettext_lazy("Edaravone cycle logged"),
    date_label=gettext_lazy("First day of the cycle"),
    icon="droplet",
    findings=EdaravoneCycle,
    form=EdaravoneCycleForm,
    source="28-day cycles: NASEM 2024; edaravone label",
)
