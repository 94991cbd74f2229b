"""Random lives: the rules agree with the catalogue read literally, one day at a time.

Thousands more, a part at a time: ``LIVES=0:10000 pytest tests/pathway/test_lives.py -k agree``.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathway.chart import Chart
from pathway.due import Severity
from pathway.engine import evaluate
from pathway.registry import rules
from pathway.timeline import Timeline, alerts, episodes, parse, stretches
from tests.pathway import oracle
from tests.pathway.build import USUAL
from tests.pathway.lives import life, shrunk, spoilt, timelines
from tests.pathway.vocabulary import FIELDS, KINDS, VALUES

LIVES = os.environ.get("LIVES", "0:200")
"""Which lives to compare, FROM:TO or just how many."""

quick = settings(max_examples=50, deadline=None, derandomize=True)


def _of_the_rules(life: dict[str, Any]) -> set[oracle.Alert]:
    found = parse(life)
    return {
        (each.rule, each.subject, each.opens_on, each.closes_on)
        for each in episodes(found.facts, found.as_of)
    }


def _of_the_catalogue(life: dict[str, Any]) -> set[oracle.Alert]:
    return {alert for alert in oracle.alerts(life) if alert[0] in rules()}


def _disagreement(life: dict[str, Any]) -> str:
    """What either gives that the other does not, with the smallest life in which it still does."""
    rule = min(_of_the_rules(life) ^ _of_the_catalogue(life))[0]

    def differ(each: dict[str, Any]) -> bool:
        return any(alert[0] == rule for alert in _of_the_rules(each) ^ _of_the_catalogue(each))

    small = shrunk(life, differ)
    lines = [f"{small['id']}, {rule}: the rules and the catalogue disagree", json.dumps(small["patient"])]
    lines += [json.dumps(event) for event in small["events"]]
    by_rules, by_catalogue = _of_the_rules(small), _of_the_catalogue(small)
    for name, only in (("rules", by_rules - by_catalogue), ("catalogue", by_catalogue - by_rules)):
        lines += [f"only the {name}: {' '.join(map(str, alert))}" for alert in only if alert[0] == rule]
    return "\n".join(lines)


def tally(found: Iterable[oracle.Alert]) -> Counter[str]:
    """By rule, whether it opened and whether it closed again."""
    seen: set[str] = set()
    for rule, _subject, _opens, closes in found:
        seen |= {f"{rule} opened"} | ({f"{rule} closed"} if closes else set())
    return Counter(seen)


def _agree(numbers: range) -> None:
    """One alert for one, opening and closing on the same days; and all that can happen does."""
    lives: Counter[str] = Counter()
    for number in numbers:
        one = life(number)
        by_catalogue = oracle.alerts(one)
        if {alert for alert in by_catalogue if alert[0] in rules()} != _of_the_rules(one):
            pytest.fail(_disagreement(one))
        lives += tally(by_catalogue) + Counter({event["type"] for event in one["events"]})

    expected = {f"{rule} {what}" for rule in oracle.RULES for what in ("opened", "closed")} | KINDS
    assert {what for what in expected if lives[what] < len(numbers) // 50} == set()


def _numbers(text: str) -> range:
    first, _, last = text.rpartition(":")
    return range(int(first or 0), int(last))


def test_rules_agree_with_the_catalogue_read_day_by_day() -> None:
    _agree(_numbers(LIVES))


@pytest.mark.full
def test_rules_agree_with_the_catalogue_on_thousands_of_lives() -> None:
    _agree(range(10_000, 13_000))


def test_a_rule_names_the_severities_its_work_can_have_and_no_other() -> None:
    """An offer made again stays at attention whatever the rule, so it tells nothing."""
    seen: dict[str, set[Severity]] = {code: set() for code in USUAL}
    for number in range(150):
        found = parse(life(number))
        for chart, _until in stretches(found.facts, found.as_of):
            for work in evaluate(chart).due:
                if not work.offer_again:
                    seen[work.rule] |= {work.severity, *(severity for _on, severity in work.rises)}

    assert seen == {code: set(rules()[code].severities) for code in USUAL}


@settings(quick, max_examples=12)
@given(timelines())
def test_looking_every_day_finds_what_looking_when_told_to_finds(life: dict[str, Any]) -> None:
    """The sweep looks again only when something is recorded or ``look_again_on`` has come."""
    found = parse(life)
    told = episodes(found.facts, found.as_of)

    day = found.facts.enrolled_on
    while day <= found.as_of:
        work = evaluate(Chart.known_on(found.facts, day)).due
        overdue = {(each.rule, each.subject) for each in work if each.overdue_on <= day}
        assert overdue == {
            (each.rule, each.subject)
            for each in told
            if each.opens_on <= day and (each.closes_on is None or day < each.closes_on)
        }
        day += timedelta(days=1)


@quick
@given(timelines(), st.randoms(use_true_random=False))
def test_order_in_the_file_means_nothing_across_days(life: dict[str, Any], random: Any) -> None:
    by_day = {_recorded_on(life, event): event for event in life["events"]}
    ordered = list(by_day.values())
    shuffled = random.sample(ordered, len(ordered))

    assert alerts(_with(life, shuffled)) == alerts(_with(life, ordered))


@quick
@given(timelines())
def test_recording_twice_changes_nothing(life: dict[str, Any]) -> None:
    twice = [event for event in life["events"] for _ in range(2)]

    assert alerts(_with(life, twice)) == alerts(parse(life))


@quick
@given(timelines(), st.data())
def test_voided_the_day_it_was_recorded_it_never_was(life: dict[str, Any], data: st.DataObject) -> None:
    events = [event for event in life["events"] if event["type"] != "void"]
    if not events:
        return
    wrong = data.draw(st.sampled_from(events))
    known_on = max(_recorded_on(life, wrong), _happened_on(life, wrong)).isoformat()
    void = {"id": "v", "type": "void", "date": known_on, "data": {"ref": wrong["id"]}}

    without = alerts(_with(life, [event for event in events if event is not wrong]))

    assert alerts(_with(life, [*events, void])) == without


@quick
@given(timelines(), st.data())
def test_a_void_undone_the_same_day_never_was(life: dict[str, Any], data: st.DataObject) -> None:
    events = [event for event in life["events"] if event["type"] != "void"]
    if not events:
        return
    right = data.draw(st.sampled_from(events))
    first, last = date.fromisoformat(life["patient"]["enrolled_on"]), date.fromisoformat(life["as_of"])
    on = data.draw(st.dates(first, last)).isoformat()
    void = {"id": "v", "type": "void", "date": on, "data": {"ref": right["id"]}}
    undo = {"id": "u", "type": "void", "date": on, "data": {"ref": "v"}}

    assert alerts(_with(life, [*events, void, undo])) == alerts(_with(life, events))


_near = st.sampled_from(VALUES)
_anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | _near
    | st.sampled_from(("2024-02-30", "9999-12-31", "0001-01-01", "2024-03-01", "e1")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
_kinds = st.sampled_from((*sorted(KINDS), "no_such_thing"))
_odd_data = st.dictionaries(st.sampled_from(FIELDS), _near | _anything, max_size=6)


_odd_events = st.lists(
    _anything
    | st.fixed_dictionaries(
        {},
        optional={
            "id": _anything,
            "type": _kinds | _anything,
            "date": st.just("2024-03-01") | _anything,
            "at_utc": st.just("2024-03-01T02:00:00Z") | _anything,
            "recorded_on": _anything,
            "data": _odd_data | _anything,
        },
    )
    | st.fixed_dictionaries({"type": _kinds, "date": st.just("2024-03-01"), "data": _odd_data}),
    max_size=12,
)


@settings(quick, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(_odd_events, st.sampled_from(("lower_limb", "bulbar")))
def test_records_a_form_would_refuse_do_no_harm(events: list[Any], onset_region: str) -> None:
    patient = {"enrolled_on": "2024-01-15", "onset_region": onset_region}

    found = alerts(parse({"id": "odd", "patient": patient, "as_of": "2024-12-31", "events": events}))

    assert all(str(alert["opens_on"]) >= "2024-01-15" for alert in found)


def test_fields_that_hold_what_they_should_not_do_no_harm() -> None:
    for number in range(150):
        one = spoilt(number)

        found = alerts(parse(one))

        assert all(str(alert["opens_on"]) >= one["patient"]["enrolled_on"] for alert in found)


def _with(life: dict[str, Any], events: list[dict[str, Any]]) -> Timeline:
    return parse({**life, "events": events})


def _happened_on(life: dict[str, Any], event: dict[str, Any]) -> date:
    return oracle.happened_on(event, life["patient"]["clinic_tz"])


def _recorded_on(life: dict[str, Any], event: dict[str, Any]) -> date:
    return oracle.recorded_on(event, life["patient"]["clinic_tz"])
