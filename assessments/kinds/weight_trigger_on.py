"""Weight loss makes work due again after a pregnancy (catalogue 2.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Findings, finding
from assessments.groups import NUTRITION_AND_SWALLOWING
from assessments.inputs import FindingsForm
from assessments.kind import Kind
from assessments.specs import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightTriggerOn(Findings):
    """That weight loss counts again from that day, and why."""

    reason: str | None = finding(Text(gettext_lazy("Why now")))

    def summary(self) -> str:
        """ "counts again, six weeks after birth"."""
        counts = _("counts again")
        return f"{counts}, {self.reason}" if self.reason else counts

    def event_data(self) -> dict[str, Any]:
        """Nothing: that it counts is all the rules ask."""
        return {}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """That it counts again, without the reason."""
        return cls()


class WeightTriggerOnForm(FindingsForm):
    """The reason and a note."""

    findings_class = WeightTriggerOn
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
    code="weight_trigger_on",
    group=NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Weight loss counts again"),
    verb=gettext_lazy("Turn on again"),
    logged=gettext_lazy("Weight loss counts again"),
    date_label=gettext_lazy("Counts from"),
    icon="toggle2-on",
    findings=WeightTriggerOn,
    form=WeightTriggerOnForm,
    source="Clinic setting: after a pregnancy the dietitian decides when weight loss counts",
)
