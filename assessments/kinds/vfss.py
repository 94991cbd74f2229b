"""Videofluoroscopic swallow study (catalogue row 16)."""

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
class SwallowStudy(Findings):
    """Whether the study was abnormal; None while its result is awaited."""

    abnormal: bool | None = finding(Flag(gettext_lazy("Study abnormal")))

    def summary(self) -> str:
        """Abnormal, normal, or no result yet."""
        if self.abnormal is None:
            return _("no result yet")
        return _("abnormal") if self.abnormal else _("normal")

    def event_data(self) -> dict[str, Any]:
        """``abnormal``; empty without a result: the study was done all the same."""
        return self.answers()

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A study from ``abnormal``."""
        return cls.checked({"abnormal": data.get("abnormal")})


class SwallowStudyForm(FindingsForm):
    """One question and a note."""

    findings_class = SwallowStudy
    expected = ("abnormal",)

    def layout(self) -> Layout:
        """Date, the result, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("abnormal"), css_class="col-md-3"),
                Column("note", css_class="col-md-6"),
            )
        )


KIND = Kind(
    code="vfss",
    group=groups.NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Swallow study (VFSS)"),
    verb=gettext_lazy("Log study"),
    logged=gettext_lazy("Swallow study logged"),
    date_label=gettext_lazy("Date of study"),
    icon="film",
    findings=SwallowStudy,
    form=SwallowStudyForm,
    declined_as="vfss",
    source="Swallow study after a positive screen: NASEM 2024",
)
