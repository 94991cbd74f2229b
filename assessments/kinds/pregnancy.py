"""Pregnancy: riluzole's label warns of harm to the child, and weight loss is read differently (2.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Findings, finding
from assessments.groups import MEDICATION
from assessments.inputs import FindingsForm, segmented
from assessments.kind import Kind
from assessments.specs import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Pregnancy(Findings):
    """Whether the person is pregnant from that day."""

    pregnant: bool | None = finding(Flag(gettext_lazy("Pregnant")))

    def summary(self) -> str:
        """Pregnant, not pregnant any more, or not answered."""
        if self.pregnant is None:
            return _("not answered")
        return _("pregnant") if self.pregnant else _("not pregnant, or no longer")

    def event_data(self) -> dict[str, Any]:
        """``pregnant``; empty while not answered, which tells the rules nothing."""
        return self.answers()

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A pregnancy from ``pregnant``."""
        return cls.checked({"pregnant": data.get("pregnant")})


class PregnancyForm(FindingsForm):
    """One question; what follows from it is said beside it."""

    findings_class = Pregnancy
    required = ("pregnant",)

    def arrange(self) -> None:
        """Say what recording it does."""
        super().arrange()
        self.fields["pregnant"].help_text = _(
            "With riluzole or edaravone in use, neurology gets a task. Weight loss makes no work due "
            "until the dietitian turns it on again."
        )

    def layout(self) -> Layout:
        """Date, the question, note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("pregnant"), css_class="col-md-5"),
                Column("note", css_class="col-md-4"),
            )
        )


KIND = Kind(
    code="pregnancy",
    group=MEDICATION,
    label=gettext_lazy("Pregnancy"),
    verb=gettext_lazy("Log answer"),
    logged=gettext_lazy("Answer logged"),
    date_label=gettext_lazy("Known since"),
    icon="person-heart",
    findings=Pregnancy,
    form=PregnancyForm,
    source="Riluzole label: may cause fetal harm, from animal data",
)
