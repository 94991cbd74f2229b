"""From the day something starts to the work that is due."""

import pytest

from pathway.due import Need, Phrase, Severity
from pathway.facts import Event
from pathway.window import Start, deadline, interval, latest, notice, refreshed
from tests.pathway.build import day, event, life

ATTENTION, URGENT, _ = Severity


def _event(on: str, event_id: str = "e") -> Event:
    return life(event("lft", on, event_id=event_id)).events[0]


def _steps(need: Need) -> list[str]:
    return [str(step) for step in need.steps]


def test_a_start_at_an_event_hangs_on_it() -> None:
    assert Start.at(_event("2026-02-03", "a"), "Test") == Start(day("2026-02-03"), "Test", "a")


@pytest.mark.parametrize(
    ("days", "grace", "due_on", "overdue_on"),
    [
        (0, 0, "2026-02-27", "2026-02-28"),
        (1, 0, "2026-02-28", "2026-03-01"),
        (2, 0, "2026-03-01", "2026-03-02"),
        (1, 1, "2026-02-28", "2026-03-02"),
        (365, 0, "2027-02-27", "2027-02-28"),
    ],
)
def test_a_deadline_is_overdue_the_day_after_its_last_day_and_grace(
    days: int, grace: int, due_on: str, overdue_on: str
) -> None:
    need = deadline(Start(day("2026-02-27"), "Began"), days, severity=URGENT, grace_days=grace)

    assert (need.due_on, need.overdue_on, need.severity) == (day(due_on), day(overdue_on), URGENT)
    said = "1 day" if days == 1 else f"{days} days"
    assert str(need.reason) == f"Began 27 Feb 2026 + {said}."
    assert _steps(need) == ["Began: 27 Feb 2026", f"+ {said}"]


@pytest.mark.parametrize(
    ("since", "months", "grace", "due_on", "overdue_on"),
    [
        ("2025-11-30", 3, 0, "2026-02-28", "2026-03-01"),
        ("2023-11-30", 3, 0, "2024-02-29", "2024-03-01"),
        ("2024-02-29", 12, 0, "2025-02-28", "2025-03-01"),
        ("2026-01-31", 1, 7, "2026-02-28", "2026-03-08"),
        ("2025-12-15", 1, 0, "2026-01-15", "2026-01-16"),
    ],
)
def test_an_interval_counts_calendar_months(
    since: str, months: int, grace: int, due_on: str, overdue_on: str
) -> None:
    need = interval(Start.at(_event(since), "Last test"), months, severity=ATTENTION, grace_days=grace)

    assert (need.due_on, need.overdue_on, need.severity) == (day(due_on), day(overdue_on), ATTENTION)
    assert (need.anchor, need.evidence) == ("e", ("e",))
    said = "1 month" if months == 1 else f"{months} months"
    assert str(need.steps[1]) == f"+ {said}"
    assert str(need.reason).endswith(f" + {said}.")


def test_a_notice_is_overdue_from_its_very_day() -> None:
    why = Phrase("Because.")

    need = notice(Start.at(_event("2026-02-28"), "Found"), severity=URGENT, reason=why, evidence=("x",))

    assert (need.due_on, need.overdue_on) == (day("2026-02-28"), day("2026-02-28"))
    assert (need.severity, need.reason, need.anchor, need.evidence) == (URGENT, why, "e", ("e", "x"))
    assert _steps(need) == ["Found: 28 Feb 2026"]


@pytest.mark.parametrize(
    ("anchor", "more", "evidence"),
    [
        ("", (), ()),
        ("", ("x",), ("x",)),
        ("a", (), ("a",)),
        ("a", ("x", "a", "", "y", "x"), ("a", "x", "y")),
    ],
)
def test_each_fact_is_named_once_the_start_first(
    anchor: str, more: tuple[str, ...], evidence: tuple[str, ...]
) -> None:
    start, why = Start(day("2026-02-28"), "Began", anchor), Phrase("Because.")

    assert deadline(start, 1, severity=URGENT, evidence=more).evidence == evidence
    assert interval(start, 1, severity=URGENT, evidence=more).evidence == evidence
    assert notice(start, severity=URGENT, reason=why, evidence=more).evidence == evidence


def test_a_rule_may_say_more_of_the_need() -> None:
    start, why = Start(day("2026-02-28"), "Began"), Phrase("Because.")

    needs = [
        deadline(start, 1, severity=URGENT, reason=why, subject="s", verb="Do"),
        interval(start, 1, severity=URGENT, reason=why, subject="s", verb="Do"),
        notice(start, severity=URGENT, reason=why, subject="s", verb="Do"),
    ]

    assert [(need.reason, need.subject, need.verb) for need in needs] == [(why, "s", "Do")] * 3


def test_the_latest_start_counts_and_on_a_tie_the_first_named() -> None:
    early, late = Start(day("2026-02-27"), "Early"), Start(day("2026-02-28"), "Late")
    tie = Start(day("2026-02-28"), "Tie")

    assert latest(early, None, late) == late
    assert latest(late, early) == late
    assert latest(late, tie) == late
    assert latest(tie, late) == tie
    assert latest(None, early) == early


@pytest.mark.parametrize(
    ("answered_on", "starts_anew"), [("2026-02-27", False), ("2026-02-28", False), ("2026-03-01", True)]
)
def test_a_new_answer_later_than_the_start_gives_a_full_window_anew(
    answered_on: str, starts_anew: bool
) -> None:
    start = Start(day("2026-02-28"), "Began", "b")

    fresh = refreshed(start, _event(answered_on, "w"))

    assert fresh == (Start(day(answered_on), "New answer", "w") if starts_anew else start)
    assert refreshed(start, None) == start
