from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from pathway.registry import rules
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

STARTED = event("med_start", "2026-03-01", event_id="start", drug="riluzole")
"""The 90 days before it begin on 1 December 2025."""


def _test(on: str, recorded_on: str | None = None, **data: Any) -> Raw:
    return event("lft", on, recorded_on=recorded_on, **(data or {"alt_x_uln": 1.0}))


@pytest.mark.parametrize(
    ("tested_on", "counts"),
    [("2025-11-30", False), ("2025-12-01", True), ("2026-02-28", True), ("2026-03-01", True)],
)
def test_a_test_in_the_ninety_days_before_the_start_counts(tested_on: str, counts: bool) -> None:
    facts = life(_test(tested_on), STARTED)

    expected = [] if counts else [("", "2026-03-01", None)]
    assert alerts(facts, "RIL-BASE", "2026-12-31") == expected


@pytest.mark.parametrize(
    ("started_on", "tested_on", "counts"),
    [
        ("2024-03-31", "2024-01-01", True),  # 29 February lies between
        ("2024-03-31", "2023-12-31", False),
        ("2026-04-06", "2026-01-06", True),  # the clocks change between
        ("2026-04-06", "2026-01-05", False),
    ],
)
def test_ninety_days_are_counted_on_the_calendar(started_on: str, tested_on: str, counts: bool) -> None:
    facts = life(_test(tested_on), event("med_start", started_on, drug="riluzole"), enrolled_on=tested_on)

    assert (alerts(facts, "RIL-BASE", "2026-12-31") == []) is counts


def test_missing_from_the_start_until_any_test_after_it() -> None:
    facts = life(STARTED, _test("2026-08-20"))

    assert alerts(facts, "RIL-BASE", "2026-12-31") == [("", "2026-03-01", "2026-08-20")]


def test_what_it_says() -> None:
    work = due(life(STARTED), "RIL-BASE", "2026-03-01")

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day("2026-03-01"), day("2026-03-01"))
    assert (work.owner, work.informed, work.severity, work.rises) == ("neurology", (), Severity.URGENT, ())
    assert (work.anchor, work.evidence) == ("start", ("start",))
    assert str(work.reason) == "Riluzole started 1 Mar 2026. No liver test recorded since 1 Dec 2025."
    assert [str(step) for step in work.steps] == [
        "Riluzole started: 1 Mar 2026",
        "Due: 1 Mar 2026",
        "Overdue from: 1 Mar 2026",
    ]


def test_a_baseline_entered_late_closes_it_on_the_day_it_is_recorded() -> None:
    facts = life(STARTED, _test("2026-02-20", recorded_on="2026-03-09"))

    assert alerts(facts, "RIL-BASE", "2026-12-31") == [("", "2026-03-01", "2026-03-09")]


@pytest.mark.parametrize(
    ("data", "counts"),
    [
        ({"alt_x_uln": 1.0}, True),
        ({"ast_x_uln": 0.9}, True),
        ({"bilirubin_high": False}, True),
        ({"alt_x_uln": None, "ast_x_uln": None, "bilirubin_high": None}, False),
        ({"alt_x_uln": "1.0"}, False),
        ({"lab": "elsewhere"}, False),
    ],
)
def test_a_test_without_any_result_tells_nothing(data: dict[str, Any], counts: bool) -> None:
    assert (alerts(life(_test("2026-02-20", **data), STARTED), "RIL-BASE", "2026-12-31") == []) is counts


def test_the_end_of_riluzole_closes_it() -> None:
    facts = life(STARTED, event("med_stop", "2026-03-05", drug="riluzole"))

    assert alerts(facts, "RIL-BASE", "2026-12-31") == [("", "2026-03-01", "2026-03-05")]
    assert silenced(facts, "RIL-BASE", "2026-03-05") == Silenced("RIL-BASE", "", CloseReason.NOT_APPLICABLE)


@pytest.mark.parametrize("drug", ["edaravone", None])
def test_another_drug_is_no_riluzole(drug: str | None) -> None:
    facts = life(event("med_start", "2026-03-01", drug=drug))

    assert due(facts, "RIL-BASE", "2026-03-01") is None
    assert due(life(STARTED, event("med_stop", "2026-03-05", drug=drug)), "RIL-BASE", "2026-03-05")


def test_each_course_has_a_baseline_of_its_own() -> None:
    facts = life(
        _test("2026-02-20"),
        STARTED,
        event("med_stop", "2026-04-01", drug="riluzole"),
        event("med_start", "2026-06-01", event_id="again", drug="riluzole"),
    )

    work = due(facts, "RIL-BASE", "2026-06-01")

    assert work is not None
    assert work.anchor == "again"
    assert alerts(facts, "RIL-BASE", "2026-12-31") == [("", "2026-06-01", None)]


def test_a_start_recorded_twice_is_one_course() -> None:
    facts = life(STARTED, event("med_start", "2026-05-01", drug="riluzole"), _test("2026-02-01"))

    assert alerts(facts, "RIL-BASE", "2026-12-31") == []


@pytest.mark.parametrize(
    ("stop_first", "running"),
    [(True, True), (False, False)],
)
def test_stopped_and_started_within_a_day_the_order_of_entry_decides(stop_first: bool, running: bool) -> None:
    stop = event("med_stop", "2026-04-01", drug="riluzole")
    start = event("med_start", "2026-04-01", drug="riluzole")
    pair = (stop, start) if stop_first else (start, stop)

    assert (due(life(STARTED, *pair), "RIL-BASE", "2026-04-01") is not None) is running


def test_its_words_say_that_a_later_test_is_enough() -> None:
    assert str(rules()["RIL-BASE"].in_words()) == (
        "Riluzole is taken, and there is no liver test from the 90 days before it started, nor since."
    )


def test_it_rests_in_hospice() -> None:
    facts = life(STARTED, event("status_change", "2026-03-10", status="hospice"))

    assert alerts(facts, "RIL-BASE", "2026-12-31") == [("", "2026-03-01", "2026-03-10")]


def test_a_notice_has_no_grace_after_a_return() -> None:
    facts = life(
        STARTED,
        event("status_change", "2026-03-10", status="hospice"),
        event("status_change", "2026-04-10", status="active"),
    )

    assert alerts(facts, "RIL-BASE", "2026-12-31") == [
        ("", "2026-03-01", "2026-03-10"),
        ("", "2026-04-10", None),
    ]
