"""What is set at a ventilator: shared by starting non-invasive ventilation and changing the device."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Findings, finding
from assessments.inputs import FindingsForm, segmented
from assessments.specs import Choice, Text

BACKUP_RATE = {
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
    "not_known": gettext_lazy("Not known"),
}
INTERFACES = {
    "nasal_mask": gettext_lazy("Nasal mask"),
    "full_face_mask": gettext_lazy("Full face mask"),
    "nasal_pillows": gettext_lazy("Nasal pillows"),
    "mouthpiece": gettext_lazy("Mouthpiece"),
    "other": gettext_lazy("Another"),
}

_TOLD: Mapping[str | None, bool | None] = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSettings(Findings):
    """Whether a backup respiratory rate is set, the settings in words, and the interface."""

    backup_rate: str | None = finding(Choice(gettext_lazy("Backup rate set"), BACKUP_RATE))
    interface: str | None = finding(Choice(gettext_lazy("Interface"), INTERFACES))
    settings: str | None = finding(Text(gettext_lazy("Settings"), longest=300))

    def summary(self) -> str:
        """ "with backup rate, nasal mask, IPAP 12 EPAP 4"."""
        said = {
            "yes": _("with backup rate"),
            "no": _("without backup rate"),
        }
        parts = [said.get(self.backup_rate or "", _("backup rate not known"))]
        if self.interface and self.interface != "other":
            parts.append(str(INTERFACES[self.interface]).lower())
        if self.settings:
            parts.append(self.settings)
        return ", ".join(parts)

    def event_data(self) -> dict[str, Any]:
        """``backup_rate``: True, False, or None while it is not known."""
        return {"backup_rate": _TOLD.get(self.backup_rate)}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """Settings from ``backup_rate``."""
        told = data.get("backup_rate")
        known = {True: "yes", False: "no"}.get(told, told) if isinstance(told, bool) else told
        return cls.checked({"backup_rate": known})


class DeviceSettingsForm(FindingsForm):
    """Backup rate first: work hangs on it."""

    expected = ("settings", "interface")
    required = ("backup_rate",)

    def arrange(self) -> None:
        """Say what the settings look like."""
        super().arrange()
        self.fields["settings"].help_text = _("Such as: IPAP 12, EPAP 4, backup rate 12.")

    def layout(self) -> Layout:
        """Date, backup rate and settings; interface; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("backup_rate"), css_class="col-md-4"),
                Column("settings", css_class="col-md-5"),
            ),
            Row(Column(segmented("interface"), css_class="col-md-12")),
            Row(Column("note", css_class="col-md-12")),
        )
