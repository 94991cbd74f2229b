from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _started(on: str, event_id: str | None = None) -> Raw:
    return event("med_start", on, event_id=event_id, drug="riluzole")


def _test(on: str, event_id: str | None = None, **data: Any) -> Raw:
    return event("lft", on, event_id=event_id, **(data or {"alt_x_uln": 1.1}))


@pytest.mark.parametrize(
    ("started_on", "last", "due_on", "opens", "severity"),
    [
        # Monthly until month 3 of the course, each month counted from the start.
        ("2026-01-06", "2026-01-06", "2026-02-06", "2026-02-14", Severity.URGENT),
        ("2026-01-06", "2026-04-05", "2026-05-05", "2026-05-13", Severity.URGENT),
        ("2026-01-06", "2026-04-06", "2026-07-06", "2026-07-14", Severity.ATTENTION),
        ("2026-01-06", "2026-04-07", "2026-07-07", "2026-07-15", Severity.ATTENTION),
        # Three-monthly until month 12, six-monthly from then on.
        ("2026-01-06", "2027-01-05", "2027-04-05", "2027-04-13", Severity.ATTENTION),
        ("2026-01-06", "2027-01-06", "2027-07-06", "2027-07-14", Severity.ATTENTION),
        ("2026-01-06", "2028-05-31", "2028-11-30", "2028-12-08", Severity.ATTENTION),
        # Month ends and leap days, in the part of the course and in the step.
        ("2025-11-30", "2026-02-27", "2026-03-27", "2026-04-04", Severity.URGENT),
        ("2025-11-30", "2026-02-28", "2026-05-28", "2026-06-05", Severity.ATTENTION),
        ("2023-11-30", "2024-02-28", "2024-03-28", "2024-04-05", Severity.URGENT),
        ("2023-11-30", "2024-02-29", "2024-05-29", "2024-06-06", Severity.ATTENTION),
        ("2024-02-29", "2025-02-27", "2025-05-27", "2025-06-04", Severity.ATTENTION),
        ("2024-02-29", "2025-02-28", "2025-08-28", "2025-09-05", Severity.ATTENTION),
        ("2025-10-31", "2026-08-31", "2026-11-30", "2026-12-08", Severity.ATTENTION),
        # Across the days the clocks change.
        ("2026-02-08", "2026-02-08", "2026-03-08", "2026-03-16", Severity.URGENT),
        ("2026-10-01", "2026-10-01", "2026-11-01", "2026-11-09", Severity.URGENT),
    ],
)
def test_the_step_depends_on_how_far_into_the_course_the_last_test_was(
    started_on: str, last: str, due_on: str, opens: str, severity: Severity
) -> None:
    facts = life(_started(started_on), _test(last), enrolled_on="2023-01-01")

    work = due(facts, "RIL-LFT", last)

    assert work is not None
    assert (work.due_on, work.overdue_on, work.severity) == (day(due_on), day(opens), severity)
    assert alerts(facts, "RIL-LFT", opens)[-1] == ("", opens, None)


@pytest.mark.parametrize(
    ("started_on", "due_on", "opens"),
    [
        ("2026-01-31", "2026-02-28", "2026-03-08"),
        ("2024-01-31", "2024-02-29", "2024-03-08"),
        ("2026-03-31", "2026-04-30", "2026-05-08"),
    ],
)
def test_without_a_test_it_counts_from_the_start(started_on: str, due_on: str, opens: str) -> None:
    facts = life(_started(started_on, "s"), _test("2023-12-01"), enrolled_on="2023-06-01")

    work = due(facts, "RIL-LFT", started_on)

    assert work is not None
    assert (work.due_on, work.overdue_on, work.anchor) == (day(due_on), day(opens), "s")
    assert work.severity is Severity.URGENT
    assert alerts(facts, "RIL-LFT", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("next_on", "expected"),
    [
        ("2026-03-13", []),
        ("2026-03-14", []),
        ("2026-03-15", [("", "2026-03-14", "2026-03-15")]),
    ],
)
def test_a_test_on_day_seven_of_grace_is_on_time(next_on: str, expected: list[object]) -> None:
    facts = life(_started("2026-01-06"), _test("2026-02-06"), _test(next_on))

    assert alerts(facts, "RIL-LFT", "2026-04-20") == expected


@pytest.mark.parametrize(
    ("last", "enrolled_on", "opens", "held"),
    [
        ("2025-12-23", "2026-01-01", "2026-02-01", True),
        ("2025-12-24", "2026-01-01", "2026-02-01", False),
        ("2025-12-25", "2026-01-01", "2026-02-02", False),
        ("2024-01-30", "2024-01-30", "2024-03-08", False),
        ("2023-11-02", "2024-01-31", "2024-03-02", True),
    ],
)
def test_nothing_is_overdue_within_thirty_days_of_joining(
    last: str, enrolled_on: str, opens: str, held: bool
) -> None:
    facts = life(_started(last), enrolled_on=enrolled_on)

    work = due(facts, "RIL-LFT", enrolled_on)

    assert work is not None
    assert work.overdue_on == day(opens)
    assert ("30 days’ grace" in map(str, work.steps)) is held
    assert any(str(step).startswith("Joined: ") for step in work.steps) is held
    assert alerts(facts, "RIL-LFT", "2026-03-01")[0] == ("", opens, None)


def test_what_it_says_about_the_start() -> None:
    work = due(life(_started("2026-01-06", "s")), "RIL-LFT", "2026-01-06")

    assert work is not None
    assert (work.owner, work.informed, work.rises) == ("neurology", (), ())
    assert (work.anchor, work.evidence) == ("s", ("s",))
    assert str(work.reason) == "Riluzole started 6 Jan 2026 + 1 month."
    assert [str(step) for step in work.steps] == [
        "Riluzole started: 6 Jan 2026",
        "+ 1 month",
        "Due: 6 Feb 2026",
        "7 days’ grace",
        "Overdue from: 14 Feb 2026",
    ]


def test_what_it_says_about_the_last_test() -> None:
    facts = life(_started("2026-01-06", "s"), _test("2026-02-03", "a"), _test("2026-04-20", "last"))

    work = due(facts, "RIL-LFT", "2026-04-20")

    assert work is not None
    assert (work.anchor, work.evidence) == ("last", ("last", "s"))
    assert str(work.reason) == "Last liver test 20 Apr 2026 + 3 months."
    assert str(work.steps[0]) == "Last liver test: 20 Apr 2026"


def test_what_it_says_when_joining_holds_it() -> None:
    work = due(life(_started("2025-12-23", "s")), "RIL-LFT", "2026-01-01")

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day("2026-01-23"), day("2026-02-01"))
    assert [str(step) for step in work.steps] == [
        "Riluzole started: 23 Dec 2025",
        "+ 1 month",
        "Due: 23 Jan 2026",
        "Joined: 1 Jan 2026",
        "30 days’ grace",
        "Overdue from: 1 Feb 2026",
    ]


def test_a_test_without_any_result_does_not_count() -> None:
    facts = life(_started("2026-01-06"), _test("2026-02-10", lab="elsewhere"))

    assert alerts(facts, "RIL-LFT", "2026-12-31") == [("", "2026-02-14", None)]


def test_without_riluzole_it_is_not_asked_for() -> None:
    facts = life(_started("2026-01-06"), event("med_stop", "2026-03-01", drug="riluzole"))

    assert alerts(facts, "RIL-LFT", "2026-12-31") == [("", "2026-02-14", "2026-03-01")]
    assert silenced(facts, "RIL-LFT", "2026-03-01") == Silenced("RIL-LFT", "", CloseReason.NOT_APPLICABLE)


def test_a_new_course_starts_from_the_first_month_again() -> None:
    facts = life(
        _started("2024-01-06"),
        _test("2026-01-05"),
        event("med_stop", "2026-01-10", drug="riluzole"),
        _started("2026-02-10", "again"),
        enrolled_on="2024-01-01",
    )

    work = due(facts, "RIL-LFT", "2026-02-10")

    assert work is not None
    assert (work.anchor, work.due_on, work.severity) == ("again", day("2026-03-10"), Severity.URGENT)


def test_a_second_start_without_a_stop_moves_nothing() -> None:
    facts = life(_started("2026-01-06"), _test("2026-04-20"), _started("2026-04-01"))

    work = due(facts, "RIL-LFT", "2026-04-20")

    assert work is not None
    assert (work.due_on, work.severity) == (day("2026-07-20"), Severity.ATTENTION)


@pytest.mark.parametrize(
    ("tested_on", "anchor"), [("2026-01-05", "s"), ("2026-01-06", "t"), ("2026-01-07", "t")]
)
def test_a_test_on_the_day_of_the_start_is_one_of_the_course(tested_on: str, anchor: str) -> None:
    work = due(life(_started("2026-01-06", "s"), _test(tested_on, "t")), "RIL-LFT", "2026-01-10")

    assert work is not None
    assert work.anchor == anchor
