"""Equipment by King's stage, and each request's way to its delivery."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from exchange.cohort import figures, names
from exchange.cohort.history import History
from exchange.cohort.person import Course, kings_stage_ends, lognormal
from pathway.catalogue import ITEMS

WALKING = ("walker", "ankle_foot_orthosis", "shower_chair", "manual_wheelchair", "commode")
LATER = ("power_wheelchair", "home_modification", "hospital_bed", "patient_lift", "cough_assist")
SPEECH = ("aac_device", "suction", "feeding_pump")
LAST = ("pressure_mattress", "environmental_control", "slide_board", "lift_chair", "call_chime")


def draw_equipment(history: History, course: Course) -> None:
    """As many items as belong to each of King's stages, asked for during it."""
    items = _items(history.random, course)
    start, had = course.onset_on, 0
    for end, (low, high) in zip(kings_stage_ends(course), figures.ITEMS_BY_STAGE, strict=True):
        wanted = history.random.randint(low, high)
        for item in items[had:wanted] if end > course.enrolled_on else ():
            day = start + timedelta(days=history.random.uniform(0, max((end - start).days, 1)))
            request_item(history, item, max(day, course.enrolled_on))
        start, had = end, max(had, wanted)


def _items(random: Random, course: Course) -> Sequence[str]:
    first = [*SPEECH, *WALKING] if course.bulbar else [*WALKING]
    second = [*LATER] if course.bulbar else [*LATER, *SPEECH]
    random.shuffle(first)
    random.shuffle(second)
    return [*first, *second, *random.sample(LAST, len(LAST))]


def request_item(history: History, item: str, day: date, **more: Any) -> date | None:
    """Ask for an item and follow it; the day it is delivered, None when that lies ahead."""
    request = history.add(
        "equipment_request",
        day,
        item=item,
        payer=history.person.fields["payer"],
        vendor=history.random.choice(names.VENDORS),
        **more,
    )
    if request is None:
        return None
    delivered_on = None
    for stage, on in _stages(history.random, item, day):
        if history.add("equipment_status", on, id=request, status=stage) is None:
            break
        if stage == "delivered":
            delivered_on = on
        if stage in ("submitted", "ordered") and history.chance(0.3):
            _call(history, request, on)
    if ITEMS[item].code == "power_wheelchair" and history.chance(0.5):
        history.add("loaner_provided", day + timedelta(days=7), id=request, item_lent="Transport chair")
    return delivered_on


def _call(history: History, request: str, on: date) -> None:
    called_on = history.within(on, 2, 6)
    next_call_on = history.within(called_on, 3, 10)
    history.add("equipment_contact", called_on, id=request, person="Intake desk", next_call_on=next_call_on)


def _stages(random: Random, item: str, day: date) -> Iterator[tuple[str, date]]:
    """Each stage and its day: the clinic's own steps take days, payer and vendor take the rest.

    A third of the requests meet a denial, and go through an appeal.
    """
    lead = figures.LEAD_TIMES.get(item, figures.OTHER_LEAD_TIME)
    days = lognormal(random, lead.median, lead.sigma)
    write, send, order = (min(lognormal(random, median, 0.7), days / 8) for median in (1.5, 0.8, 1.0))
    decided = min(lognormal(random, 4.5, 0.45), days / 3)
    passed = write
    yield "documented", day + timedelta(days=passed)
    yield "submitted", day + timedelta(days=(passed := passed + send))
    passed += decided
    if random.random() < figures.PRIOR_AUTHORISATION_TROUBLE:
        yield "denied", day + timedelta(days=passed)
        yield (
            "appealed",
            day + timedelta(days=(passed := passed + min(lognormal(random, 1.3, 0.6), days / 8))),
        )
        waits = min(lognormal(random, 9, 0.4), days / 3)
        days, passed = days + waits, passed + waits
    yield "approved", day + timedelta(days=passed)
    yield "ordered", day + timedelta(days=passed + order)
    delivered_on = day + timedelta(days=max(days, passed + order))
    yield "delivered", delivered_on
    yield "in_use", delivered_on + timedelta(days=random.randint(1, 6))
