from typing import Any

import pytest

from pathway.due import Severity
from tests.pathway.build import Raw, alerts, day, due, event, life


def _visit(on: str, event_id: str | None = None, **more: Any) -> Raw:
    return event("clinic_visit", on, event_id=event_id, **more)


@pytest.mark.parametrize(
    ("last", "due_on", "opens"),
    [
        ("2025-11-30", "2026-02-28", "2026-03-15"),
        ("2023-11-30", "2024-02-29", "2024-03-15"),
        ("2023-11-29", "2024-02-29", "2024-03-15"),
        ("2023-11-28", "2024-02-28", "2024-03-14"),
        ("2024-02-29", "2024-05-29", "2024-06-13"),
        ("2026-01-31", "2026-04-30", "2026-05-15"),
        ("2025-12-08", "2026-03-08", "2026-03-23"),  # a day of 23 hours in New York
        ("2026-08-01", "2026-11-01", "2026-11-16"),  # a day of 25 hours there
        ("2025-10-01", "2026-01-01", "2026-01-16"),
    ],
)
def test_three_months_and_fourteen_days_of_grace(last: str, due_on: str, opens: str) -> None:
    facts = life(_visit(last), enrolled_on=last)

    work = due(facts, "MDT-VISIT", last)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "MDT-VISIT", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("next_on", "expected"),
    [
        ("2026-04-24", []),
        ("2026-04-25", []),
        ("2026-04-26", [("", "2026-04-25", "2026-04-26")]),
    ],
)
def test_a_visit_on_the_last_day_of_grace_is_on_time(next_on: str, expected: list[object]) -> None:
    assert alerts(life(_visit("2026-01-10"), _visit(next_on)), "MDT-VISIT", "2026-07-01") == expected


def test_with_no_visit_it_counts_from_joining() -> None:
    work = due(life(), "MDT-VISIT", "2026-01-01")

    assert work is not None
    assert (work.owner, work.informed, work.severity, work.rises) == (
        "coordinator",
        (),
        Severity.ATTENTION,
        (),
    )
    assert (work.anchor, work.evidence, work.subject, work.title, work.verb) == ("", (), "", None, "")
    assert str(work.reason) == "Joined 1 Jan 2026 + 3 months."
    assert [str(step) for step in work.steps] == [
        "Joined: 1 Jan 2026",
        "+ 3 months",
        "Due: 1 Apr 2026",
        "14 days’ grace",
        "Overdue from: 16 Apr 2026",
    ]


def test_what_it_says_about_the_last_visit() -> None:
    work = due(life(_visit("2026-01-05"), _visit("2026-02-03", "last")), "MDT-VISIT", "2026-02-03")

    assert work is not None
    assert (work.anchor, work.evidence) == ("last", ("last",))
    assert str(work.reason) == "Last clinic visit 3 Feb 2026 + 3 months."
    assert str(work.steps[0]) == "Last clinic visit: 3 Feb 2026"


def test_a_visit_before_joining_counts() -> None:
    assert alerts(life(_visit("2025-12-01")), "MDT-VISIT", "2026-12-31") == [("", "2026-03-16", None)]


def test_a_visit_entered_late_closes_on_the_day_it_is_recorded() -> None:
    facts = life(_visit("2026-01-10"), _visit("2026-04-20", recorded_on="2026-05-04"))

    assert alerts(facts, "MDT-VISIT", "2026-08-04") == [
        ("", "2026-04-25", "2026-05-04"),
        ("", "2026-08-04", None),
    ]


def test_the_clinics_day_counts_on_the_days_the_clocks_change() -> None:
    late_evening = (
        {"id": "spring", "type": "clinic_visit", "at_utc": "2026-03-09T03:30:00Z"},
        {"id": "autumn", "type": "clinic_visit", "at_utc": "2026-11-02T04:30:00Z"},
    )
    facts = life(*late_evening, clinic_tz="America/New_York")

    spring, autumn = due(facts, "MDT-VISIT", "2026-03-08"), due(facts, "MDT-VISIT", "2026-11-01")

    assert spring is not None
    assert (spring.anchor, spring.due_on) == ("spring", day("2026-06-08"))
    assert autumn is not None
    assert (autumn.anchor, autumn.due_on) == ("autumn", day("2027-02-01"))
