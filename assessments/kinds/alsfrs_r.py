"""ALSFRS-R: twelve items of daily function, their sums, and the stages they give."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from crispy_forms.layout import Column, Fieldset, Layout, Row
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import groups
from assessments.findings import Background, Computed, Earlier, Findings, finding
from assessments.inputs import FindingsForm
from assessments.kind import Kind
from assessments.specs import Score, Words
from pathway.stages import HIGHEST, ITEMS, TOTAL, Function, kings_stage, mitos_stage, monthly_change

GASTROSTOMY = "gastrostomy_placed"


def _item(label: Words, *steps: Words) -> Any:
    """An item with what each score means, from 4 (normal) down to 0."""
    return finding(Score(label, high=HIGHEST, steps=dict(zip(range(HIGHEST, -1, -1), steps, strict=True))))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsfrsrScore(Findings):
    """The items, each from 0 (lost) to 4 (normal); item 5 is 5b once there is a gastrostomy, else 5a."""

    speech: int | None = _item(
        gettext_lazy("1 Speech"),
        gettext_lazy("Normal"),
        gettext_lazy("Detectable disturbance"),
        gettext_lazy("Intelligible with repeating"),
        gettext_lazy("Combined with non-vocal communication"),
        gettext_lazy("Loss of useful speech"),
    )
    salivation: int | None = _item(
        gettext_lazy("2 Salivation"),
        gettext_lazy("Normal"),
        gettext_lazy("Slight but definite excess; may drool at night"),
        gettext_lazy("Moderately excessive; minimal drooling"),
        gettext_lazy("Marked excess with some drooling"),
        gettext_lazy("Marked drooling; constant tissue"),
    )
    swallowing: int | None = _item(
        gettext_lazy("3 Swallowing"),
        gettext_lazy("Normal"),
        gettext_lazy("Early problems, occasional choking"),
        gettext_lazy("Changes of consistency"),
        gettext_lazy("Needs supplemental tube feeding"),
        gettext_lazy("Nothing by mouth"),
    )
    handwriting: int | None = _item(
        gettext_lazy("4 Handwriting"),
        gettext_lazy("Normal"),
        gettext_lazy("Slow or sloppy, all words legible"),
        gettext_lazy("Not all words legible"),
        gettext_lazy("Grips a pen, cannot write"),
        gettext_lazy("Cannot grip a pen"),
    )
    cutting_5a: int | None = _item(
        gettext_lazy("5a Cutting food, without gastrostomy"),
        gettext_lazy("Normal"),
        gettext_lazy("Slow and clumsy, no help needed"),
        gettext_lazy("Cuts most foods, some help needed"),
        gettext_lazy("Food cut by someone, feeds slowly"),
        gettext_lazy("Needs to be fed"),
    )
    cutting_5b: int | None = _item(
        gettext_lazy("5b Handling utensils, with gastrostomy"),
        gettext_lazy("Normal"),
        gettext_lazy("Clumsy, all manipulations alone"),
        gettext_lazy("Some help with closures and fasteners"),
        gettext_lazy("Minimal assistance to caregiver"),
        gettext_lazy("Unable to perform any of it"),
    )
    dressing: int | None = _item(
        gettext_lazy("6 Dressing and hygiene"),
        gettext_lazy("Normal"),
        gettext_lazy("Independent, with effort or slower"),
        gettext_lazy("Intermittent help or substitute methods"),
        gettext_lazy("Needs attendant for self-care"),
        gettext_lazy("Total dependence"),
    )
    turning: int | None = _item(
        gettext_lazy("7 Turning in bed, bed clothes"),
        gettext_lazy("Normal"),
        gettext_lazy("Slow and clumsy, no help needed"),
        gettext_lazy("Alone, with great difficulty"),
        gettext_lazy("Initiates, cannot finish alone"),
        gettext_lazy("Helpless"),
    )
    walking: int | None = _item(
        gettext_lazy("8 Walking"),
        gettext_lazy("Normal"),
        gettext_lazy("Early difficulties"),
        gettext_lazy("Walks with assistance"),
        gettext_lazy("Functional movement only"),
        gettext_lazy("No purposeful leg movement"),
    )
    stairs: int | None = _item(
        gettext_lazy("9 Climbing stairs"),
        gettext_lazy("Normal"),
        gettext_lazy("Slow"),
        gettext_lazy("Mild unsteadiness or fatigue"),
        gettext_lazy("Needs assistance, handrail included"),
        gettext_lazy("Cannot do"),
    )
    dyspnea: int | None = _item(
        gettext_lazy("10 Dyspnea"),
        gettext_lazy("None"),
        gettext_lazy("When walking"),
        gettext_lazy("When eating, bathing or dressing"),
        gettext_lazy("At rest, sitting or lying"),
        gettext_lazy("Significant; considering ventilation"),
    )
    orthopnea: int | None = _item(
        gettext_lazy("11 Orthopnea"),
        gettext_lazy("None"),
        gettext_lazy("Some difficulty sleeping, up to two pillows"),
        gettext_lazy("Needs more than two pillows"),
        gettext_lazy("Sleeps only sitting up"),
        gettext_lazy("Cannot sleep without ventilation"),
    )
    ventilation: int | None = _item(
        gettext_lazy("12 Respiratory insufficiency"),
        gettext_lazy("None"),
        gettext_lazy("Intermittent BPAP"),
        gettext_lazy("Continuous BPAP at night"),
        gettext_lazy("Continuous BPAP day and night"),
        gettext_lazy("Invasive ventilation"),
    )

    @property
    def function(self) -> Function | None:
        """The complete scale; None while an item is missing."""
        return Function.read(self.answers())

    def contradictions(self) -> Mapping[str, str]:
        """Item 5 answered both with and without a gastrostomy."""
        if self.cutting_5a is not None and self.cutting_5b is not None:
            return {"cutting_5b": _("Answer 5a or 5b, not both: 5b only once there is a gastrostomy.")}
        return {}

    def summary(self) -> str:
        """ "33 of 48"; how many items there are while some are missing."""
        scale = self.function
        if scale is None:
            answered = len(self.answers())
            return _("%(count)s of %(all)s items, no total") % {"count": answered, "all": len(ITEMS)}
        return _of(scale.total)

    def lines(self) -> Sequence[str]:
        """The four subscores, and both stages."""
        scale = self.function
        if scale is None:
            return ()
        sums = ", ".join(f"{name} {value}" for name, value in _subscores(scale))
        return (sums[:1].upper() + sums[1:], *(f"{name} {stage}" for name, stage in _stages(scale)))

    def event_data(self) -> dict[str, Any]:
        """The items answered, by name; no rule reads them."""
        return self.answers()

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A score from its items."""
        return cls.checked({each.name: data.get(each.name) for each in fields(cls)})

    def computed(self, background: Background) -> Sequence[Computed]:
        """Total, subscores, change per month since the last total, and both stages."""
        return list(self._computed(background))

    def last(self, background: Background) -> str:
        """ "37 of 48 on 30 Nov 2025"."""
        before = _before(background)
        if before is None:
            return ""
        on, total = before
        return _("%(total)s on %(day)s") % {"total": _of(total), "day": date_format(on.on, "j M Y")}

    def _computed(self, background: Background) -> Iterator[Computed]:
        scale = self.function
        if scale is None:
            return
        yield Computed(_("Total"), _of(scale.total))
        for name, value in _subscores(scale):
            yield Computed(name[:1].upper() + name[1:], str(value))
        before = _before(background)
        if before is not None and background.on is not None:
            earlier, total = before
            change = monthly_change(total, earlier.on, scale.total, background.on)
            if change is not None:
                label = _("A month since %(day)s") % {"day": date_format(earlier.on, "j M Y")}
                yield Computed(label, signed(change))
        for name, stage in _stages(scale):
            yield Computed(name, stage)


def signed(points: float) -> str:
    """A change as "−1.3"."""
    rounded = round(points, 1)
    sign = "\N{MINUS SIGN}" if rounded < 0 else "+" if rounded > 0 else ""
    return sign + number_format(abs(rounded), 1)


def _of(total: int) -> str:
    return _("%(total)s of %(all)s") % {"total": total, "all": TOTAL}


def _subscores(scale: Function) -> Sequence[tuple[str, int]]:
    return (
        (_("bulbar"), scale.bulbar),
        (_("fine motor"), scale.fine_motor),
        (_("gross motor"), scale.gross_motor),
        (_("respiratory"), scale.respiratory),
    )


def _stages(scale: Function) -> Sequence[tuple[str, str]]:
    return (
        (_("King’s stage"), str(kings_stage(scale))),
        (_("MiToS stage"), str(mitos_stage(scale))),
    )


def _before(background: Background) -> tuple[Earlier, int] | None:
    """The latest complete score from before the day, with its total."""
    for earlier in background.earlier:
        scale = earlier.findings.function
        if scale is not None and (background.on is None or earlier.on < background.on):
            return earlier, scale.total
    return None


def _line(items: Sequence[str]) -> Row:
    """Items side by side, each as wide as the others."""
    return Row(*(Column(item, css_class=f"col-md-{12 // len(items)}") for item in items))


class AlsfrsrScoreForm(FindingsForm):
    """The items in the order of the scale, two or three to a line."""

    findings_class = AlsfrsrScore
    expected = tuple(name for name in AlsfrsrScore.specs() if name != "cutting_5b")

    def arrange(self) -> None:
        """Item 5 as recorded: 5b counts once a gastrostomy was placed."""
        super().arrange()
        placed = self.background.beside.get(GASTROSTOMY, ())
        if placed:
            day = date_format(placed[0].on, "j M Y")
            self.fields["cutting_5b"].help_text = _("Gastrostomy placed %(day)s.") % {"day": day}
            self.fields["cutting_5b"].expected = True  # type: ignore[attr-defined]
            self.fields["cutting_5a"].expected = False  # type: ignore[attr-defined]
        else:
            self.fields["cutting_5b"].help_text = _("Instead of 5a. No gastrostomy is recorded here.")
        self.fields["happened_on"].help_text = AlsfrsrScore().last(self.background)

    def clean(self) -> dict[str, Any]:
        """At least one item."""
        cleaned = super().clean()
        if not self.errors and not self.findings().answers():
            self.add_error(None, _("Answer at least one item."))
        return cleaned

    def layout(self) -> Layout:
        """The four parts of the scale under their names, then date and note."""
        parts = (
            (_("Bulbar"), ("speech", "salivation", "swallowing")),
            (_("Fine motor"), ("handwriting", "cutting_5a"), ("cutting_5b", "dressing")),
            (_("Gross motor"), ("turning", "walking", "stairs")),
            (_("Respiratory"), ("dyspnea", "orthopnea", "ventilation")),
        )
        return Layout(
            *(Fieldset(name, *(_line(items) for items in lines)) for name, *lines in parts),
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column("note", css_class="col-md-9"),
            ),
        )


KIND = Kind(
    code="alsfrs_r",
    group=groups.FUNCTION,
    label=gettext_lazy("ALSFRS-R"),
    verb=gettext_lazy("Log score"),
    logged=gettext_lazy("ALSFRS-R logged"),
    date_label=gettext_lazy("Date of score"),
    icon="list-ol",
    findings=AlsfrsrScore,
    form=AlsfrsrScoreForm,
    looks_at=(GASTROSTOMY,),
    source="ALSFRS-R: Cedarbaum 1999; King’s stage: Balendra 2014; MiToS: Chiò 2015; both: PubMed 28054828",
)
