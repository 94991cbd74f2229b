import pytest

from pathway.due import CloseReason, Severity, Silenced
from pathway.engine import evaluate
from pathway.settings import ClinicSettings, RuleSetting
from tests.pathway.build import Raw, alerts, chart, day, due, event, life, silenced


def _start(on: str, event_id: str | None = None) -> Raw:
    return event("niv_start", on, event_id=event_id, backup_rate=True)


def _review(on: str) -> Raw:
    return event("niv_adherence_review", on, hours_per_day=5.5)


@pytest.mark.parametrize(
    ("started_on", "due_on", "opens"),
    [
        ("2026-07-08", "2026-10-06", "2026-10-07"),
        ("2025-12-01", "2026-03-01", "2026-03-02"),
        ("2023-12-01", "2024-02-29", "2024-03-01"),  # a leap day is a day like any other
        ("2026-01-10", "2026-04-10", "2026-04-11"),  # over the days the clocks change
        ("2026-09-15", "2026-12-14", "2026-12-15"),
    ],
)
def test_due_90_days_after_the_start(started_on: str, due_on: str, opens: str) -> None:
    facts = life(_start(started_on), enrolled_on=started_on)

    work = due(facts, "NIV-ADH", started_on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "NIV-ADH", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("reviewed_on", "expected"),
    [
        ("2026-09-06", [("", "2026-10-07", None)]),  # day 60
        ("2026-09-07", []),  # day 61
        ("2026-10-06", []),  # day 90
        ("2026-10-07", []),
        ("2026-10-08", [("", "2026-10-07", "2026-10-08")]),
    ],
)
def test_a_review_counts_from_day_61(reviewed_on: str, expected: list[object]) -> None:
    facts = life(_start("2026-07-08"), _review(reviewed_on))

    assert alerts(facts, "NIV-ADH", "2026-12-31") == expected


def test_what_it_says() -> None:
    work = due(life(_start("2026-07-08", "s")), "NIV-ADH", "2026-07-08")

    assert work is not None
    assert (work.owner, work.informed, work.severity, work.rises) == ("pulmonology", (), Severity.URGENT, ())
    assert (work.anchor, work.evidence) == ("s", ("s",))
    assert str(work.reason) == "NIV started 8 Jul 2026 + 90 days."
    assert [str(step) for step in work.steps] == [
        "NIV started: 8 Jul 2026",
        "+ 90 days",
        "Due: 6 Oct 2026",
        "Overdue from: 7 Oct 2026",
    ]


def test_the_end_of_niv_closes_it() -> None:
    facts = life(_start("2026-03-02"), event("niv_stop", "2026-06-10"))

    assert alerts(facts, "NIV-ADH", "2026-12-31") == [("", "2026-06-01", "2026-06-10")]
    assert silenced(facts, "NIV-ADH", "2026-06-10") == Silenced("NIV-ADH", "", CloseReason.NOT_APPLICABLE)


def test_met_is_not_the_same_as_not_applicable() -> None:
    facts = life(_start("2026-03-02"), _review("2026-05-10"))

    assert due(facts, "NIV-ADH", "2026-05-10") is None
    assert silenced(facts, "NIV-ADH", "2026-05-10") is None


def test_a_start_recorded_twice_does_not_move_the_date() -> None:
    facts = life(_start("2026-03-02"), _start("2026-04-20"))

    assert alerts(facts, "NIV-ADH", "2026-12-31") == [("", "2026-06-01", None)]


def test_a_new_use_of_niv_asks_for_a_review_of_its_own() -> None:
    facts = life(
        _start("2026-01-05"),
        _review("2026-03-20"),
        event("niv_stop", "2026-04-01"),
        _start("2026-05-04"),
    )

    assert alerts(facts, "NIV-ADH", "2026-12-31") == [("", "2026-08-03", None)]


@pytest.mark.parametrize(("reviewed_on", "counts"), [("2026-07-07", False), ("2026-07-08", True)])
def test_a_clinic_outside_medicare_counts_any_review_since_the_start(reviewed_on: str, counts: bool) -> None:
    settings = ClinicSettings.of({"NIV-ADH": RuleSetting(parameters={"earliest_day": 0})})
    facts = life(_start("2026-07-08"), _review(reviewed_on))

    found = evaluate(chart(facts, "2026-07-08"), settings, only={"NIV-ADH"}).due

    assert (not found) is counts
