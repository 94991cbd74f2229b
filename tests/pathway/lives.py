"""Random lives for property tests, in the form of a timelines file.

A life draws on one to three themes of the catalogue, so that within a year a rule's window opens,
is met, missed and opened again; what else happens to a person is scattered in between. Days are
mostly counted from the event before by a span that some rule waits for, give or take a day. The
same number always gives the same life.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.pathway.vocabulary import (
    ABSENT,
    ANYTHING,
    CHOICE_KINDS,
    DAY,
    DISCIPLINES,
    FIELDS,
    THEMES,
    TOPICS,
    Happening,
)

STARTS = (date(2024, 1, 15), date(2024, 1, 15), date(2023, 11, 30), date(2025, 10, 31))
"""Six weeks before a leap day, and at month ends that the months after do not have."""

LENGTHS = (120, 180, 240, 240, 300, 480)

BEFORE = 120
"""How many days before enrolment things may have happened."""

SPANS = (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16, 21, 22, 28, 29, 30, 31, 32, 33, 37, 38, 45, 46)
LONG_SPANS = (60, 61, 62, 90, 91, 92, 105, 106, 107, 120, 180, 181, 182, 365, 366, 367, 396, 397)

STATUSES = ("active", "active", "active", "hospice", "hospice", "discharged", "deceased")

COUNTS = {
    "riluzole": 3,
    "edaravone": 2,
    "planning": 3,
    "niv": 3,
    "thinking": 3,
    "placing": 4,
    "saliva": 4,
    "swallowing": 2,
    "gastrostomy": 2,
    "talk": 2,
    "referrals": 2,
}
"""Themes that come more often, their rules being true more seldom."""

DELAYS = (None,) * 14 + (0, 0, 1, 1, 9, 9, 35, 100, -12)
"""Days from happening to being recorded; below zero for something dated ahead."""

MOMENTS = (None,) * 24 + ("00:30:00", "04:30:00", "05:30:00", "12:00:00", "23:30:00")
"""Times of day, in UTC, of what is recorded as a moment instead of a day."""


def timelines() -> st.SearchStrategy[dict[str, Any]]:
    """Lives for Hypothesis; a failing one is named by its number and made small by ``shrunk``."""
    return st.integers(0, 10**9).map(life)


def life(number: int) -> dict[str, Any]:
    """A person with up to 50 events, followed for some months or for more than a year."""
    random = Random(number)
    start, length = random.choice(STARTS), random.choice(LENGTHS)
    diagnosed = random.choice((None, random.randint(-60, 0), random.randint(-60, 60)))
    return {
        "id": f"life {number}",
        "patient": {
            "enrolled_on": start.isoformat(),
            "diagnosis_date": None if diagnosed is None else _iso(start, diagnosed),
            "onset_region": random.choice(("bulbar", "lower_limb", "lower_limb")),
            "clinic_tz": "America/New_York",
            "baseline_weight_kg": random.choice((80.0, None, 76.1)),
        },
        "as_of": _iso(start, length),
        "rules_in_scope": "ALL",
        "events": _events(random, start, length),
    }


def _iso(start: date, offset: int) -> str:
    return (start + timedelta(days=offset)).isoformat()


def _events(random: Random, start: date, length: int) -> list[dict[str, Any]]:
    """Events in any order, some entered late, ahead, or in error."""
    themes = random.sample(
        sorted(THEMES),
        random.choice((1, 2, 2, 3, 3)),
        counts=[COUNTS.get(theme, 1) for theme in sorted(THEMES)],
    )
    wanted = random.choice((0, 4, 10, 20, 25, 30, 40, 50))
    raws = _whole_team(random, start) if "team" in themes or random.random() < 0.1 else []
    offset = random.randint(-30, 40)
    while len(raws) < wanted:
        offset = _offset(random, start, length, offset)
        happening = _happening(random, themes, [raw["id"] for raw in raws if raw["type"] == "void"])
        raws.append(_recorded(random, start, length, offset, len(raws), happening))
    return raws


def _offset(random: Random, start: date, length: int, before: int) -> int:
    """A span after the event before, a month end, or any day."""
    chance = random.random()
    if chance < 0.8:
        offset = before + random.choice(SPANS if chance < 0.7 else LONG_SPANS)
        return offset if offset <= length else random.randint(-20, length // 2)
    offset = random.randint(-BEFORE, length)
    if chance < 0.9:
        return offset
    last_of_month = (start + timedelta(days=offset)).replace(day=1) - timedelta(days=1)
    return (last_of_month - start).days


def _happening(random: Random, themes: list[str], voids: list[str]) -> Happening:
    """Mostly what belongs to the life's themes."""
    chance = random.random()
    if chance < 0.80:
        return random.choice(THEMES[random.choice(themes)])
    if chance < 0.88:
        return random.choice(ANYTHING)
    if chance < 0.91:
        return random.choice(CHOICE_KINDS)(TOPICS)
    if chance < 0.94:
        return ("status_change", {"status": STATUSES})
    return ("void", {"ref": tuple(voids) if voids and random.random() < 0.5 else ABSENT})


def _recorded(
    random: Random, start: date, length: int, offset: int, place: int, happening: Happening
) -> dict[str, Any]:
    kind, fields = happening
    data = {name: _value(random, options, start, length) for name, options in fields.items()}
    if data.get("ref") is ABSENT:
        data["ref"] = f"e{random.randint(0, place + 3)}"
    raw: dict[str, Any] = {"id": f"e{place}", "type": kind}
    if moment := random.choice(MOMENTS):
        raw["at_utc"] = f"{_iso(start, offset)}T{moment}Z"
    else:
        raw["date"] = _iso(start, offset)
    delay = random.choice(DELAYS)
    if delay is not None:
        raw["recorded_on"] = _iso(start, offset + delay)
    raw["data"] = {name: value for name, value in data.items() if value is not ABSENT}
    return raw


def _value(random: Random, options: Any, start: date, length: int) -> Any:
    value = random.choice(options) if isinstance(options, tuple) else options
    return _iso(start, random.randint(-20, length)) if value is DAY else value


def _whole_team(random: Random, start: date) -> list[dict[str, Any]]:
    """All nine seats taken around the day on which they have to be, or declined."""
    on = random.choice((0, 20, 30, 31, 31, 40, 40))
    declined = random.choice((None, None, *DISCIPLINES))
    return [
        {
            "id": f"e{place}",
            "date": _iso(start, on),
            **(
                {"type": "decline", "data": {"topic": f"discipline:{discipline}"}}
                if discipline == declined
                else {"type": "team_assign", "data": {"discipline": discipline}}
            ),
        }
        for place, discipline in enumerate(DISCIPLINES)
    ]


ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, float("nan"), float("inf"), 10**30, "", "x", "80", "e1"),
    *("2024-02-30", "9999-12-31", "0001-01-01", [], [1], {}, {"a": 1}),
)
"""What no form would let through in most fields."""


def spoilt(number: int) -> dict[str, Any]:
    """A life in which a third of the events hold something odd in a field of theirs, or in another."""
    random, sound = Random(number), life(number)
    return {**sound, "events": [_spoilt(random, event) for event in sound["events"]]}


def _spoilt(random: Random, event: dict[str, Any]) -> dict[str, Any]:
    if random.random() > 0.33:
        return event
    field = random.choice((*event["data"], *event["data"], random.choice(FIELDS)))
    return {**event, "data": {**event["data"], field: random.choice(ODD)}}


def shrunk(life: dict[str, Any], fails: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The life with as few events and as plain ones as still fail."""
    smaller = next((each for each in _smaller(life) if fails(each)), None)
    return life if smaller is None else shrunk(smaller, fails)


def _smaller(life: dict[str, Any]) -> Any:
    """Lives that are a step simpler: an event fewer, entered at once, or a plainer patient."""
    events = life["events"]
    for place in range(len(events)):
        yield {**life, "events": events[:place] + events[place + 1 :]}
    for place, event in enumerate(events):
        if "recorded_on" in event:
            prompt = {name: value for name, value in event.items() if name != "recorded_on"}
            yield {**life, "events": [*events[:place], prompt, *events[place + 1 :]]}
    for name, plain in (
        ("diagnosis_date", None),
        ("onset_region", "lower_limb"),
        ("baseline_weight_kg", None),
    ):
        if life["patient"][name] != plain:
            yield {**life, "patient": {**life["patient"], name: plain}}
