"""Safety plan against falls, choking and injury (catalogue row 26)."""

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
from assessments.specs import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyPlan(Findings):
    """Which of the three the plan covers; it is complete with all of them (EXEC-SAFE)."""

    falls: bool | None = finding(Flag(gettext_lazy("Falls"), tick=True))
    choking: bool | None = finding(Flag(gettext_lazy("Choking"), tick=True))
    injury: bool | None = finding(Flag(gettext_lazy("Injury"), tick=True))

    @property
    def completed(self) -> bool:
        """Whether it covers all three."""
        return bool(self.falls and self.choking and self.injury)

    def summary(self) -> str:
        """ "covers falls and choking, not injury"."""
        words = {"falls": _("falls"), "choking": _("choking"), "injury": _("injury")}
        covered = [word for name, word in words.items() if getattr(self, name)]
        missing = [word for name, word in words.items() if not getattr(self, name)]
        if not covered:
            return _("covers nothing yet")
        said = _("covers %(what)s") % {"what": ", ".join(covered)}
        return (
            said if not missing else _("%(said)s; not %(what)s") % {"said": said, "what": ", ".join(missing)}
        )

    def event_data(self) -> dict[str, Any]:
        """Nothing more for a complete plan; that it is not ``complete`` while it does not cover all three."""
        return {} if self.completed else {"complete": False}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A plan that covers all three, or, if not ``complete``, none that could be named."""
        if data.get("complete") is False:
            return cls()
        return cls(falls=True, choking=True, injury=True)


class SafetyPlanForm(FindingsForm):
    """Three ticks and a note."""

    findings_class = SafetyPlan
    expected = ("falls", "choking", "injury")

    def layout(self) -> Layout:
        """Date; what the plan covers; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column("falls", css_class="col-md-3 al-beside"),
                Column("choking", css_class="col-md-3 al-beside"),
                Column("injury", css_class="col-md-3 al-beside"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )


KIND = Kind(
    code="safety_plan",
    group=groups.THINKING_AND_SAFETY,
    label=gettext_lazy("Safety plan"),
    verb=gettext_lazy("Log plan"),
    logged=gettext_lazy("Safety plan logged"),
    date_label=gettext_lazy("Date of plan"),
    icon="shield-check",
    findings=SafetyPlan,
    form=SafetyPlanForm,
    source="Executive dysfunction and falls, choking, injuries: NASEM 2024",
)
