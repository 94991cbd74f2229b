"""Clinical measures that several rules share, named as in catalogue 2.1."""

import math
from collections.abc import Sequence
from datetime import date

from pathway.facts import Event
from pathway.record import Record
from pathway.value import value


@value()
class Measure:
    """A number and the event it was recorded with."""

    event: Event
    value: float


@value()
class BulbarImpairment:
    """Why someone counts as bulbar impaired: their onset, or the findings named.

    ``found_on`` is the day since which one of those findings has stood; None without any.
    """

    onset: bool
    evidence: tuple[str, ...]
    found_on: date | None = None

    def __bool__(self) -> bool:
        return self.onset or bool(self.evidence)


def number(value: object) -> float | None:
    """``value`` if it is a finite number (a yes or no is not one), else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < math.inf:
        return None
    return value


def fvc_measured(record: Record) -> Sequence[Measure]:
    """Every forced vital capacity that could be measured, in per cent of predicted."""
    return [
        Measure(event, value)
        for event in record.of("resp_assessment")
        if (value := number(event.data.get("fvc_pct"))) is not None
    ]


def liver_tests(record: Record) -> Sequence[Event]:
    """Liver tests with at least one result, oldest first; one without tells nothing."""
    return [test for test in record.of("lft") if _has_result(test)]


def cognitive_screens(record: Record) -> Sequence[Event]:
    """Cognitive screens with a result, oldest first."""
    flags = ("impaired", "executive_impaired")
    return [
        screen
        for screen in record.of("cognitive_screen")
        if any(isinstance(screen.data.get(flag), bool) for flag in flags)
    ]


def positive_swallow_screens(record: Record) -> Sequence[Event]:
    """Swallow screens that suggested unsafe swallowing, oldest first."""
    return record.where("swallow_screen", "positive")


def abnormal_swallow_studies(record: Record) -> Sequence[Event]:
    """Videofluoroscopy studies that were not normal, oldest first."""
    return record.where("vfss", "abnormal")


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


def weight_losses(record: Record, at_least_pct: float) -> Sequence[Measure]:
    """Weights at least ``at_least_pct`` per cent below baseline; a loss of exactly that counts."""
    baseline = baseline_g(record)
    if baseline is None:
        return []
    return [
        measure for measure in weights(record) if (baseline - measure.value) * 100 >= at_least_pct * baseline
    ]


def weight_loss_counts(record: Record) -> bool:
    """Whether a loss of weight says anything: not from a pregnancy on, until it counts again.

    Only the dietitian's word that it counts again ends this (catalogue 2.3).
    """
    said = [*record.where("pregnancy", "pregnant"), *record.of("weight_trigger_on")]
    return not said or max(said, key=lambda event: event.order).kind != "pregnancy"


def bulbar_impaired(record: Record) -> BulbarImpairment:
    """Onset region bulbar, or latest bulbar status impaired, or latest swallow screen positive."""
    findings = (("bulbar_status", "impaired"), ("swallow_screen", "positive"))
    runs = [run for kind, flag in findings if (run := _run_of_yes(record.with_flag(kind, flag), flag))]
    return BulbarImpairment(
        onset=record.patient.onset_region == "bulbar",
        evidence=tuple(run[-1].id for run in runs),
        found_on=min((run[0].on for run in runs), default=None),
    )


def _run_of_yes(events: Sequence[Event], flag: str) -> Sequence[Event]:
    """The unbroken run of yes that ``events`` end with."""
    noes = [place for place, event in enumerate(events) if not event.data[flag]]
    return events[noes[-1] + 1 :] if noes else events


def _has_result(test: Event) -> bool:
    measured = any(number(test.data.get(name)) is not None for name in ("alt_x_uln", "ast_x_uln"))
    return measured or isinstance(test.data.get("bilirubin_high"), bool)
