"""The ALSFRS-R at each visit: twelve items that are lost one point at a time."""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

from exchange.cohort.history import History
from exchange.cohort.person import Course

BULBAR = ("speech", "salivation", "swallowing")
ARMS = ("handwriting", "cutting_5a", "dressing")
LEGS = ("turning", "walking", "stairs")
BREATHING = ("dyspnea", "orthopnea")
FIRST: Mapping[str, tuple[str, ...]] = {
    "bulbar": BULBAR,
    "upper_limb": ARMS,
    "lower_limb": LEGS,
    "respiratory": BREATHING,
}
HIGHEST = 4


def draw_function(history: History, course: Course) -> None:
    """A score at each visit; item 12 says whether ventilation is in use, item 5 whether there is a tube."""
    order = order_of_loss(history.random, course.onset_region)
    niv = _first(history, "niv_start")
    tube = _first(history, "gastrostomy_placed")
    for visit in history.visits:
        items = scored(order, lost=48 - course.function_on(visit))
        items["ventilation"] = 2 if niv and niv <= visit else HIGHEST
        if tube and tube <= visit:
            items["cutting_5b"] = items.pop("cutting_5a")
        history.find("alsfrs_r", visit, **items)


def scored(order: Sequence[str], *, lost: int) -> dict[str, int]:
    """Each item's score once so many points are lost; item 12 is left out."""
    gone = order[:lost]
    return {item: HIGHEST - gone.count(item) for item in (*BULBAR, *ARMS, *LEGS, *BREATHING)}


def order_of_loss(random: Random, region: str) -> list[str]:
    """Every point of every item, in the order in which this person loses them."""
    first = FIRST.get(region, ())
    points = [
        ((lost + random.uniform(0.3, 1.3)) * _speed(item, first), item)
        for item in (*BULBAR, *ARMS, *LEGS, *BREATHING)
        for lost in range(HIGHEST)
    ]
    return [item for _when, item in sorted(points)]


def _speed(item: str, first: tuple[str, ...]) -> float:
    """Below 1 for what goes first."""
    if item in first:
        return 0.4
    return 1.5 if item in BREATHING else 1.0


def _first(history: History, kind: str) -> date | None:
    return next((event.on for event in history.of(kind)), None)
