"""Clinical measures that several rules share, named as in catalogue 2.1."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pathway.facts import Event
from pathway.record import Record


@dataclass(frozen=True, slots=True)
class Measure:
    """A number and the event it was recorded with."""

    event: Event
    value: float


@dataclass(frozen=True, slots=True)
class BulbarImpairment:
    """Why someone counts as bulbar impaired: their onset, or the findings named."""

    onset: bool
    evidence: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.onset or bool(self.evidence)


def number(value: object) -> float | None:
    """``value`` if it is a finite number (a yes or no is not one), else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def fvc_measured(record: Record) -> Sequence[Measure]:
    """Every forced vital capacity that could be measured, in per cent of predicted."""
    return [
        Measure(event, value)
        for event in record.of("resp_assessment")
        if (value := number(event.data.get("fvc_pct"))) is not None
    ]


def weight_g(review: Event) -> int | None:
    """The weight of a nutrition review in whole grams; None if absent or not above zero."""
    kg = number(review.data.get("weight_kg"))
    return round(kg * 1000) if kg is not None and 0 < kg < 1000 else None


def weights(record: Record) -> Sequence[Measure]:
    """Every recorded weight, in grams."""
    return [
        Measure(review, grams)
        for review in record.of("nutrition_review")
        if (grams := weight_g(review)) is not None
    ]


def baseline_g(record: Record) -> float | None:
    """The weight that loss is measured from: the recorded baseline, else the first weight."""
    if record.patient.baseline_weight_g is not None:
        return record.patient.baseline_weight_g
    first = next(iter(weights(record)), None)
    return None if first is None else first.value


def weight_losses(record: Record, at_least_pct: int) -> Sequence[Measure]:
    """Weights at least ``at_least_pct`` per cent below baseline; a loss of exactly that counts."""
    baseline = baseline_g(record)
    if baseline is None:
        return []
    return [
        measure for measure in weights(record) if (baseline - measure.value) * 100 >= at_least_pct * baseline
    ]


def bulbar_impaired(record: Record) -> BulbarImpairment:
    """Onset region bulbar, or latest bulbar status impaired, or latest swallow screen positive."""
    findings = (("bulbar_status", "impaired"), ("swallow_screen", "positive"))
    evidence = [
        events[-1].id
        for kind, flag in findings
        if (events := record.with_flag(kind, flag)) and events[-1].data[flag]
    ]
    return BulbarImpairment(record.patient.onset_region == "bulbar", tuple(evidence))
