"""Why non-invasive ventilation runs without a confirmed backup rate (catalogue row 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Findings, finding
from assessments.groups import BREATHING
from assessments.inputs import FindingsForm
from assessments.kind import Kind
from assessments.specs import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupOverride(Findings):
    """The reason of whoever answers for it. It holds until the device changes."""

    reason: str | None = finding(Text(gettext_lazy("Why without backup rate")))

    def summary(self) -> str:
        """The reason."""
        return self.reason or _("no reason given")

    def event_data(self) -> dict[str, Any]:
        """``reason``; empty without it."""
        return {} if self.reason is None else {"reason": self.reason}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """An override from ``reason``."""
        return cls.checked({"reason": data.get("reason")})


class BackupOverrideForm(FindingsForm):
    """The reason says it all."""

    findings_class = BackupOverride
    required = ("reason",)

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
    code="backup_override",
    group=BREATHING,
    label=gettext_lazy("Ventilation without backup rate"),
    verb=gettext_lazy("Log reason"),
    logged=gettext_lazy("Reason for no backup rate logged"),
    date_label=gettext_lazy("Decided on"),
    icon="shield-check",
    findings=BackupOverride,
    form=BackupOverrideForm,
    source="Backup rate in bulbar impairment: NASEM 2024, CHEST 2023",
)
