from typing import Any

import pytest

from pathway.due import Severity
from tests.pathway.build import Raw, alerts, day, due, event, life


def _review(on: str, event_id: str | None = None, recorded_on: str | None = None, **data: Any) -> Raw:
    return event("nutrition_review", on, event_id=event_id, recorded_on=recorded_on, **data)


@pytest.mark.parametrize(
    ("last", "opens"),
    [
        ("2025-11-30", "2026-03-01"),
        ("2023-11-30", "2024-03-01"),
        ("2023-11-29", "2024-03-01"),
        ("2023-11-28", "2024-02-29"),
        ("2024-02-29", "2024-05-30"),
        ("2026-01-31", "2026-05-01"),
        ("2026-03-14", "2026-06-15"),
    ],
)
def test_overdue_the_day_after_three_months(last: str, opens: str) -> None:
    facts = life(_review(last, weight_kg=70), enrolled_on=last)

    assert alerts(facts, "NUTR-3M", opens) == [("", opens, None)]
    assert alerts(facts, "NUTR-3M", day(opens).replace(day=1).isoformat()) in ([], [("", opens, None)])


@pytest.mark.parametrize(
    ("done_on", "expected"),
    [("2026-04-10", []), ("2026-04-11", []), ("2026-04-12", [("", "2026-04-11", "2026-04-12")])],
)
def test_work_on_the_due_day_or_the_day_it_would_open_raises_nothing(
    done_on: str, expected: list[tuple[str, str, str | None]]
) -> None:
    facts = life(_review("2026-01-10", weight_kg=70), _review(done_on, weight_kg=70))

    assert alerts(facts, "NUTR-3M", "2026-07-01") == expected


def test_with_none_recorded_the_first_is_due_thirty_days_after_joining() -> None:
    work = due(life(), "NUTR-3M", "2026-01-01")

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day("2026-01-31"), day("2026-02-01"))
    assert (work.owner, work.informed, work.anchor, work.evidence) == ("nutrition", (), "", ())
    assert (work.severity, work.rises) == (Severity.ATTENTION, ((day("2026-02-14"), Severity.URGENT),))
    assert str(work.reason) == "None recorded. Joined 1 Jan 2026 + 30 days."
    assert [str(step) for step in work.steps] == [
        "Joined: 1 Jan 2026",
        "+ 30 days",
        "Due: 31 Jan 2026",
        "Overdue from: 1 Feb 2026",
    ]


def test_what_it_says_about_the_last_review() -> None:
    work = due(life(_review("2025-11-30", "last", weight_kg=70)), "NUTR-3M", "2026-01-01")

    assert work is not None
    assert (work.anchor, work.evidence, work.verb, work.title) == ("last", ("last",), "", None)
    assert str(work.reason) == "Last review 30 Nov 2025 + 3 months."
    assert [str(step) for step in work.steps] == [
        "Last nutrition review: 30 Nov 2025",
        "+ 3 months",
        "Due: 28 Feb 2026",
        "Overdue from: 1 Mar 2026",
    ]


@pytest.mark.parametrize(
    ("data", "counts"),
    [
        ({"weight_kg": 70}, True),
        ({"weight_kg": None, "weight_unobtainable": True}, True),
        ({"weight_kg": None}, False),
        ({"weight_kg": None, "weight_unobtainable": False}, False),
        ({"weight_kg": "70"}, False),
        ({"weight_unobtainable": "no"}, False),
        ({}, False),
    ],
)
def test_a_review_counts_with_a_weight_or_a_reason_for_its_absence(
    data: dict[str, Any], counts: bool
) -> None:
    facts = life(_review("2026-01-10", "first", weight_kg=70), _review("2026-04-01", "second", **data))

    work = due(facts, "NUTR-3M", "2026-04-01")

    assert work is not None
    assert work.due_on == day("2026-07-01" if counts else "2026-04-10")
    assert work.anchor == ("second" if counts else "first")


def test_a_review_without_a_weight_is_named_and_asks_for_it() -> None:
    facts = life(_review("2026-01-10", "first", weight_kg=70), _review("2026-04-01", "second"))

    work = due(facts, "NUTR-3M", "2026-04-01")

    assert work is not None
    assert work.verb == "Add weight"
    assert str(work.reason) == "The review of 1 Apr 2026 has no weight, so it does not count yet."
    assert work.evidence == ("first", "second")


def test_a_weightless_review_before_the_last_complete_one_is_history() -> None:
    facts = life(_review("2026-01-05"), _review("2026-01-10", "last", weight_kg=70))

    work = due(facts, "NUTR-3M", "2026-04-01")

    assert work is not None
    assert (work.verb, work.evidence) == ("", ("last",))


def test_a_late_entry_closes_on_the_day_it_is_recorded_and_counts_from_the_day_it_was_done() -> None:
    facts = life(
        _review("2026-02-06", weight_kg=75),
        _review("2026-05-04", recorded_on="2026-05-19", weight_kg=74),
        enrolled_on="2026-01-26",
    )

    assert alerts(facts, "NUTR-3M", "2026-08-05") == [
        ("", "2026-05-07", "2026-05-19"),
        ("", "2026-08-05", None),
    ]


def test_an_older_review_entered_later_changes_nothing() -> None:
    facts = life(
        _review("2026-02-06", weight_kg=75),
        _review("2026-01-20", recorded_on="2026-03-01", weight_kg=76),
        enrolled_on="2026-01-26",
    )

    assert alerts(facts, "NUTR-3M", "2026-12-31") == [("", "2026-05-07", None)]


def test_a_review_dated_ahead_counts_from_its_day() -> None:
    facts = life(
        _review("2026-01-10", weight_kg=75), _review("2026-04-20", recorded_on="2026-04-01", weight_kg=74)
    )

    assert alerts(facts, "NUTR-3M", "2026-07-20") == [("", "2026-04-11", "2026-04-20")]


def test_voiding_the_review_brings_the_earlier_state_back() -> None:
    facts = life(
        _review("2026-01-10", weight_kg=75),
        _review("2026-04-20", "wrong", weight_kg=74),
        event("void", "2026-05-01", event_id="v", ref="wrong"),
        event("void", "2026-05-10", ref="v"),
    )

    assert alerts(facts, "NUTR-3M", "2026-07-20") == [
        ("", "2026-04-11", "2026-04-20"),
        ("", "2026-05-01", "2026-05-10"),
    ]


def test_the_latest_review_without_a_weight_is_the_one_named() -> None:
    facts = life(
        _review("2026-01-10", "first", weight_kg=70), _review("2026-03-20", "a"), _review("2026-04-01", "b")
    )

    work = due(facts, "NUTR-3M", "2026-04-01")

    assert work is not None
    assert work.evidence == ("first", "b")
    assert str(work.reason) == "The review of 1 Apr 2026 has no weight, so it does not count yet."
