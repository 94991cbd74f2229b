import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

TOPIC = "swallow_screen"


def _status(on: str, impaired: object = True, event_id: str | None = None) -> Raw:
    return event("bulbar_status", on, event_id=event_id, impaired=impaired)


def _screen(on: str, positive: object = False, event_id: str | None = None) -> Raw:
    return event("swallow_screen", on, event_id=event_id, positive=positive)


# --- the first -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("joined_on", "due_on", "opens"),
    [
        ("2026-01-01", "2026-01-08", "2026-01-09"),
        ("2026-02-21", "2026-02-28", "2026-03-01"),
        ("2024-02-22", "2024-02-29", "2024-03-01"),
        ("2026-03-05", "2026-03-12", "2026-03-13"),  # over the days the clocks change
        ("2026-10-29", "2026-11-05", "2026-11-06"),
    ],
)
def test_with_bulbar_onset_due_seven_days_after_joining(joined_on: str, due_on: str, opens: str) -> None:
    facts = life(enrolled_on=joined_on, onset_region="bulbar")

    work = due(facts, "SWAL-SCREEN", joined_on)

    assert work is not None
    assert (work.due_on, work.overdue_on, work.severity) == (day(due_on), day(opens), Severity.CRITICAL)
    assert alerts(facts, "SWAL-SCREEN", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("found_on", "due_on", "opens"),
    [
        ("2026-04-01", "2026-04-08", "2026-04-09"),
        ("2026-02-21", "2026-02-28", "2026-03-01"),
    ],
)
def test_else_seven_days_after_bulbar_signs_were_first_found(found_on: str, due_on: str, opens: str) -> None:
    facts = life(_status(found_on))

    work = due(facts, "SWAL-SCREEN", found_on)

    assert work is not None
    assert (work.due_on, work.overdue_on, work.severity) == (day(due_on), day(opens), Severity.CRITICAL)
    assert alerts(facts, "SWAL-SCREEN", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("screened_on", "expected"),
    [
        ("2026-04-08", []),
        ("2026-04-09", []),
        ("2026-04-10", [("", "2026-04-09", "2026-04-10")]),
    ],
)
def test_a_screen_on_day_seven_is_on_time(screened_on: str, expected: list[object]) -> None:
    facts = life(_status("2026-04-01"), _screen(screened_on))

    assert alerts(facts, "SWAL-SCREEN", "2026-07-08") == expected


@pytest.mark.parametrize(
    ("screened_on", "opens"),
    [("2026-03-31", "2026-04-09"), ("2026-04-01", "2026-07-02")],
)
def test_a_screen_before_the_first_signs_does_not_count(screened_on: str, opens: str) -> None:
    facts = life(_screen(screened_on), _status("2026-04-01"))

    assert alerts(facts, "SWAL-SCREEN", "2026-12-31") == [("", opens, None)]


@pytest.mark.parametrize(
    ("screened_on", "opens"),
    [("2025-12-31", "2026-01-09"), ("2026-01-01", "2026-04-02")],
)
def test_with_bulbar_onset_a_screen_before_joining_does_not_count(screened_on: str, opens: str) -> None:
    facts = life(_screen(screened_on), onset_region="bulbar")

    assert alerts(facts, "SWAL-SCREEN", "2026-12-31") == [("", opens, None)]


@pytest.mark.parametrize("positive", [None, "no"])
def test_a_screen_without_its_result_does_not_count(positive: object) -> None:
    facts = life(_status("2026-04-01"), _screen("2026-04-02", positive))

    assert alerts(facts, "SWAL-SCREEN", "2026-12-31") == [("", "2026-04-09", None)]


def test_what_it_says_of_bulbar_onset() -> None:
    work = due(life(onset_region="bulbar"), "SWAL-SCREEN", "2026-01-01")

    assert work is not None
    assert (work.owner, work.informed, work.rises) == ("speech_language_pathology", (), ())
    assert (work.anchor, work.evidence) == ("", ())
    assert str(work.reason) == "Joined with bulbar onset 1 Jan 2026 + 7 days."
    assert [str(step) for step in work.steps] == [
        "Joined with bulbar onset: 1 Jan 2026",
        "+ 7 days",
        "Due: 8 Jan 2026",
        "Overdue from: 9 Jan 2026",
    ]


def test_what_it_says_of_bulbar_signs() -> None:
    facts = life(_status("2026-04-01", event_id="first"), _status("2026-04-05", event_id="second"))

    work = due(facts, "SWAL-SCREEN", "2026-04-05")

    assert work is not None
    assert (work.anchor, work.evidence, work.overdue_on) == ("first", ("first",), day("2026-04-09"))
    assert str(work.reason) == "Bulbar signs first found 1 Apr 2026 + 7 days."


# --- suspected -----------------------------------------------------------------


@pytest.mark.parametrize("impaired", [False, None, "yes"])
def test_without_a_suspicion_it_is_not_asked_for(impaired: object) -> None:
    facts = life(_status("2026-04-01", impaired))

    assert due(facts, "SWAL-SCREEN", "2026-04-01") is None
    assert silenced(facts, "SWAL-SCREEN", "2026-04-01") == Silenced(
        "SWAL-SCREEN", "", CloseReason.NOT_APPLICABLE
    )


def test_the_latest_status_says_whether_and_the_first_impaired_one_since_when() -> None:
    facts = life(
        _status("2026-03-01", False),
        _status("2026-04-01"),
        _status("2026-05-01", False),
        _status("2026-06-01"),
    )

    assert alerts(facts, "SWAL-SCREEN", "2026-12-31") == [
        ("", "2026-04-09", "2026-05-01"),
        ("", "2026-06-01", None),
    ]


def test_a_status_nobody_answered_is_passed_over() -> None:
    facts = life(_status("2026-04-01"), _status("2026-04-03", None))

    assert alerts(facts, "SWAL-SCREEN", "2026-12-31") == [("", "2026-04-09", None)]


def test_bulbar_onset_stays_a_suspicion_whatever_the_status() -> None:
    facts = life(_status("2026-01-03", False), onset_region="bulbar")

    assert alerts(facts, "SWAL-SCREEN", "2026-12-31") == [("", "2026-01-09", None)]


def test_a_positive_screen_alone_is_no_suspicion() -> None:
    assert alerts(life(_screen("2026-02-01", True)), "SWAL-SCREEN", "2026-12-31") == []


# --- repeated ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "due_on", "opens"),
    [
        ("2025-11-30", "2026-02-28", "2026-03-01"),
        ("2023-11-30", "2024-02-29", "2024-03-01"),
        ("2026-01-31", "2026-04-30", "2026-05-01"),
        ("2025-12-08", "2026-03-08", "2026-03-09"),
        ("2026-08-01", "2026-11-01", "2026-11-02"),
    ],
)
def test_repeated_every_three_months_without_grace(last: str, due_on: str, opens: str) -> None:
    facts = life(_screen(last), enrolled_on=last, onset_region="bulbar")

    work = due(facts, "SWAL-SCREEN", last)

    assert work is not None
    assert (work.due_on, work.overdue_on, work.severity) == (day(due_on), day(opens), Severity.URGENT)
    assert alerts(facts, "SWAL-SCREEN", opens) == [("", opens, None)]


def test_what_it_says_of_the_last_screen() -> None:
    facts = life(_status("2026-02-01"), _screen("2026-02-02"), _screen("2026-03-11", True, "last"))

    work = due(facts, "SWAL-SCREEN", "2026-03-11")

    assert work is not None
    assert (work.anchor, work.evidence) == ("last", ("last",))
    assert str(work.reason) == "Last swallow screen 11 Mar 2026 + 3 months."
    assert [str(step) for step in work.steps] == [
        "Last swallow screen: 11 Mar 2026",
        "+ 3 months",
        "Due: 11 Jun 2026",
        "Overdue from: 12 Jun 2026",
    ]


# --- a withdrawn decline ---------------------------------------------------------


def _withdrawn(on: str) -> tuple[Raw, Raw]:
    return (
        event("decline", "2026-02-10", topic=TOPIC, permanent=True),
        event("withdraw_decline", on, event_id="w", topic=TOPIC),
    )


@pytest.mark.parametrize(
    ("withdrawn_on", "opens", "named"),
    [
        ("2026-03-31", "2026-04-09", False),
        ("2026-04-01", "2026-04-09", False),
        ("2026-04-02", "2026-04-10", True),
        ("2026-06-01", "2026-06-09", True),
    ],
)
def test_a_withdrawal_gives_seven_days_and_leaves_earlier_screens(
    withdrawn_on: str, opens: str, named: bool
) -> None:
    facts = life(_status("2026-01-05"), _screen("2026-01-08", event_id="s"), *_withdrawn(withdrawn_on))

    work = due(facts, "SWAL-SCREEN", withdrawn_on)

    assert work is not None
    anchor = "w" if named else "s"
    assert (work.overdue_on, work.severity, work.anchor) == (day(opens), Severity.URGENT, anchor)
    assert ("New answer" in {step.text for step in work.steps}) is named
    assert str(work.reason).startswith("New answer ") is named
    assert alerts(facts, "SWAL-SCREEN", "2026-12-31") == [("", opens, None)]


def test_what_it_says_after_a_withdrawal() -> None:
    facts = life(_status("2026-02-01", event_id="found"), *_withdrawn("2026-06-01"))

    work = due(facts, "SWAL-SCREEN", "2026-06-01")

    assert work is not None
    assert (work.due_on, work.overdue_on, work.severity) == (
        day("2026-06-08"),
        day("2026-06-09"),
        Severity.CRITICAL,
    )
    assert (work.anchor, work.evidence[:2]) == ("w", ("w", "found"))
    assert str(work.reason) == "New answer 1 Jun 2026 + 7 days."
    assert [str(step) for step in work.steps] == [
        "New answer: 1 Jun 2026",
        "+ 7 days",
        "Due: 8 Jun 2026",
        "Overdue from: 9 Jun 2026",
    ]


def test_a_screen_after_the_withdrawal_counts_three_months_again() -> None:
    facts = life(_status("2026-02-01"), *_withdrawn("2026-06-01"), _screen("2026-06-05"))

    work = due(facts, "SWAL-SCREEN", "2026-06-05")

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day("2026-09-05"), day("2026-09-06"))
