"""Start of non-invasive ventilation (NIV), with what is set (catalogue rows 9 and 10)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from assessments.groups import BREATHING
from assessments.kind import Kind
from assessments.ventilation import DeviceSettings, DeviceSettingsForm


@dataclass(frozen=True, slots=True, kw_only=True)
class NivStart(DeviceSettings):
    """The first day of use. A start while it is in use changes what is set, not the first day."""


class NivStartForm(DeviceSettingsForm):
    """What is set from the first day."""

    findings_class = NivStart


KIND = Kind(
    code="niv_start",
    group=BREATHING,
    label=gettext_lazy("Non-invasive ventilation started"),
    verb=gettext_lazy("Log start"),
    logged=gettext_lazy("Start of non-invasive ventilation logged"),
    date_label=gettext_lazy("First day"),
    icon="lungs",
    findings=NivStart,
    form=NivStartForm,
    source="NIV, with backup rate in bulbar impairment: NASEM 2024, CHEST 2023",
)
