"""Nutrition review: weight, body mass index and weight loss (catalogue rows 13 and 17)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings import Background, Computed, Findings, finding
from assessments.groups import NUTRITION_AND_SWALLOWING
from assessments.inputs import FindingsForm, measured, segmented
from assessments.kind import Kind
from assessments.specs import Choice, Flag, Quantity, Text

WEIGHT = Quantity(gettext_lazy("Weight"), "kg", low=20, high=250, per_unit=1000, decimals=1)
HEIGHT = Quantity(gettext_lazy("Height"), "cm", low=90, high=230)
INTAKE = {
    "mouth": gettext_lazy("By mouth"),
    "mouth_and_tube": gettext_lazy("Mouth and tube"),
    "tube": gettext_lazy("Tube"),
}
UNKNOWN_REASON = "Reason not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class NutritionReview(Findings):
    """Weight in whole grams, or why there is none; height in cm; how the person eats and drinks."""

    weight_g: int | None = finding(WEIGHT)
    weight_unobtainable: bool | None = finding(Flag(gettext_lazy("Weight could not be measured"), tick=True))
    weight_unobtainable_reason: str | None = finding(Text(gettext_lazy("Why it could not be measured")))
    height_cm: int | None = finding(HEIGHT)
    intake: str | None = finding(Choice(gettext_lazy("Eating and drinking"), INTAKE))

    @property
    def completed(self) -> bool:
        """Whether it counts as a review: a weight, or the reason why there is none (NUTR-3M)."""
        reasoned = bool(self.weight_unobtainable and self.weight_unobtainable_reason)
        return self.weight_g is not None or reasoned

    def contradictions(self) -> Mapping[str, str]:
        """A weight that could not be measured."""
        if self.weight_g is not None and self.weight_unobtainable:
            return {"weight_g": _("Enter a weight, or tick that it could not be measured, not both.")}
        return {}

    def summary(self) -> str:
        """ "64.9 kg, by mouth"; what is missing is said."""
        if self.weight_g is not None:
            weight = WEIGHT.shown(self.weight_g)
        elif self.weight_unobtainable:
            weight = _("weight could not be measured")
            if self.weight_unobtainable_reason:
                weight += f" ({self.weight_unobtainable_reason})"
        else:
            weight = _("no weight")
        return weight if self.intake is None else f"{weight}, {str(INTAKE[self.intake]).lower()}"

    def event_data(self) -> dict[str, Any]:
        """``weight_kg`` (None without one) and whether the review says why there is none."""
        kg = None if self.weight_g is None else self.weight_g / 1000
        return {"weight_kg": kg, "weight_unobtainable": self.weight_g is None and self.completed}

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A review from ``weight_kg`` and ``weight_unobtainable``."""
        kg = data.get("weight_kg")
        grams = kg
        if isinstance(kg, int | float) and not isinstance(kg, bool) and abs(kg) < 10**6:
            grams = round(kg * 1000)
        unobtainable = data.get("weight_unobtainable") or None
        return cls.checked(
            {
                "weight_g": grams,
                "weight_unobtainable": None if kg is not None else unobtainable,
                "weight_unobtainable_reason": UNKNOWN_REASON if unobtainable and kg is None else None,
            }
        )

    def computed(self, background: Background) -> Sequence[Computed]:
        """Body mass index, and the change since the last weight and since baseline."""
        return list(self._computed(background))

    def last(self, background: Background) -> str:
        """ "64.9 kg on 30 Nov 2025"."""
        for earlier in background.earlier:
            if earlier.findings.weight_g is not None:
                day = date_format(earlier.on, "j M Y")
                return _("%(weight)s on %(day)s") % {
                    "weight": WEIGHT.shown(earlier.findings.weight_g),
                    "day": day,
                }
        return ""

    def _computed(self, background: Background) -> Iterator[Computed]:
        if self.weight_g is None:
            return
        height = self.height_cm or known_height(background)
        if height:
            yield Computed(_("BMI"), number_format(bmi(self.weight_g, height), 1))
        weights = [grams for each in background.earlier if (grams := each.findings.weight_g) is not None]
        if weights:
            yield Computed(_("Since last review"), change(weights[0], self.weight_g))
        baseline = background.baseline_weight_g or (weights[-1] if weights else None)
        if baseline:
            label = _("Since baseline %(weight)s") % {"weight": WEIGHT.shown(baseline)}
            yield Computed(label, change(baseline, self.weight_g))


def known_height(background: Background) -> int | None:
    """The height in cm: of the patient, else of the latest review that has one."""
    measured = (each.findings.height_cm for each in background.earlier)
    return background.height_cm or next((height for height in measured if height), None)


def bmi(weight_g: int, height_cm: int) -> Decimal:
    """Body mass index in kg/m², to one decimal."""
    return round(Decimal(weight_g * 10) / Decimal(height_cm * height_cm), 1)


def change(before_g: int, after_g: int) -> str:
    """A change of weight as "−1.8 kg (−2.8%)"."""
    kg = Decimal(after_g - before_g) / 1000
    percent = Decimal(after_g - before_g) * 100 / before_g
    return f"{_signed(kg)}\N{NO-BREAK SPACE}kg ({_signed(percent)}%)"


def _signed(amount: Decimal) -> str:
    rounded = round(amount, 1)
    sign = "\N{MINUS SIGN}" if rounded < 0 else "+" if rounded > 0 else ""
    return sign + number_format(abs(rounded), 1)


class NutritionReviewForm(FindingsForm):
    """Weight first; height only while nobody has recorded one."""

    findings_class = NutritionReview
    expected = ("weight_g", "weight_unobtainable_reason", "intake")

    def arrange(self) -> None:
        """The last weight as a hint; height only while it is not known."""
        super().arrange()
        self.fields["weight_g"].help_text = NutritionReview().last(self.background)
        if known_height(self.background):
            del self.fields["height_cm"]

    def layout(self) -> Layout:
        """Date, weight and why there is none; eating and drinking; note."""
        asks_height = "height_cm" in self.fields
        height = [Column(measured("height_cm", HEIGHT), css_class="col-md-2")] if asks_height else []
        return Layout(
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column(measured("weight_g", WEIGHT), css_class="col-md-3"),
                *height,
                Column("weight_unobtainable", css_class=f"col-md-{4 if asks_height else 6} al-beside"),
                Column("weight_unobtainable_reason", css_class="col-md-12 al-if-ticked"),
            ),
            Row(
                Column(segmented("intake"), css_class="col-md-5"),
                Column("note", css_class="col-md-7"),
            ),
        )

    def clean(self) -> dict[str, Any]:
        """A weight that could not be measured needs a reason."""
        cleaned = super().clean()
        if cleaned.get("weight_unobtainable") and not cleaned.get("weight_unobtainable_reason"):
            self.add_error("weight_unobtainable_reason", _("Say why, so that the review counts."))
        return cleaned


KIND = Kind(
    code="nutrition_review",
    group=NUTRITION_AND_SWALLOWING,
    label=gettext_lazy("Nutrition review"),
    verb=gettext_lazy("Log review"),
    logged=gettext_lazy("Nutrition review logged"),
    date_label=gettext_lazy("Date of review"),
    icon="clipboard-check",
    findings=NutritionReview,
    form=NutritionReviewForm,
    declined_as="nutrition_review",
    source="Nutritional status (BMI, weight loss) every 3 months: NASEM 2024; AAN 2009",
)
