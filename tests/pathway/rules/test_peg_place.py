import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _accepted(on: str, event_id: str | None = None) -> Raw:
    return event("gastrostomy_decision", on, event_id=event_id, decision="accepted")


def _fvc(on: str, pct: float | None, event_id: str | None = None) -> Raw:
    return event("resp_assessment", on, event_id=event_id, fvc_pct=pct)


@pytest.mark.parametrize(
    ("accepted_on", "fvc", "due_on", "opens"),
    [
        ("2026-08-07", None, "2026-09-04", "2026-09-05"),
        ("2026-08-07", 60, "2026-09-04", "2026-09-05"),
        ("2026-08-07", 59.9, "2026-08-21", "2026-08-22"),
        ("2026-08-07", 59, "2026-08-21", "2026-08-22"),
        ("2026-08-07", 30, "2026-08-21", "2026-08-22"),
        ("2026-01-31", 60, "2026-02-28", "2026-03-01"),
        ("2024-02-01", 60, "2024-02-29", "2024-03-01"),
        ("2024-02-15", 59, "2024-02-29", "2024-03-01"),
        ("2026-10-25", 59, "2026-11-08", "2026-11-09"),  # over the day the clocks change
    ],
)
def test_28_days_to_the_placement_or_14_below_60(
    accepted_on: str, fvc: float | None, due_on: str, opens: str
) -> None:
    facts = life(_fvc(accepted_on, fvc), _accepted(accepted_on), enrolled_on=accepted_on)

    work = due(facts, "PEG-PLACE", accepted_on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert work.severity is (Severity.CRITICAL if fvc and fvc < 60 else Severity.URGENT)
    assert alerts(facts, "PEG-PLACE", opens) == [("", opens, None)]


@pytest.mark.parametrize("fvc", [29.9, 29])
def test_below_30_the_plan_is_reviewed_instead(fvc: float) -> None:
    facts = life(_accepted("2026-08-07"), _fvc("2026-08-10", fvc))

    assert alerts(facts, "PEG-PLACE", "2026-12-31") == []
    assert silenced(facts, "PEG-PLACE", "2026-08-10") == Silenced("PEG-PLACE", "", CloseReason.NOT_APPLICABLE)
    assert due(facts, "PEG-FVC30", "2026-08-10") is not None


@pytest.mark.parametrize(
    ("placed_on", "expected"),
    [
        ("2026-09-04", []),
        ("2026-09-05", []),
        ("2026-09-06", [("", "2026-09-05", "2026-09-06")]),
    ],
)
@pytest.mark.parametrize("kind", ["gastrostomy_placed", "gastrostomy_cancelled"])
def test_placed_or_cancelled_on_day_28_is_on_time(kind: str, placed_on: str, expected: list[object]) -> None:
    facts = life(_accepted("2026-08-07"), event(kind, placed_on))

    assert alerts(facts, "PEG-PLACE", "2026-12-31") == expected
    assert silenced(facts, "PEG-PLACE", "2026-12-31") is None


@pytest.mark.parametrize(
    ("measured_on", "opens"),
    [
        ("2026-08-15", "2026-08-22"),
        ("2026-08-22", "2026-08-22"),
        ("2026-08-28", "2026-08-28"),
        ("2026-09-10", "2026-09-05"),
    ],
)
def test_an_fvc_below_60_shortens_the_window_from_the_day_it_is_known(measured_on: str, opens: str) -> None:
    facts = life(_accepted("2026-08-07"), _fvc(measured_on, 59))

    assert alerts(facts, "PEG-PLACE", "2026-12-31") == [("", opens, None)]


def test_a_better_fvc_gives_the_full_window_back() -> None:
    facts = life(_accepted("2026-08-07"), _fvc("2026-08-10", 59), _fvc("2026-08-25", 60))

    assert alerts(facts, "PEG-PLACE", "2026-12-31") == [
        ("", "2026-08-22", "2026-08-25"),
        ("", "2026-09-05", None),
    ]


def test_an_fvc_that_was_not_possible_keeps_the_last_measured() -> None:
    facts = life(_fvc("2026-07-01", 59), _accepted("2026-08-07"), _fvc("2026-08-10", None))

    assert alerts(facts, "PEG-PLACE", "2026-12-31") == [("", "2026-08-22", None)]


def test_what_it_says() -> None:
    work = due(life(_fvc("2026-08-01", 60, "f"), _accepted("2026-08-07", "a")), "PEG-PLACE", "2026-08-07")

    assert work is not None
    assert (work.owner, work.informed, work.rises) == ("gastroenterology", (), ())
    assert (work.severity, work.anchor, work.evidence) == (Severity.URGENT, "a", ("a",))
    assert str(work.reason) == "Gastrostomy accepted 7 Aug 2026 + 28 days."
    assert [str(step) for step in work.steps] == [
        "Gastrostomy accepted: 7 Aug 2026",
        "+ 28 days",
        "Due: 4 Sep 2026",
        "Overdue from: 5 Sep 2026",
    ]


def test_what_it_says_of_a_short_window() -> None:
    work = due(life(_fvc("2026-08-01", 59, "f"), _accepted("2026-08-07", "a")), "PEG-PLACE", "2026-08-07")

    assert work is not None
    assert (work.severity, work.anchor, work.evidence) == (Severity.CRITICAL, "a", ("a", "f"))
    assert str(work.reason) == "Gastrostomy accepted 7 Aug 2026 + 14 days."


def test_without_a_pending_acceptance_there_is_nothing_to_place() -> None:
    undecided = life(event("gastrostomy_decision", "2026-08-07", decision="undecided"))

    assert due(undecided, "PEG-PLACE", "2026-08-07") is None
    assert silenced(undecided, "PEG-PLACE", "2026-08-07") is None


@pytest.mark.parametrize(
    ("decline", "closes"),
    [
        (event("decline", "2026-09-10", topic="gastrostomy"), "2026-09-10"),
        (event("decline", "2026-09-10", topic="niv"), None),
        (event("deferral", "2026-09-10", topic="gastrostomy", until="2026-10-10"), None),
    ],
)
def test_a_decline_of_gastrostomy_ends_the_acceptance(decline: Raw, closes: str | None) -> None:
    facts = life(_accepted("2026-08-07"), decline)

    assert alerts(facts, "PEG-PLACE", "2027-03-31") == [("", "2026-09-05", closes)]


def test_an_acceptance_after_all_counts_anew() -> None:
    facts = life(
        _accepted("2026-08-07"),
        event("gastrostomy_cancelled", "2026-08-20"),
        _accepted("2026-08-20", "again"),
    )

    work = due(facts, "PEG-PLACE", "2026-08-20")

    assert work is not None
    assert (work.anchor, work.overdue_on) == ("again", day("2026-09-18"))


def test_an_acceptance_recorded_twice_does_not_move_the_date() -> None:
    facts = life(_accepted("2026-08-07"), _accepted("2026-08-20"))

    assert alerts(facts, "PEG-PLACE", "2026-12-31") == [("", "2026-09-05", None)]


@pytest.mark.parametrize(("placed_on", "ends"), [("2026-08-06", False), ("2026-08-07", True)])
def test_one_placed_on_the_day_of_the_acceptance_ends_it_in_whatever_order(
    placed_on: str, ends: bool
) -> None:
    placed_first = life(event("gastrostomy_placed", placed_on), _accepted("2026-08-07"))
    accepted_first = life(_accepted("2026-08-07"), event("gastrostomy_placed", placed_on))

    for facts in (placed_first, accepted_first):
        assert (due(facts, "PEG-PLACE", "2026-08-07") is None) is ends
