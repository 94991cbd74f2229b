import pytest

from pathway.due import Severity
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _screen(on: str, positive: object = True, event_id: str | None = None) -> Raw:
    return event("swallow_screen", on, event_id=event_id, positive=positive)


def _study(on: str, abnormal: object = False) -> Raw:
    return event("vfss", on, abnormal=abnormal)


@pytest.mark.parametrize(
    ("screened_on", "due_on", "opens"),
    [
        ("2026-06-01", "2026-06-15", "2026-06-16"),
        ("2026-02-14", "2026-02-28", "2026-03-01"),
        ("2024-02-15", "2024-02-29", "2024-03-01"),
        ("2026-03-01", "2026-03-15", "2026-03-16"),  # over the days the clocks change
        ("2026-10-25", "2026-11-08", "2026-11-09"),
    ],
)
def test_a_study_within_fourteen_days(screened_on: str, due_on: str, opens: str) -> None:
    facts = life(_screen(screened_on), enrolled_on=screened_on)

    work = due(facts, "SWAL-VFSS", screened_on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "SWAL-VFSS", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("studied_on", "expected"),
    [
        ("2026-06-15", []),
        ("2026-06-16", []),
        ("2026-06-17", [("", "2026-06-16", "2026-06-17")]),
    ],
)
@pytest.mark.parametrize("abnormal", [True, False])
def test_a_study_on_day_14_is_on_time_whatever_it_showed(
    abnormal: bool, studied_on: str, expected: list[object]
) -> None:
    facts = life(_screen("2026-06-01"), _study(studied_on, abnormal))

    assert alerts(facts, "SWAL-VFSS", "2026-12-31") == expected


@pytest.mark.parametrize(
    ("studied_on", "screened_on", "counts"),
    [
        ("2026-01-01", "2026-06-30", True),  # 180 days before
        ("2026-01-01", "2026-07-01", False),
        ("2024-01-01", "2024-06-29", True),  # with a leap day between
        ("2024-01-01", "2024-06-30", False),
        ("2026-05-20", "2026-11-16", True),
        ("2026-05-20", "2026-11-17", False),
    ],
)
def test_a_study_in_the_180_days_before_answers_it(studied_on: str, screened_on: str, counts: bool) -> None:
    facts = life(_study(studied_on), _screen(screened_on), enrolled_on=studied_on)

    assert (alerts(facts, "SWAL-VFSS", "2027-12-31") == []) is counts
    assert silenced(facts, "SWAL-VFSS", screened_on) is None


def test_what_it_says() -> None:
    work = due(life(_screen("2026-06-01", event_id="s")), "SWAL-VFSS", "2026-06-01")

    assert work is not None
    assert (work.owner, work.informed, work.severity, work.rises) == (
        "speech_language_pathology",
        (),
        Severity.URGENT,
        (),
    )
    assert (work.anchor, work.evidence) == ("s", ("s",))
    assert str(work.reason) == "Positive swallow screen 1 Jun 2026 + 14 days."
    assert [str(step) for step in work.steps] == [
        "Positive swallow screen: 1 Jun 2026",
        "+ 14 days",
        "Due: 15 Jun 2026",
        "Overdue from: 16 Jun 2026",
    ]


@pytest.mark.parametrize("positive", [False, None, "yes"])
def test_only_a_positive_screen_asks(positive: object) -> None:
    assert alerts(life(_screen("2026-06-01", positive)), "SWAL-VFSS", "2026-12-31") == []


def test_a_later_negative_screen_does_not_clear_it() -> None:
    facts = life(_screen("2026-06-01"), _screen("2026-06-10", False))

    assert alerts(facts, "SWAL-VFSS", "2026-12-31") == [("", "2026-06-16", None)]


def test_the_first_positive_screen_without_a_study_counts() -> None:
    facts = life(_screen("2026-06-01", event_id="first"), _screen("2026-06-10"))

    work = due(facts, "SWAL-VFSS", "2026-06-10")

    assert work is not None
    assert (work.anchor, work.overdue_on) == ("first", day("2026-06-16"))


def test_a_screen_that_was_answered_is_passed_over() -> None:
    facts = life(
        _screen("2026-01-10"),
        _study("2026-01-20"),
        _screen("2026-07-19", event_id="answered"),
        _screen("2026-07-20", event_id="new"),
    )

    work = due(facts, "SWAL-VFSS", "2026-07-20")

    assert work is not None
    assert (work.anchor, work.overdue_on) == ("new", day("2026-08-04"))


@pytest.mark.parametrize("abnormal", [None, "no"])
def test_a_study_without_its_result_does_not_count(abnormal: object) -> None:
    facts = life(_screen("2026-06-01"), _study("2026-06-10", abnormal))

    assert alerts(facts, "SWAL-VFSS", "2026-12-31") == [("", "2026-06-16", None)]


def test_the_latest_study_is_compared() -> None:
    facts = life(_study("2025-06-01"), _study("2026-04-01"), _screen("2026-06-01"), enrolled_on="2025-06-01")

    assert alerts(facts, "SWAL-VFSS", "2026-12-31") == []


def test_a_fresh_window_keeps_the_screen_as_evidence() -> None:
    facts = life(
        _screen("2026-06-01", event_id="s"),
        event("decline", "2026-06-02", topic="vfss", permanent=True),
        event("withdraw_decline", "2026-07-01", event_id="w", topic="vfss"),
    )

    work = due(facts, "SWAL-VFSS", "2026-07-01")

    assert work is not None
    assert (work.anchor, work.evidence[:2], work.due_on) == ("w", ("w", "s"), day("2026-07-15"))
