"""Change of the ventilation device or of what is set at it (catalogue row 10)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from assessments.groups import BREATHING
from assessments.kind import Kind
from assessments.ventilation import DeviceSettings, DeviceSettingsForm


@dataclass(frozen=True, slots=True, kw_only=True)
class NivDeviceUpdate(DeviceSettings):
    """What is set from now on; it counts in place of what was set before."""


class NivDeviceUpdateForm(DeviceSettingsForm):
    """What is set now, the backup rate included, whether it changed or not."""

    findings_class = NivDeviceUpdate


KIND = Kind(
    code="niv_device_update",
    group=BREATHING,
    label=gettext_lazy("Ventilation device or settings changed"),
    verb=gettext_lazy("Log change"),
    logged=gettext_lazy("Change of the ventilation device logged"),
    date_label=gettext_lazy("Date of change"),
    icon="sliders",
    findings=NivDeviceUpdate,
    form=NivDeviceUpdateForm,
    source="Backup rate in bulbar impairment: NASEM 2024, CHEST 2023",
)
