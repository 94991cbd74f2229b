from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _assessment(on: str, fvc: float | None = 80, event_id: str | None = None, **more: Any) -> Raw:
    return event("resp_assessment", on, event_id=event_id, fvc_pct=fvc, **more)


@pytest.mark.parametrize(
    ("last", "due_on", "opens"),
    [
        ("2025-11-30", "2026-02-28", "2026-03-15"),
        ("2023-11-30", "2024-02-29", "2024-03-15"),
        ("2024-02-29", "2024-05-29", "2024-06-13"),
        ("2026-01-31", "2026-04-30", "2026-05-15"),
        ("2026-02-06", "2026-05-06", "2026-05-21"),
        ("2026-08-01", "2026-11-01", "2026-11-16"),
    ],
)
def test_three_months_and_fourteen_days_of_grace(last: str, due_on: str, opens: str) -> None:
    facts = life(_assessment(last), enrolled_on=last)

    work = due(facts, "RESP-3M", last)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "RESP-3M", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("next_on", "expected"),
    [
        ("2026-05-20", []),
        ("2026-05-21", []),
        ("2026-05-22", [("", "2026-05-21", "2026-05-22")]),
    ],
)
@pytest.mark.parametrize("fvc", [80, None])
def test_an_assessment_counts_whether_or_not_the_fvc_was_possible(
    next_on: str, expected: list[object], fvc: float | None
) -> None:
    facts = life(_assessment("2026-02-06"), _assessment(next_on, fvc), enrolled_on="2026-02-06")

    assert alerts(facts, "RESP-3M", "2026-08-20") == expected


@pytest.mark.parametrize(
    ("enrolled_on", "due_on", "opens"),
    [
        ("2026-01-01", "2026-01-31", "2026-02-15"),
        ("2024-01-30", "2024-02-29", "2024-03-15"),
        ("2026-02-10", "2026-03-12", "2026-03-27"),
        ("2026-12-10", "2027-01-09", "2027-01-24"),
    ],
)
def test_with_none_recorded_the_first_is_due_thirty_days_after_joining(
    enrolled_on: str, due_on: str, opens: str
) -> None:
    facts = life(enrolled_on=enrolled_on)

    work = due(facts, "RESP-3M", enrolled_on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "RESP-3M", opens) == [("", opens, None)]


def test_what_it_says_before_the_first() -> None:
    work = due(life(), "RESP-3M", "2026-01-01")

    assert work is not None
    assert (work.owner, work.informed, work.anchor, work.evidence) == ("pulmonology", (), "", ())
    assert (work.severity, work.rises) == (Severity.ATTENTION, ())
    assert str(work.reason) == "None recorded. Joined 1 Jan 2026 + 30 days."
    assert [str(step) for step in work.steps] == [
        "Joined: 1 Jan 2026",
        "+ 30 days",
        "Due: 31 Jan 2026",
        "14 days’ grace",
        "Overdue from: 15 Feb 2026",
    ]


def test_what_it_says_about_the_last() -> None:
    facts = life(_assessment("2026-01-02", 70), _assessment("2026-02-06", 61, "last"))

    work = due(facts, "RESP-3M", "2026-02-06")

    assert work is not None
    assert (work.anchor, work.evidence) == ("last", ("last",))
    assert str(work.reason) == "Last assessment 6 Feb 2026 + 3 months."
    assert [str(step) for step in work.steps] == [
        "Last assessment: 6 Feb 2026",
        "+ 3 months",
        "Due: 6 May 2026",
        "14 days’ grace",
        "Overdue from: 21 May 2026",
    ]


@pytest.mark.parametrize(
    ("measured", "severity", "evidence"),
    [
        ([60], Severity.ATTENTION, ("f0",)),
        ([59.9], Severity.URGENT, ("f0",)),
        ([59], Severity.URGENT, ("f0",)),
        ([59, 60], Severity.ATTENTION, ("f1",)),
        ([59, None], Severity.URGENT, ("f1", "f0")),
        ([60, None], Severity.ATTENTION, ("f1",)),
        ([None], Severity.ATTENTION, ("f0",)),
    ],
)
def test_urgent_while_the_measured_fvc_is_below_60(
    measured: list[float | None], severity: Severity, evidence: tuple[str, ...]
) -> None:
    events = [_assessment(f"2026-02-0{n + 1}", fvc, f"f{n}") for n, fvc in enumerate(measured)]

    work = due(life(*events), "RESP-3M", "2026-02-10")

    assert work is not None
    assert (work.severity, work.evidence, work.owner) == (severity, evidence, "pulmonology")


@pytest.mark.parametrize("on", ["2026-02-10", "2026-06-01"])
def test_not_asked_for_from_a_tracheostomy_on(on: str) -> None:
    facts = life(_assessment("2026-01-05"), event("tracheostomy", on))

    assert due(facts, "RESP-3M", on) is None
    assert silenced(facts, "RESP-3M", on) == Silenced("RESP-3M", "", CloseReason.NOT_APPLICABLE)
    assert alerts(facts, "RESP-3M", "2026-12-31") == ([("", "2026-04-20", on)] if on > "2026-04-20" else [])


def test_a_tracheostomy_entered_in_error_changes_nothing() -> None:
    facts = life(
        _assessment("2026-01-05"),
        event("tracheostomy", "2026-04-25", event_id="wrong"),
        event("void", "2026-04-28", ref="wrong"),
    )

    assert alerts(facts, "RESP-3M", "2026-12-31") == [
        ("", "2026-04-20", "2026-04-25"),
        ("", "2026-04-28", None),
    ]
