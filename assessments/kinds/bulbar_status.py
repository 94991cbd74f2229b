"""Bulbar status: whether speech or swallowing is affected (catalogue 2.1, "bulbar impaired")."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Findings, finding
from assessments.groups import NUTRITION_AND_SWALLOWING
from assessments.inputs import FindingsForm, segmented
from assessments.kind import Kind
from assessments.specs import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class BulbarStatus(Findings):
    """Whether bulbar function is impaired."""

    impaired: bool | None = finding(Flag(gettext_lazy("Speech or swallowing impaired")))

    def summary(self) -> str:
        """Impaired, not impaired, or not answered."""
        if self.impaired is None:
            return _("not answered")
        return _("impaired") if self.impaired else _("not impaired")

    def event_data(self) -> dict[str, Any]:
        """``impaired``; empty while not answered, which tells the rules nothing."""
        return self.answers()

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A status from ``impaired``."""
        return cls.checked({"impaired": data.get("impaired")})


class BulbarStatusForm(FindingsForm):
    """One question and a note."""

    findings_class = BulbarStatus
    expected = ("impaired",)

    def layout(self) -> Layout:
        """Date, the question, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("impaired"), css_class="col-md-4"),
                Column("note", css_class="col-md-5"),
            )
        )


KIND = Kind(
    code="bulbar_status",
    group=NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Bulbar status"),
    verb=gettext_lazy("Log status"),
    logged=gettext_lazy("Bulbar status logged"),
    date_label=gettext_lazy("Date of examination"),
    icon="chat-dots",
    findings=BulbarStatus,
    form=BulbarStatusForm,
    source="Suspected bulbar dysfunction: NASEM 2024",
)
