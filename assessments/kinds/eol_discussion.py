"""End-of-life discussion, also called goals-of-care discussion (catalogue rows 21 and 22)."""

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
from assessments.specs import Flag, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalsOfCareDiscussion(Findings):
    """Who took part, and whether information about hospice was offered."""

    took_part: str | None = finding(Text(gettext_lazy("Who took part")))
    hospice_information: bool | None = finding(Flag(gettext_lazy("Hospice information offered"), tick=True))

    def summary(self) -> str:
        """ "with Ruth and her son, hospice information offered"."""
        parts = [_("with %(who)s") % {"who": self.took_part} if self.took_part else ""]
        if self.hospice_information:
            parts.append(_("hospice information offered"))
        return ", ".join(part for part in parts if part) or _("held")

    def event_data(self) -> dict[str, Any]:
        """Nothing more: that they talked, and when, is what the rules read."""
        return {}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A discussion of which no more is known."""
        return cls()


class GoalsOfCareDiscussionForm(FindingsForm):
    """Who took part, what was offered, and a note."""

    findings_class = GoalsOfCareDiscussion

    def layout(self) -> Layout:
        """Date, who took part; hospice information, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column("took_part", css_class="col-md-9"),
            ),
            Row(
                Column("hospice_information", css_class="col-md-5 al-beside"),
                Column("note", css_class="col-md-7"),
            ),
        )


KIND = Kind(
    code="eol_discussion",
    group=groups.PLANNING_AHEAD,
    label=gettext_lazy("End-of-life discussion"),
    verb=gettext_lazy("Log discussion"),
    logged=gettext_lazy("End-of-life discussion logged"),
    date_label=gettext_lazy("Date of discussion"),
    icon="chat-heart",
    findings=GoalsOfCareDiscussion,
    form=GoalsOfCareDiscussionForm,
    declined_as="eol_discussion",
    source="End-of-life discussions at trigger points: NASEM 2024; yearly: AAN 2009",
)
