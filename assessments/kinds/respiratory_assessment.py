"""Respiratory assessment: vital capacity, pressures, cough flow, gases, symptoms (catalogue row 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Background, Computed, Findings, finding
from assessments.groups import BREATHING
from assessments.inputs import FindingsForm, measured, segmented
from assessments.kind import Kind
from assessments.specs import Flag, Quantity, Text

FVC = Quantity(gettext_lazy("FVC"), "%", low=0, high=150)
SVC = Quantity(gettext_lazy("SVC"), "%", low=0, high=150)
MIP = Quantity(gettext_lazy("MIP"), "cmH2O", low=0, high=200)
SNIP = Quantity(gettext_lazy("SNIP"), "cmH2O", low=0, high=200)
PCF = Quantity(gettext_lazy("Peak cough flow"), "L/min", low=0, high=1000)
OXIMETRY = Quantity(gettext_lazy("Overnight at 88% or below"), "min", low=0, high=960)
PACO2 = Quantity(gettext_lazy("PaCO2"), "mmHg", low=15, high=150)


@dataclass(frozen=True, slots=True, kw_only=True)
class RespiratoryAssessment(Findings):
    """Vital capacities in % of predicted, pressures in cmH2O (without sign), cough flow in L/min.

    Overnight oximetry counts the minutes at or below 88% saturation, and carbon dioxide in
    arterial blood is in mmHg, both as Medicare asks for them (catalogue section 5).
    FVC that could not be measured is left out: the assessment counts, and the last
    measured value is kept (catalogue 2.3).
    """

    fvc_pct: float | None = finding(FVC)
    fvc_unobtainable: bool | None = finding(Flag(gettext_lazy("FVC could not be measured"), tick=True))
    fvc_unobtainable_reason: str | None = finding(Text(gettext_lazy("Why it could not be measured")))
    svc_pct: float | None = finding(SVC)
    mip: float | None = finding(MIP)
    snip: float | None = finding(SNIP)
    pcf: float | None = finding(PCF)
    oximetry_minutes: float | None = finding(OXIMETRY)
    paco2: float | None = finding(PACO2)
    symptoms: bool | None = finding(Flag(gettext_lazy("Symptoms of weak breathing")))
    sleep_disordered_breathing: bool | None = finding(Flag(gettext_lazy("Sleep-disordered breathing")))

    def contradictions(self) -> Mapping[str, str]:
        """An FVC that could not be measured."""
        if self.fvc_pct is not None and self.fvc_unobtainable:
            return {"fvc_pct": _("Enter the FVC, or tick that it could not be measured, not both.")}
        return {}

    def summary(self) -> str:
        """ "FVC 58%, MIP 45 cmH2O, no symptoms"; what was not answered is left out."""
        measured = (
            (_("FVC"), FVC, self.fvc_pct),
            (_("SVC"), SVC, self.svc_pct),
            (_("MIP"), MIP, self.mip),
            (_("SNIP"), SNIP, self.snip),
            (_("peak cough flow"), PCF, self.pcf),
            (_("overnight at 88% or below"), OXIMETRY, self.oximetry_minutes),
            (_("PaCO2"), PACO2, self.paco2),
        )
        parts = [f"{name} {spec.shown(value)}" for name, spec, value in measured if value is not None]
        if self.fvc_pct is None:
            parts.insert(0, self._without_fvc())
        if self.symptoms is not None:
            parts.append(_("symptoms") if self.symptoms else _("no symptoms"))
        if self.sleep_disordered_breathing:
            parts.append(_("sleep-disordered breathing"))
        return ", ".join(parts)

    def _without_fvc(self) -> str:
        if not self.fvc_unobtainable:
            return _("no FVC")
        reason = f" ({self.fvc_unobtainable_reason})" if self.fvc_unobtainable_reason else ""
        return _("FVC could not be measured") + reason

    def event_data(self) -> dict[str, Any]:
        """``fvc_pct`` (None without one), ``symptoms`` and ``sdb``."""
        return {
            "fvc_pct": self.fvc_pct,
            "symptoms": bool(self.symptoms),
            "sdb": bool(self.sleep_disordered_breathing),
        }

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """An assessment from ``fvc_pct``, ``symptoms`` and ``sdb``."""
        return cls.checked(
            {
                "fvc_pct": data.get("fvc_pct"),
                "symptoms": data.get("symptoms"),
                "sleep_disordered_breathing": data.get("sdb"),
            }
        )

    def computed(self, background: Background) -> Sequence[Computed]:
        """The change of FVC since it was last measured, in points."""
        before = next((each for each in background.earlier if each.findings.fvc_pct is not None), None)
        if self.fvc_pct is None or before is None:
            return ()
        points = round(self.fvc_pct - before.findings.fvc_pct)
        sign = "\N{MINUS SIGN}" if points < 0 else "+" if points > 0 else ""
        day = date_format(before.on, "j M Y")
        return (Computed(_("FVC since %(day)s") % {"day": day}, f"{sign}{abs(points)}"),)

    def last(self, background: Background) -> str:
        """ "58% on 26 Feb 2026"."""
        for earlier in background.earlier:
            if earlier.findings.fvc_pct is not None:
                shown = FVC.shown(earlier.findings.fvc_pct)
                return _("%(fvc)s on %(day)s") % {"fvc": shown, "day": date_format(earlier.on, "j M Y")}
        return ""


class RespiratoryAssessmentForm(FindingsForm):
    """FVC first, or why there is none; any of the numbers and answers may be left out, not all."""

    findings_class = RespiratoryAssessment
    expected = ("fvc_pct", "fvc_unobtainable_reason", "symptoms", "sleep_disordered_breathing")

    def arrange(self) -> None:
        """The last FVC as a hint."""
        super().arrange()
        self.fields["fvc_pct"].help_text = RespiratoryAssessment().last(self.background) or _("Of predicted.")

    def clean(self) -> dict[str, Any]:
        """Something was found, unless it was done elsewhere; FVC that could not be measured has a reason."""
        cleaned = super().clean()
        if cleaned.get("fvc_unobtainable") and not cleaned.get("fvc_unobtainable_reason"):
            self.add_error("fvc_unobtainable_reason", _("Say why, so that the assessment counts."))
        if self.errors or cleaned.get("done_elsewhere"):
            return cleaned
        if not self.findings().answers().keys() - {"fvc_unobtainable_reason"}:
            self.add_error(
                "fvc_pct",
                _(
                    "Nothing was filled in. Enter a measurement or an answer, or say why FVC could not "
                    "be measured."
                ),
            )
        return cleaned

    def layout(self) -> Layout:
        """Date, FVC or why there is none; other measurements; gases; symptoms and note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(measured("fvc_pct", FVC), css_class="col-md-3"),
                Column("fvc_unobtainable", css_class="col-md-6 al-beside"),
                Column("fvc_unobtainable_reason", css_class="col-md-12 al-if-ticked"),
            ),
            Row(
                Column(measured("svc_pct", SVC), css_class="col-md-2"),
                Column(measured("mip", MIP), css_class="col-md-3"),
                Column(measured("snip", SNIP), css_class="col-md-3"),
                Column(measured("pcf", PCF), css_class="col-md-4"),
            ),
            Row(
                Column(measured("oximetry_minutes", OXIMETRY), css_class="col-md-6"),
                Column(measured("paco2", PACO2), css_class="col-md-6"),
            ),
            Row(
                Column(segmented("symptoms"), css_class="col-md-4"),
                Column(segmented("sleep_disordered_breathing"), css_class="col-md-4"),
                Column("note", css_class="col-md-4"),
            ),
        )


KIND = Kind(
    code="resp_assessment",
    group=BREATHING,
    label=gettext_lazy("Respiratory assessment"),
    verb=gettext_lazy("Log assessment"),
    logged=gettext_lazy("Respiratory assessment logged"),
    date_label=gettext_lazy("Date of assessment"),
    icon="activity",
    findings=RespiratoryAssessment,
    form=RespiratoryAssessmentForm,
    declined_as="resp_testing",
    source="FVC, symptoms and sleep-disordered breathing: NASEM 2024; CHEST 2023",
)
