"""Random lives: the rules agree with the catalogue read literally, one day at a time."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathway.chart import Chart
from pathway.engine import evaluate
from pathway.timeline import Timeline, alerts, episodes, parse
from tests.pathway import oracle
from tests.pathway.lives import LENGTH, START, timelines

RULES = ("EQ-AGE", "EQ-STAGE", "NUTR-3M", "PALL-REF")

_checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
quick = settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=_checks)
plenty = settings(max_examples=4000, deadline=None, suppress_health_check=_checks)


def _agrees(life: dict[str, Any], seen: Counter[str]) -> None:
    """One alert for one, opening and closing on the same days."""
    found = parse(life)

    answer = [
        (each.rule, each.subject, each.opens_on, each.closes_on)
        for each in episodes(found.facts, found.as_of)
        if each.rule in RULES
    ]

    assert answer == oracle.alerts(life)
    seen.update(f"{rule} opened" for rule, *_ in answer)
    seen.update(f"{rule} closed" for rule, _subject, _opens, closes in answer if closes)
    seen.update(event["type"] for event in life["events"])


def _assert_every_rule_was_exercised(seen: Counter[str]) -> None:
    expected = {f"{rule} {what}" for rule in RULES for what in ("opened", "closed")}
    assert {what for what in expected if seen[what] < 5} == set()


def test_rules_agree_with_the_catalogue_read_day_by_day() -> None:
    seen: Counter[str] = Counter()

    @quick
    @given(timelines())
    def agree(life: dict[str, Any]) -> None:
        _agrees(life, seen)

    agree()

    _assert_every_rule_was_exercised(seen)


@pytest.mark.full
def test_rules_agree_with_the_catalogue_on_thousands_of_lives() -> None:
    seen: Counter[str] = Counter()

    @plenty
    @given(timelines())
    def agree(life: dict[str, Any]) -> None:
        _agrees(life, seen)

    agree()

    _assert_every_rule_was_exercised(seen)


@settings(quick, max_examples=40)
@given(timelines())
def test_looking_every_day_finds_what_looking_when_told_to_finds(life: dict[str, Any]) -> None:
    """The sweep looks again only when something is recorded or ``look_again_on`` has come."""
    found = parse(life)
    told = episodes(found.facts, found.as_of)

    for offset in range(LENGTH + 1):
        day = START + timedelta(days=offset)
        work = evaluate(Chart.known_on(found.facts, day)).due
        overdue = {(each.rule, each.subject) for each in work if each.overdue_on <= day}
        assert overdue == {
            (each.rule, each.subject)
            for each in told
            if each.opens_on <= day and (each.closes_on is None or day < each.closes_on)
        }


@quick
@given(timelines(), st.randoms(use_true_random=False))
def test_order_in_the_file_means_nothing_across_days(life: dict[str, Any], random: Any) -> None:
    by_day = {event.get("recorded_on", event["date"]): event for event in life["events"]}
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
    recorded_on = wrong.get("recorded_on", wrong["date"])
    known_on = max(recorded_on, wrong["date"])
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
    on = data.draw(st.dates(START, START + timedelta(days=LENGTH))).isoformat()
    void = {"id": "v", "type": "void", "date": on, "data": {"ref": right["id"]}}
    undo = {"id": "u", "type": "void", "date": on, "data": {"ref": "v"}}

    assert alerts(_with(life, [*events, void, undo])) == alerts(_with(life, events))


_anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ("2024-02-30", "9999-12-31", "0001-01-01", "2024-03-01", "e1", "palliative", "cancelled")
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
_kinds = st.sampled_from(
    (
        "nutrition_review",
        "decline",
        "withdraw_decline",
        "deferral",
        "withdraw_deferral",
        "status_change",
        "referral",
        "referral_update",
        "equipment_request",
        "equipment_status",
        "resp_assessment",
        "bulbar_status",
        "swallow_screen",
        "eol_trigger",
        "void",
        "no_such_thing",
    )
)
_fields = st.sampled_from(
    ("id", "item", "status", "topic", "until", "reoffer_on", "permanent", "ref", "weight_kg", "fvc_pct")
)
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
            "data": st.dictionaries(_fields, _anything, max_size=5) | _anything,
        },
    )
    | st.fixed_dictionaries(
        {
            "type": _kinds,
            "date": st.just("2024-03-01"),
            "data": st.dictionaries(_fields, _anything, max_size=6),
        }
    ),
    max_size=12,
)


@settings(quick, max_examples=300)
@given(_odd_events)
def test_records_a_form_would_refuse_do_no_harm(events: list[Any]) -> None:
    patient = {"enrolled_on": START.isoformat(), "onset_region": "lower_limb"}

    found = alerts(parse({"id": "odd", "patient": patient, "as_of": "2024-06-30", "events": events}))

    assert all(date.fromisoformat(str(alert["opens_on"])) >= START for alert in found)


def _with(life: dict[str, Any], events: list[dict[str, Any]]) -> Timeline:
    return parse({**life, "events": events})
