"""One synthetic person: who they are, and how their disease goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log, sqrt
from random import Random
from typing import Any

from exchange.cohort import figures, names

Days = float


@dataclass(frozen=True, slots=True)
class Course:
    """How the disease goes, in days: from onset on, and in the clinic from enrolment on."""

    onset_region: str
    onset_on: date
    diagnosed_on: date
    enrolled_on: date
    dies_on: date
    age_at_diagnosis: float
    fvc_at_start: float
    fvc_slope: float
    baseline_kg: float
    kg_at_diagnosis: float
    loss_a_month: float
    function_at_start: float
    function_slope: float
    bulbar_from: date

    @property
    def bulbar(self) -> bool:
        """Whether it began with speech or swallowing."""
        return self.onset_region == "bulbar"

    def fvc_on(self, day: date) -> float:
        """Forced vital capacity in per cent of predicted."""
        return self.fvc_at_start + self.fvc_slope * _months(self.enrolled_on, day)

    def function_on(self, day: date) -> int:
        """Points of the ALSFRS-R, of 48."""
        return round(
            _clip(self.function_at_start - self.function_slope * _months(self.enrolled_on, day), 1, 48)
        )

    def kg_on(self, day: date) -> float:
        """Weight in kg."""
        kept = 1 - self.loss_a_month / 100
        return self.kg_at_diagnosis * float(kept ** _months(self.diagnosed_on, day))


@dataclass(frozen=True, slots=True)
class Person:
    """The row of the person, and their course."""

    fields: Mapping[str, Any]
    course: Course


def draw_person(random: Random, number: int, as_of: date) -> Person:
    """A person in the clinic's care on some day of the last years before ``as_of``."""
    course = _draw_course(random, as_of)
    born = course.diagnosed_on - timedelta(days=course.age_at_diagnosis * 365.25)
    fields = {
        "external_id": f"P{number:05}",
        "mrn": f"D-{number:05}",
        "given_name": random.choice(names.GIVEN),
        "family_name": _family(random, number),
        "birth_on": born,
        "onset_region": course.onset_region,
        "onset_on": course.onset_on,
        "diagnosed_on": course.diagnosed_on,
        "enrolled_on": course.enrolled_on,
        "baseline_weight_g": round(course.baseline_kg * 10) * 100,
        "height_cm": round(_clip(random.gauss(170, 10), 140, 205)),
        "phone": f"555-01{number % 100:02}",
        "payer": random.choice(names.PAYERS),
    }
    return Person(fields, course)


def weighted(random: Random, shares: Mapping[str, float]) -> str:
    """One of the keys, as often as its share."""
    return random.choices(list(shares), weights=list(shares.values()))[0]


def lognormal(random: Random, median: float, sigma: float) -> float:
    """A draw around ``median``."""
    return median * exp(random.gauss(0, sigma))


def kings_stage_ends(course: Course) -> Sequence[date]:
    """The last day of each of King's stages 1 to 4, stretched to the person's survival."""
    lived = (course.dies_on - course.onset_on).days
    total = sum(figures.KINGS_STAGES)
    ends, passed = [], 0.0
    for months in figures.KINGS_STAGES:
        passed += months
        ends.append(course.onset_on + timedelta(days=lived * passed / total))
    return ends


def _draw_course(random: Random, as_of: date) -> Course:
    region = weighted(random, figures.ONSET)
    bulbar = "bulbar" if region == "bulbar" else "other"
    age = _clip(random.gauss(*figures.AGE_AT_DIAGNOSIS), 24, 90)
    months = _clip(lognormal(random, *_median_and_sigma(*figures.MONTHS_TO_DIAGNOSIS)), 1, 60)
    survival = 0.0
    median = figures.SURVIVAL_MONTHS.get(region, 32)
    while survival < months + 2:
        survival = lognormal(random, median, figures.SURVIVAL_SIGMA)
    in_care = (survival - months) * figures.DAYS_A_MONTH
    diagnosed_on = as_of - timedelta(days=random.uniform(5, min(in_care, 900) + 150))
    dies_on = diagnosed_on + timedelta(days=in_care)
    enrolled_on = diagnosed_on + timedelta(days=min(lognormal(random, 21, 0.7), in_care / 2))
    onset_on = diagnosed_on - timedelta(days=months * figures.DAYS_A_MONTH)
    bulbar_from = onset_on + timedelta(days=survival * figures.DAYS_A_MONTH * random.uniform(0.35, 1.2))
    loss = figures.LOSS_BY_DIAGNOSIS[bulbar] if random.random() < figures.LOST_WEIGHT_BY_DIAGNOSIS else 0.0
    baseline = _clip(random.gauss(77, 14), 45, 130)
    return Course(
        onset_region=region,
        onset_on=onset_on,
        diagnosed_on=diagnosed_on,
        enrolled_on=min(enrolled_on, as_of - timedelta(days=1)),
        dies_on=dies_on,
        age_at_diagnosis=age,
        fvc_at_start=_clip(random.gauss(*figures.FVC_AT_START), 40, 130),
        fvc_slope=min(random.gauss(_fvc_slope(region, age), 1.2), 0.3),
        baseline_kg=baseline,
        kg_at_diagnosis=baseline * (1 - random.gauss(loss, loss / 3) / 100),
        loss_a_month=random.gauss(figures.LOSS_A_MONTH[bulbar], 0.5),
        function_at_start=_clip(random.gauss(*figures.ALSFRS_AT_START), 14, 47),
        function_slope=_function_slope(random, log(survival / median) / figures.SURVIVAL_SIGMA),
        bulbar_from=onset_on if region == "bulbar" else bulbar_from,
    )


def _function_slope(random: Random, survives_longer: float) -> float:
    """Points a month; faster for those who survive shorter than most (in standard deviations)."""
    median, sigma = _median_and_sigma(*figures.ALSFRS_SLOPE)
    shared = figures.SLOPE_AND_SURVIVAL
    drawn = -shared * survives_longer + sqrt(1 - shared**2) * random.gauss(0, 1)
    return median * exp(sigma * drawn)


def _fvc_slope(region: str, age: float) -> float:
    if age > 65:
        return figures.FVC_SLOPE["over_65"]
    if age < 50:
        return figures.FVC_SLOPE["under_50"]
    return figures.FVC_SLOPE["bulbar" if region == "bulbar" else "other"]


def _family(random: Random, number: int) -> str:
    """A plant, and a second one for every other person so that names seldom meet."""
    first = random.choice(names.FAMILY)
    return first if number % 2 else f"{first}-{random.choice(names.FAMILY)}"


def _median_and_sigma(mean: float, sd: float) -> tuple[float, float]:
    """Of the lognormal with this mean and SD."""
    variance = log(1 + (sd / mean) ** 2)
    return mean * exp(-variance / 2), sqrt(variance)


def _months(start: date, day: date) -> float:
    return (day - start).days / figures.DAYS_A_MONTH


def _clip(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
