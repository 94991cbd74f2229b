"""Medication started: which drug, how much, which way (catalogue rows 1, 3 and 4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.drugs import DRUG, DRUGS, ROUTES, word
from assessments.findings import Background, Computed, Findings, finding
from assessments.groups import MEDICATION
from assessments.inputs import FindingsForm, segmented
from assessments.kind import Kind
from assessments.specs import Choice, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicationStart(Findings):
    """The first day of a course. A start while the course runs changes its dose, not its first day."""

    drug: str | None = finding(DRUG)
    dose: str | None = finding(Text(gettext_lazy("Dose"), longest=100))
    route: str | None = finding(Choice(gettext_lazy("Route"), ROUTES))

    def summary(self) -> str:
        """ "riluzole, 50 mg twice daily, by mouth"."""
        parts = [word(self.drug)]
        if self.dose:
            parts.append(self.dose)
        if self.route:
            parts.append(str(ROUTES[self.route]).lower())
        return ", ".join(parts)

    def event_data(self) -> dict[str, Any]:
        """``drug``, and ``route`` when it is known."""
        told = {"drug": self.drug, "route": self.route}
        return {name: value for name, value in told.items() if value is not None}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A start from ``drug`` and ``route``."""
        return cls.checked({"drug": data.get("drug"), "route": data.get("route")})

    def computed(self, background: Background) -> Sequence[Computed]:
        """What the drug's label says, while the form is being filled."""
        return list(self._label())

    def _label(self) -> Iterator[Computed]:
        drug = DRUGS.get(self.drug or "")
        if drug is None or not drug.applies_to(self.route):
            return
        for said in (drug.usual_dose, drug.instruction):
            if said:
                yield Computed(_("Label"), str(said))


class MedicationStartForm(FindingsForm):
    """Drug first; a drug that is no longer approved cannot be started."""

    findings_class = MedicationStart
    expected = ("dose", "route")
    required = ("drug",)

    def layout(self) -> Layout:
        """Date and drug; dose and route; note."""
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(segmented("drug"), css_class="col-md-9"),
            ),
            Row(
                Column("dose", css_class="col-md-4"),
                Column(segmented("route"), css_class="col-md-8"),
            ),
            Row(Column("note", css_class="col-md-12")),
        )

    def clean(self) -> dict[str, Any]:
        """A course of a withdrawn drug may be recorded, if it began before that."""
        cleaned = super().clean()
        drug, on = DRUGS.get(cleaned.get("drug") or ""), cleaned.get("happened_on")
        if drug and drug.withdrawn_on and on and on >= drug.withdrawn_on:
            earlier = _("A course that began before that day can be recorded with its own date.")
            self.add_error("drug", f"{drug.withdrawn} {earlier}")
        return cleaned


KIND = Kind(
    code="med_start",
    group=MEDICATION,
    label=gettext_lazy("Medication started"),
    verb=gettext_lazy("Log start"),
    logged=gettext_lazy("Start of medication logged"),
    date_label=gettext_lazy("First day"),
    icon="capsule",
    findings=MedicationStart,
    form=MedicationStartForm,
    source="Riluzole, edaravone, PB/TURSO: NASEM 2024; tofersen: EAN 2024; labels",
)
