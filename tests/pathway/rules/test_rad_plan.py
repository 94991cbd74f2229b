from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _assessment(on: str, fvc: float | None, event_id: str | None = None, **data: Any) -> Raw:
    return event("resp_assessment", on, event_id=event_id, fvc_pct=fvc, **data)


def _request(on: str, item: str = "bpap") -> Raw:
    return event("equipment_request", on, id="B", item=item)


@pytest.mark.parametrize(
    ("fvc", "in_band"),
    [(60, False), (59.9, True), (59, True), (55, True), (50.1, True), (50, True), (49.9, False), (49, False)],
)
def test_the_band_is_from_50_to_below_60(fvc: float, in_band: bool) -> None:
    facts = life(_assessment("2026-05-04", fvc))

    assert alerts(facts, "RAD-PLAN", "2026-12-31") == ([("", "2026-06-02", None)] if in_band else [])


@pytest.mark.parametrize(
    ("first_on", "due_on", "opens"),
    [
        ("2026-05-04", "2026-06-01", "2026-06-02"),
        ("2026-01-31", "2026-02-28", "2026-03-01"),
        ("2024-01-31", "2024-02-28", "2024-02-29"),
        ("2024-02-01", "2024-02-29", "2024-03-01"),
        ("2026-02-20", "2026-03-20", "2026-03-21"),  # over the days the clocks change
        ("2026-10-20", "2026-11-17", "2026-11-18"),
    ],
)
def test_due_28_days_after_the_first_fvc_below_60(first_on: str, due_on: str, opens: str) -> None:
    facts = life(_assessment(first_on, 59), enrolled_on=first_on)

    work = due(facts, "RAD-PLAN", first_on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "RAD-PLAN", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("asked_on", "expected"),
    [
        ("2026-05-03", []),
        ("2026-06-01", []),
        ("2026-06-02", []),
        ("2026-06-03", [("", "2026-06-02", "2026-06-03")]),
    ],
)
def test_a_request_on_day_28_is_on_time(asked_on: str, expected: list[object]) -> None:
    facts = life(_assessment("2026-05-04", 58), _request(asked_on))

    assert alerts(facts, "RAD-PLAN", "2026-12-31") == expected


def test_what_it_says() -> None:
    facts = life(_assessment("2026-05-04", 59, "first"), _assessment("2026-05-18", 55, "latest"))

    work = due(facts, "RAD-PLAN", "2026-05-18")

    assert work is not None
    assert (work.owner, work.informed, work.severity, work.rises) == ("pulmonology", (), Severity.URGENT, ())
    assert (work.anchor, work.evidence) == ("first", ("first", "latest"))
    assert str(work.reason) == "FVC below the planning limit 4 May 2026 + 28 days."
    assert [str(step) for step in work.steps] == [
        "FVC below the planning limit: 4 May 2026",
        "+ 28 days",
        "Due: 1 Jun 2026",
        "Overdue from: 2 Jun 2026",
    ]


def test_one_better_reading_ends_it_and_a_worse_one_brings_it_back_with_the_first_date() -> None:
    facts = life(_assessment("2026-05-04", 58), _assessment("2026-06-10", 60), _assessment("2026-07-10", 59))

    assert alerts(facts, "RAD-PLAN", "2026-12-31") == [
        ("", "2026-06-02", "2026-06-10"),
        ("", "2026-07-10", None),
    ]
    assert silenced(facts, "RAD-PLAN", "2026-06-10") == Silenced("RAD-PLAN", "", CloseReason.NOT_APPLICABLE)


def test_an_fvc_that_was_not_possible_keeps_the_last_measured() -> None:
    facts = life(_assessment("2026-05-04", 58), _assessment("2026-05-20", None))

    assert alerts(facts, "RAD-PLAN", "2026-12-31") == [("", "2026-06-02", None)]


def test_without_a_measured_fvc_there_is_nothing_to_plan() -> None:
    facts = life(_assessment("2026-05-04", None))

    assert due(facts, "RAD-PLAN", "2026-05-04") is None
    assert silenced(facts, "RAD-PLAN", "2026-05-04") is None


@pytest.mark.parametrize(
    ("later", "closes"),
    [
        (_assessment("2026-06-10", 57, symptoms=True), "2026-06-10"),
        (_assessment("2026-06-10", 57, symptoms=False), None),
        (_assessment("2026-06-10", 57, sdb=True), "2026-06-10"),
        (_assessment("2026-06-10", None, symptoms=True), "2026-06-10"),
        (_assessment("2026-06-10", 49), "2026-06-10"),
    ],
)
def test_niv_trig_takes_over(later: Raw, closes: str | None) -> None:
    facts = life(_assessment("2026-05-04", 58), later)

    assert alerts(facts, "RAD-PLAN", "2026-12-31") == [("", "2026-06-02", closes)]
    if closes:
        assert due(facts, "NIV-TRIG", closes) is not None


def test_an_earlier_trigger_for_niv_leaves_the_planning_to_it() -> None:
    facts = life(_assessment("2026-03-02", 79, symptoms=True), _assessment("2026-05-04", 58))

    assert alerts(facts, "RAD-PLAN", "2026-12-31") == []
    assert silenced(facts, "RAD-PLAN", "2026-05-04") == Silenced("RAD-PLAN", "", CloseReason.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("arranged", "closes"),
    [
        (_request("2026-06-10"), "2026-06-10"),
        (_request("2026-06-10", "cough_assist"), None),
        (event("niv_start", "2026-06-10", backup_rate=True), "2026-06-10"),
        (event("tracheostomy", "2026-06-10"), "2026-06-10"),
        (event("niv_stop", "2026-06-10"), None),
    ],
)
def test_what_counts_as_arranged(arranged: Raw, closes: str | None) -> None:
    facts = life(_assessment("2026-05-04", 58), arranged)

    assert alerts(facts, "RAD-PLAN", "2026-12-31") == [("", "2026-06-02", closes)]
    assert silenced(facts, "RAD-PLAN", "2026-06-10") is None


def test_a_cancelled_request_is_no_plan() -> None:
    facts = life(
        _assessment("2026-05-04", 58),
        _request("2026-05-20"),
        event("equipment_status", "2026-07-01", id="B", status="cancelled"),
    )

    assert alerts(facts, "RAD-PLAN", "2026-12-31") == [("", "2026-07-01", None)]


def test_declining_niv_silences_it_and_the_fvc_below_50_hands_over() -> None:
    facts = life(
        _assessment("2026-05-04", 58),
        event("decline", "2026-05-10", topic="niv"),
        _assessment("2026-06-20", 49),
    )

    assert silenced(facts, "RAD-PLAN", "2026-05-10") == Silenced(
        "RAD-PLAN", "", CloseReason.DECLINED, day("2026-08-10")
    )
    assert alerts(facts, "RAD-PLAN", "2026-12-31") == []
    assert alerts(facts, "NIV-TRIG", "2026-12-31") == [("", "2026-07-05", None)]


@pytest.mark.parametrize("fvc", [60, 95])
def test_who_was_never_below_60_has_no_plan_to_make(fvc: float) -> None:
    facts = life(_assessment("2026-05-04", fvc))

    assert due(facts, "RAD-PLAN", "2026-05-04") is None
    assert silenced(facts, "RAD-PLAN", "2026-05-04") is None
