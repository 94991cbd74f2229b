from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

STARTED = event("med_start", "2026-03-01", event_id="start", drug="riluzole")
"""The 90 days before it begin on 1 December 2025."""


def _test(on: str, event_id: str | None = None, **data: Any) -> Raw:
    return event("lft", on, event_id=event_id, **data)


def _decision(on: str, drug: str = "riluzole") -> Raw:
    return event("prescriber_decision", on, drug=drug, decision="reduce")


@pytest.mark.parametrize(
    ("data", "asks"),
    [
        ({"alt_x_uln": 5.0}, False),
        ({"alt_x_uln": 5}, False),
        ({"alt_x_uln": 5.01}, True),
        ({"alt_x_uln": 5.1}, True),
        ({"alt_x_uln": 5.0, "ast_x_uln": 5.0}, False),
        ({"alt_x_uln": 0.8, "ast_x_uln": 5.1}, True),
        ({"alt_x_uln": 5.1, "ast_x_uln": 0.8}, True),
        ({"ast_x_uln": 5.1}, True),
        ({"alt_x_uln": None, "ast_x_uln": 5.1}, True),
        ({"alt_x_uln": 1.0, "bilirubin_high": True}, True),
        ({"alt_x_uln": 1.0, "bilirubin_high": False}, False),
        ({"bilirubin_high": True}, True),
        ({"alt_x_uln": 5.1, "bilirubin_high": False}, True),
        ({"alt_x_uln": "5.1", "ast_x_uln": 1.0}, False),
        ({"bilirubin_high": "yes"}, False),
    ],
)
def test_above_five_times_the_limit_or_a_high_bilirubin(data: dict[str, Any], asks: bool) -> None:
    facts = life(STARTED, _test("2026-04-22", **data))

    assert alerts(facts, "RIL-HEP", "2026-12-31") == ([("", "2026-04-22", None)] if asks else [])


def test_what_it_says() -> None:
    work = due(life(STARTED, _test("2026-04-22", "high", alt_x_uln=5.1)), "RIL-HEP", "2026-04-22")

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day("2026-04-22"), day("2026-04-22"))
    assert (work.owner, work.informed, work.severity, work.rises) == (
        "neurology",
        (),
        Severity.CRITICAL,
        (),
    )
    assert (work.anchor, work.evidence) == ("high", ("high", "start"))
    assert str(work.reason) == "Liver test of 22 Apr 2026, no prescriber decision recorded since."
    assert [str(step) for step in work.steps] == [
        "Liver test: 22 Apr 2026",
        "Due: 22 Apr 2026",
        "Overdue from: 22 Apr 2026",
    ]


@pytest.mark.parametrize(
    ("decided_on", "closes"),
    [("2026-04-21", None), ("2026-04-23", "2026-04-23"), ("2026-04-30", "2026-04-30")],
)
def test_a_decision_on_the_day_of_the_test_or_later_closes_it(decided_on: str, closes: str | None) -> None:
    facts = life(STARTED, _test("2026-04-22", alt_x_uln=5.1), _decision(decided_on))

    assert alerts(facts, "RIL-HEP", "2026-12-31") == [("", "2026-04-22", closes)]


def test_a_decision_on_the_same_day_is_enough() -> None:
    facts = life(STARTED, _decision("2026-04-22"), _test("2026-04-22", alt_x_uln=5.1))

    assert alerts(facts, "RIL-HEP", "2026-12-31") == []
    assert silenced(facts, "RIL-HEP", "2026-04-22") is None


def test_a_decision_about_another_drug_is_none() -> None:
    facts = life(STARTED, _test("2026-04-22", alt_x_uln=5.1), _decision("2026-04-23", "edaravone"))

    assert alerts(facts, "RIL-HEP", "2026-12-31") == [("", "2026-04-22", None)]


def test_only_the_latest_test_is_judged() -> None:
    facts = life(
        STARTED,
        _test("2026-04-22", alt_x_uln=5.1),
        _test("2026-05-02", alt_x_uln=2.0),
        _test("2026-06-02", "again", alt_x_uln=6.0),
    )

    assert alerts(facts, "RIL-HEP", "2026-12-31") == [
        ("", "2026-04-22", "2026-05-02"),
        ("", "2026-06-02", None),
    ]


def test_each_high_test_asks_for_a_decision_of_its_own() -> None:
    facts = life(
        STARTED,
        _test("2026-04-22", alt_x_uln=5.1),
        _decision("2026-04-24"),
        _test("2026-05-06", alt_x_uln=5.2),
    )

    assert alerts(facts, "RIL-HEP", "2026-12-31") == [
        ("", "2026-04-22", "2026-04-24"),
        ("", "2026-05-06", None),
    ]


def test_a_later_test_without_any_result_changes_nothing() -> None:
    facts = life(STARTED, _test("2026-04-22", alt_x_uln=5.1), _test("2026-04-30", lab="elsewhere"))

    assert alerts(facts, "RIL-HEP", "2026-12-31") == [("", "2026-04-22", None)]


@pytest.mark.parametrize(
    ("tested_on", "asks"), [("2025-11-30", False), ("2025-12-01", True), ("2026-02-28", True)]
)
def test_a_baseline_counts_from_ninety_days_before_the_start(tested_on: str, asks: bool) -> None:
    facts = life(_test(tested_on, "base", alt_x_uln=5.1), STARTED)

    assert alerts(facts, "RIL-HEP", "2026-12-31") == ([("", "2026-03-01", None)] if asks else [])


def test_a_high_baseline_asks_from_the_start_of_riluzole() -> None:
    work = due(life(_test("2026-02-10", "base", alt_x_uln=5.1), STARTED), "RIL-HEP", "2026-03-01")

    assert work is not None
    assert (work.overdue_on, work.anchor, work.evidence) == (day("2026-03-01"), "base", ("base", "start"))
    assert str(work.reason) == "Liver test of 10 Feb 2026, no prescriber decision recorded since."
    assert str(work.steps[0]) == "Riluzole started: 1 Mar 2026"


def test_a_test_on_the_day_of_the_start_is_named_itself() -> None:
    work = due(life(STARTED, _test("2026-03-01", alt_x_uln=5.1)), "RIL-HEP", "2026-03-01")

    assert work is not None
    assert str(work.steps[0]) == "Liver test: 1 Mar 2026"


def test_the_end_of_riluzole_closes_it() -> None:
    facts = life(
        STARTED, _test("2026-04-22", alt_x_uln=5.1), event("med_stop", "2026-04-25", drug="riluzole")
    )

    assert alerts(facts, "RIL-HEP", "2026-12-31") == [("", "2026-04-22", "2026-04-25")]
    assert silenced(facts, "RIL-HEP", "2026-04-25") == Silenced("RIL-HEP", "", CloseReason.NOT_APPLICABLE)


def test_it_goes_on_in_hospice() -> None:
    facts = life(
        STARTED,
        _test("2026-04-22", alt_x_uln=5.1),
        event("status_change", "2026-04-24", status="hospice"),
        event("status_change", "2026-06-01", status="deceased"),
    )

    assert alerts(facts, "RIL-HEP", "2026-12-31") == [("", "2026-04-22", "2026-06-01")]


def test_a_mistyped_value_voided_the_same_day_leaves_nothing_open() -> None:
    facts = life(
        STARTED,
        _test("2026-04-22", "wrong", alt_x_uln=51),
        event("void", "2026-04-22", ref="wrong"),
        _test("2026-04-22", alt_x_uln=5.0),
    )

    assert alerts(facts, "RIL-HEP", "2026-12-31") == []
