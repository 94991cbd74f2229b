"""The visits of a person of the demo clinic, and what was measured on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from exchange.cohort.function import HIGHEST, order_of_loss, scored
from exchange.demo.history import Life
from exchange.demo.people import Person
from pathway.dates import add_months

LEFT = {53: -75, 60: -40, 79: -150, 57: -64}
"""Days from today on which these people's last visit was."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A day in clinic. ``kg`` is None when the person was not weighed; ``number`` counts from 0."""

    number: int
    day: date
    kg: float | None
    fvc: int
    symptoms: bool
    impaired: bool
    positive: bool


def visits_of(life: Life, person: Person) -> Sequence[Visit]:
    """About every three months; the last one with a weight leaves the review due as told."""
    joined = life.day(person.enrolled)
    weighed = _weighed(life, person, joined)
    days = sorted({*(weighed or [joined]), *_seen_since(life, person, weighed)})
    return [
        _visit(
            person, number, day, (number + 1) / len(days), weighed=day in weighed and _new(day, joined, days)
        )
        for number, day in enumerate(days)
    ]


def _new(day: date, joined: date, days: Sequence[date]) -> bool:
    """On the day of joining nobody is weighed who stays for a single visit."""
    return day > joined or days[-1] > joined


def _weighed(life: Life, person: Person, joined: date) -> list[date]:
    if person.review_due is None:
        return []
    last = life.day(LEFT[person.mrn]) if person.mrn in LEFT else add_months(life.day(person.review_due), -3)
    if last < joined:
        return []
    return _visit_days(joined, last, Random(person.mrn))


def _seen_since(life: Life, person: Person, weighed: Sequence[date]) -> list[date]:
    """A visit at which the dietitian was away, where the review is overdue for that reason."""
    due = person.review_due
    if not weighed or due is None or due >= 0 or "visit" in person.gaps:
        return []
    return [clinic_day(life.day(-45 if "seen" in person.gaps else due - 3))]


def _visit_days(joined: date, last: date, random: Random) -> list[date]:
    days = [last]
    while (day := days[-1] - timedelta(days=random.randint(78, 86))) > joined + timedelta(days=45):
        days.append(clinic_day(day))
    if days[-1] > joined + timedelta(days=20):
        days.append(joined + timedelta(days=random.randint(0, 12)))
    return sorted(days)


def clinic_day(day: date) -> date:
    """The Tuesday on or before a day: the clinic sees people on Tuesdays."""
    return day - timedelta(days=(day.weekday() - 1) % 7)


def _visit(person: Person, number: int, day: date, part: float, *, weighed: bool) -> Visit:
    fvc = round(person.fvc[0] + (person.fvc[1] - person.fvc[0]) * part)
    bulbar = person.onset == "bulbar"
    return Visit(
        number=number,
        day=day,
        kg=round(person.kg[0] + (person.kg[1] - person.kg[0]) * part, 1) if weighed else None,
        fvc=fvc,
        symptoms=fvc < 57,
        impaired=bulbar or (number > 3 and part > 0.8),
        positive=bulbar and part > 0.5,
    )


def record_visits(life: Life, person: Person, visits: Sequence[Visit]) -> None:
    """Weight, lungs, speech, swallowing and function on each."""
    if person.review_due is not None and not _weighed(life, person, life.day(person.enrolled)):
        _reviewed_elsewhere(life, person)
    order = order_of_loss(Random(person.mrn), person.onset)
    for visit in visits:
        findings = {"drug_discussed": visit.number % 2 == 0 or None}
        life.add("clinic_visit", visit.day, "marcus", findings=findings)
        if visit.kg is not None:
            life.add("nutrition_review", visit.day, "nadia", weight_kg=visit.kg)
        life.add("resp_assessment", visit.day, "ben", fvc_pct=visit.fvc, symptoms=visit.symptoms)
        if visit.number % 2 == 0 or visit.impaired:
            life.add("bulbar_status", visit.day, "asha", impaired=visit.impaired)
        if visit.impaired and "swallow" not in person.gaps:
            life.add("swallow_screen", visit.day, "asha", positive=visit.positive)
        lost = 5 + (person.fvc[0] - visit.fvc) // 2 + visit.number // 2
        life.add(
            "alsfrs_r", visit.day, "marcus", findings={**scored(order, lost=lost), "ventilation": HIGHEST}
        )


def _reviewed_elsewhere(life: Life, person: Person) -> None:
    """The last review was done before the person joined; the letter came with them."""
    assert person.review_due is not None
    life.add(
        "nutrition_review",
        add_months(life.day(person.review_due), -3),
        "nadia",
        recorded=person.enrolled + 1,
        weight_kg=person.kg[1],
        done_elsewhere="Lakeside ALS Clinic, from the transfer letter",
    )
