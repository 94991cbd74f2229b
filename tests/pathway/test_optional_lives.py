"""Random lives under the rules that are off unless turned on, against a day-by-day reading of each."""

from collections import Counter
from random import Random
from typing import Any

from pathway.timeline import alerts, episodes, parse
from tests.pathway import oracle
from tests.pathway.build import ALL_ON, USUAL
from tests.pathway.lives import life
from tests.pathway.oracle.catalogue import OPTIONAL

LIVES = range(150)


def told_more(number: int) -> dict[str, Any]:
    """A life with what these rules read: drugs discussed, a low FVC, things lent, sometimes a death."""
    random, one = Random(number), life(number)
    days = [event.get("date") or event["at_utc"][:10] for event in one["events"]] or [
        one["patient"]["enrolled_on"]
    ]
    more = [_more(random, place, random.choice(days)) for place in range(random.choice((4, 8, 12)))]
    if random.random() < 0.5:
        more.append(_event("died", min(days), "status_change", status="deceased"))
    if random.random() < 0.2:
        more.append({**_event("undone", max(days), "void", ref="died")})
    return {**one, "events": [*one["events"], *more]}


def _more(random: Random, place: int, on: str) -> dict[str, Any]:
    kind, data = random.choice(
        (
            ("clinic_visit", {"drug_discussed": random.choice((True, False, None))}),
            ("resp_assessment", {"fvc_pct": random.choice((30, 29, 24, None)), "symptoms": True}),
            ("eol_discussion", {}),
            ("loaner_provided", {"id": "Q1", "returned_on": random.choice((None, None, on))}),
        )
    )
    return _event(f"more{place}", on, kind, **data)


def _event(id_: str, on: str, kind: str, **data: Any) -> dict[str, Any]:
    return {"id": id_, "type": kind, "date": on, "data": data}


def _of_the_rules(one: dict[str, Any]) -> set[oracle.Alert]:
    found = parse(one)
    return {
        (each.rule, each.subject, each.opens_on, each.closes_on)
        for each in episodes(found.facts, found.as_of, ALL_ON)
        if each.rule not in USUAL
    }


def test_the_optional_rules_agree_with_their_reading_day_by_day() -> None:
    seen: Counter[str] = Counter()
    for number in LIVES:
        one = told_more(number)
        by_reading = set(oracle.alerts(one, OPTIONAL))

        assert _of_the_rules(one) == by_reading, number

        seen.update(
            f"{rule} {'closed' if closes else 'open'}" for rule, _subject, _opens, closes in by_reading
        )
    assert {f"{rule} {how}" for rule in OPTIONAL for how in ("open", "closed")} - set(seen) == set()


def test_as_shipped_none_of_them_says_anything() -> None:
    for number in LIVES[:30]:
        assert {alert["rule"] for alert in alerts(parse(told_more(number)))} <= USUAL
