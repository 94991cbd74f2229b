"""Diet measures against unsafe swallowing: three, each with its answer (catalogue row 14)."""

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
from assessments.specs import Choice

ANSWERS = {
    "done": gettext_lazy("Done"),
    "not_indicated": gettext_lazy("Not indicated"),
    "declined": gettext_lazy("Declined"),
}
MEASURES = {
    "texture": gettext_lazy("Food texture"),
    "chin_tuck": gettext_lazy("Chin tuck"),
    "liquids": gettext_lazy("Liquids"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DysphagiaPlan(Findings):
    """What was answered about each measure; the plan is complete with all three (DYSPH-PLAN)."""

    texture: str | None = finding(Choice(MEASURES["texture"], ANSWERS))
    chin_tuck: str | None = finding(Choice(MEASURES["chin_tuck"], ANSWERS))
    liquids: str | None = finding(Choice(MEASURES["liquids"], ANSWERS))

    def summary(self) -> str:
        """ "food texture done, chin tuck not indicated, liquids not answered"."""
        parts = []
        for name, label in MEASURES.items():
            answer = getattr(self, name)
            said = _("not answered") if answer is None else str(ANSWERS[answer]).lower()
            parts.append(f"{str(label).lower()} {said}")
        return ", ".join(parts)

    def event_data(self) -> dict[str, Any]:
        """``texture``, ``chin_tuck`` and ``liquids``, as far as answered."""
        return self.answers()

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A plan from its three answers."""
        return cls.checked({name: data.get(name) for name in MEASURES})


class DysphagiaPlanForm(FindingsForm):
    """Three questions and a note."""

    findings_class = DysphagiaPlan
    expected = tuple(MEASURES)

    def arrange(self) -> None:
        """What each measure is, under its answers."""
        super().arrange()
        self.fields["texture"].help_text = _("Food texture adapted.")
        self.fields["chin_tuck"].help_text = _("Chin-tuck postural maneuver.")
        self.fields["liquids"].help_text = _(
            "Thicker liquids and semisolid foods with high water content instead of thin liquids."
        )

    def layout(self) -> Layout:
        """The three measures, two to a line; date and note."""
        return Layout(
            Row(
                Column(segmented("texture"), css_class="col-md-6"),
                Column(segmented("chin_tuck"), css_class="col-md-6"),
            ),
            Row(
                Column(segmented("liquids"), css_class="col-md-6"),
                Column("happened_on", css_class="col-md-6"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )


KIND = Kind(
    code="dysphagia_plan",
    group=groups.NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Diet measures"),
    verb=gettext_lazy("Log plan"),
    logged=gettext_lazy("Diet measures logged"),
    date_label=gettext_lazy("Date of plan"),
    icon="cup-hot",
    findings=DysphagiaPlan,
    form=DysphagiaPlanForm,
    declined_as="dysphagia_plan",
    source="Texture, chin tuck, thicker liquids: NASEM 2024",
)
