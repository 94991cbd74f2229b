from typing import Any

import pytest

from pathway.due import Severity
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

WHOLE = {"texture": "done", "chin_tuck": "done", "liquids": "done"}


def _screen(on: str, positive: object = True, event_id: str | None = None) -> Raw:
    return event("swallow_screen", on, event_id=event_id, positive=positive)


def _study(on: str, abnormal: object = True, event_id: str | None = None) -> Raw:
    return event("vfss", on, event_id=event_id, abnormal=abnormal)


def _plan(on: str, **data: Any) -> Raw:
    return event("dysphagia_plan", on, **(data or WHOLE))


@pytest.mark.parametrize(
    ("found_on", "due_on", "opens"),
    [
        ("2026-06-01", "2026-06-08", "2026-06-09"),
        ("2026-02-21", "2026-02-28", "2026-03-01"),
        ("2024-02-22", "2024-02-29", "2024-03-01"),
        ("2026-03-05", "2026-03-12", "2026-03-13"),  # over the days the clocks change
        ("2026-10-29", "2026-11-05", "2026-11-06"),
    ],
)
@pytest.mark.parametrize("finding", [_screen, _study])
def test_a_plan_within_seven_days_of_the_finding(
    finding: Any, found_on: str, due_on: str, opens: str
) -> None:
    facts = life(finding(found_on), enrolled_on=found_on)

    work = due(facts, "DYSPH-PLAN", found_on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "DYSPH-PLAN", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("planned_on", "expected"),
    [
        ("2026-05-01", []),  # a plan there is already, of whatever date
        ("2026-06-08", []),
        ("2026-06-09", []),
        ("2026-06-10", [("", "2026-06-09", "2026-06-10")]),
    ],
)
def test_a_plan_on_day_seven_is_on_time(planned_on: str, expected: list[object]) -> None:
    facts = life(_screen("2026-06-01"), _plan(planned_on))

    assert alerts(facts, "DYSPH-PLAN", "2026-12-31") == expected
    assert silenced(facts, "DYSPH-PLAN", "2026-12-31") is None


@pytest.mark.parametrize(
    ("data", "complete"),
    [
        ({"texture": "done", "chin_tuck": "done", "liquids": "done"}, True),
        ({"texture": "not_indicated", "chin_tuck": "not_indicated", "liquids": "not_indicated"}, True),
        ({"texture": "declined", "chin_tuck": "declined", "liquids": "declined"}, True),
        ({"texture": "done", "chin_tuck": "not_indicated", "liquids": "declined"}, True),
        ({"chin_tuck": "done", "liquids": "done"}, False),
        ({"texture": "done", "liquids": "done"}, False),
        ({"texture": "done", "chin_tuck": "done"}, False),
        ({"texture": None, "chin_tuck": "done", "liquids": "done"}, False),
        ({"texture": "done", "chin_tuck": "later", "liquids": "done"}, False),
        ({"texture": "done", "chin_tuck": "done", "liquids": True}, False),
        ({"note": "see letter"}, False),
    ],
)
def test_a_plan_is_complete_with_an_answer_to_each_measure(data: dict[str, Any], complete: bool) -> None:
    facts = life(_screen("2026-06-01"), _plan("2026-06-03", **data))

    assert alerts(facts, "DYSPH-PLAN", "2026-12-31") == ([] if complete else [("", "2026-06-09", None)])


def test_measures_of_two_plans_do_not_add_up() -> None:
    facts = life(
        _screen("2026-06-01"),
        _plan("2026-06-03", texture="done", chin_tuck="done"),
        _plan("2026-06-04", liquids="done"),
    )

    assert alerts(facts, "DYSPH-PLAN", "2026-12-31") == [("", "2026-06-09", None)]


def test_what_it_says_of_a_screen() -> None:
    work = due(life(_screen("2026-06-01", event_id="s")), "DYSPH-PLAN", "2026-06-01")

    assert work is not None
    assert (work.owner, work.informed) == ("speech_language_pathology", ("nutrition",))
    assert (work.severity, work.rises) == (Severity.URGENT, ())
    assert (work.anchor, work.evidence) == ("s", ("s",))
    assert str(work.reason) == "Positive swallow screen 1 Jun 2026 + 7 days."
    assert [str(step) for step in work.steps] == [
        "Positive swallow screen: 1 Jun 2026",
        "+ 7 days",
        "Due: 8 Jun 2026",
        "Overdue from: 9 Jun 2026",
    ]


@pytest.mark.parametrize(
    ("screened_on", "studied_on", "anchor", "opens"),
    [
        ("2026-06-01", "2026-06-05", "s", "2026-06-09"),
        ("2026-06-05", "2026-06-01", "v", "2026-06-09"),
        ("2026-06-01", "2026-06-01", "s", "2026-06-09"),
    ],
)
def test_the_first_finding_counts(screened_on: str, studied_on: str, anchor: str, opens: str) -> None:
    facts = life(_screen(screened_on, event_id="s"), _study(studied_on, event_id="v"))

    work = due(facts, "DYSPH-PLAN", "2026-06-08")

    assert work is not None
    assert (work.anchor, work.overdue_on) == (anchor, day(opens))


def test_the_first_of_each_kind_counts() -> None:
    facts = life(
        _screen("2026-06-03", event_id="s1"),
        _screen("2026-06-01", False),
        _screen("2026-06-05"),
        _study("2026-06-02", False),
        _study("2026-06-04"),
    )

    work = due(facts, "DYSPH-PLAN", "2026-06-05")

    assert work is not None
    assert work.anchor == "s1"


@pytest.mark.parametrize("finding", [_screen("2026-06-01", False), _study("2026-06-01", False)])
def test_normal_findings_ask_for_nothing(finding: Raw) -> None:
    facts = life(finding)

    assert due(facts, "DYSPH-PLAN", "2026-12-31") is None
    assert silenced(facts, "DYSPH-PLAN", "2026-12-31") is None


@pytest.mark.parametrize(
    ("studied_on", "expected"),
    [
        ("2026-06-04", []),
        ("2026-06-05", []),
        ("2026-06-06", [("", "2026-06-14", None)]),
    ],
)
def test_an_abnormal_study_after_the_latest_plan_asks_for_a_new_one(
    studied_on: str, expected: list[object]
) -> None:
    facts = life(_screen("2026-06-01"), _plan("2026-06-05"), _study(studied_on))

    assert alerts(facts, "DYSPH-PLAN", "2026-12-31") == expected


def test_a_later_positive_screen_asks_for_no_new_plan() -> None:
    facts = life(_screen("2026-06-01"), _plan("2026-06-05"), _screen("2026-09-01"))

    assert alerts(facts, "DYSPH-PLAN", "2026-12-31") == []


def test_the_first_abnormal_study_after_the_latest_plan_counts() -> None:
    facts = life(
        _plan("2026-05-01"),
        _study("2026-05-20"),
        _plan("2026-06-05"),
        _study("2026-07-01", event_id="first"),
        _study("2026-07-04"),
        _plan("2026-07-05", texture="done"),
    )

    work = due(facts, "DYSPH-PLAN", "2026-07-05")

    assert work is not None
    assert (work.anchor, work.evidence, work.overdue_on) == ("first", ("first",), day("2026-07-09"))
    assert str(work.reason) == "Abnormal swallow study 1 Jul 2026 + 7 days."


def test_a_fresh_window_keeps_the_finding_as_evidence() -> None:
    facts = life(
        _screen("2026-06-01", event_id="s"),
        event("decline", "2026-06-02", topic="dysphagia_plan", permanent=True),
        event("withdraw_decline", "2026-07-01", event_id="w", topic="dysphagia_plan"),
    )

    work = due(facts, "DYSPH-PLAN", "2026-07-01")

    assert work is not None
    assert (work.anchor, work.evidence[:2], work.overdue_on) == ("w", ("w", "s"), day("2026-07-09"))
    assert str(work.reason) == "New answer 1 Jul 2026 + 7 days."
