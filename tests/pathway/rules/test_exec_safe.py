from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _screen(on: str, executive: object = True, event_id: str | None = None) -> Raw:
    return event("cognitive_screen", on, event_id=event_id, impaired=True, executive_impaired=executive)


def _plan(on: str, **data: Any) -> Raw:
    return event("safety_plan", on, **data)


@pytest.mark.parametrize(
    ("screened_on", "due_on", "opens"),
    [
        ("2026-03-02", "2026-03-16", "2026-03-17"),
        ("2026-02-14", "2026-02-28", "2026-03-01"),
        ("2024-02-15", "2024-02-29", "2024-03-01"),
        ("2026-10-25", "2026-11-08", "2026-11-09"),
    ],
)
def test_a_safety_plan_within_fourteen_days(screened_on: str, due_on: str, opens: str) -> None:
    facts = life(_screen(screened_on), enrolled_on=screened_on)

    work = due(facts, "EXEC-SAFE", screened_on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "EXEC-SAFE", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("planned_on", "expected"),
    [
        ("2026-03-01", [("", "2026-03-17", None)]),
        ("2026-03-02", []),
        ("2026-03-16", []),
        ("2026-03-17", []),
        ("2026-03-18", [("", "2026-03-17", "2026-03-18")]),
    ],
)
def test_a_plan_counts_from_the_day_of_the_screen(planned_on: str, expected: list[object]) -> None:
    facts = life(_screen("2026-03-02"), _plan(planned_on))

    assert alerts(facts, "EXEC-SAFE", "2026-12-31") == expected


@pytest.mark.parametrize(
    ("data", "counts"),
    [({}, True), ({"complete": True}, True), ({"complete": None}, True), ({"complete": False}, False)],
)
def test_a_plan_said_to_be_incomplete_does_not_count(data: dict[str, Any], counts: bool) -> None:
    facts = life(_screen("2026-03-02"), _plan("2026-03-10", **data))

    assert alerts(facts, "EXEC-SAFE", "2026-12-31") == ([] if counts else [("", "2026-03-17", None)])


def test_an_incomplete_plan_does_not_undo_a_complete_one() -> None:
    facts = life(_screen("2026-03-02"), _plan("2026-03-10"), _plan("2026-03-12", complete=False))

    assert alerts(facts, "EXEC-SAFE", "2026-12-31") == []
    assert silenced(facts, "EXEC-SAFE", "2026-03-12") is None


def test_what_it_says() -> None:
    work = due(life(_screen("2026-03-02", event_id="s")), "EXEC-SAFE", "2026-03-02")

    assert work is not None
    assert (work.owner, work.informed, work.severity, work.rises) == (
        "occupational_therapy",
        (),
        Severity.URGENT,
        (),
    )
    assert (work.anchor, work.evidence) == ("s", ("s",))
    assert str(work.reason) == "Executive dysfunction found 2 Mar 2026 + 14 days."
    assert [str(step) for step in work.steps] == [
        "Executive dysfunction found: 2 Mar 2026",
        "+ 14 days",
        "Due: 16 Mar 2026",
        "Overdue from: 17 Mar 2026",
    ]


@pytest.mark.parametrize("executive", [False, None, "yes"])
def test_without_executive_dysfunction_no_plan_is_asked_for(executive: object) -> None:
    facts = life(_screen("2026-03-02", executive))

    assert due(facts, "EXEC-SAFE", "2026-03-02") is None
    assert silenced(facts, "EXEC-SAFE", "2026-03-02") == Silenced("EXEC-SAFE", "", CloseReason.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (_screen("2026-04-01", False), [("", "2026-03-17", "2026-04-01")]),
        (_screen("2026-04-01", None), [("", "2026-03-17", None)]),
    ],
)
def test_the_latest_screen_with_an_answer_says(later: Raw, expected: list[object]) -> None:
    facts = life(_screen("2026-03-02"), later)

    assert alerts(facts, "EXEC-SAFE", "2026-12-31") == expected


def test_a_later_screen_that_finds_it_again_asks_for_a_new_plan() -> None:
    facts = life(_screen("2026-03-02"), _plan("2026-03-10"), _screen("2026-09-01", event_id="again"))

    work = due(facts, "EXEC-SAFE", "2026-09-01")

    assert work is not None
    assert (work.anchor, work.overdue_on) == ("again", day("2026-09-16"))


def test_a_voided_plan_brings_it_back() -> None:
    facts = life(
        _screen("2026-03-02"),
        event("safety_plan", "2026-03-10", event_id="wrong"),
        event("void", "2026-04-01", ref="wrong"),
    )

    assert alerts(facts, "EXEC-SAFE", "2026-12-31") == [("", "2026-04-01", None)]
