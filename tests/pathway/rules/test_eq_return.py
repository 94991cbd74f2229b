"""EQ-RETURN: what was lent to somebody who died goes on a list."""

from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _lent(id_: str = "chair", on: str = "2026-03-02", **data: Any) -> Raw:
    return event("loaner_provided", on, event_id=id_, id="W1", **data)


def _died(on: str = "2026-06-10") -> Raw:
    return event("status_change", on, event_id="died", status="deceased")


@pytest.mark.parametrize(
    ("died_on", "listed_on"),
    [("2026-06-10", "2026-07-26"), ("2026-01-15", "2026-03-02"), ("2024-01-15", "2024-03-01")],
)
def test_45_days_after_the_death_nothing_is_said_and_then_it_is(died_on: str, listed_on: str) -> None:
    facts = life(_lent(on="2024-01-10"), _died(died_on), enrolled_on="2024-01-01")

    assert alerts(facts, "EQ-RETURN", "2026-12-31") == [("chair", listed_on, None)]


@pytest.mark.parametrize("returned", [None, "", "some day"])
def test_only_what_is_not_back(returned: object) -> None:
    facts = life(
        _lent("back", returned_on="2026-06-30"), _lent("out", returned_on=returned), _lent("cane"), _died()
    )

    assert [subject for subject, _on, _until in alerts(facts, "EQ-RETURN", "2026-12-31")] == ["cane", "out"]


@pytest.mark.parametrize("status", ["active", "hospice", "discharged"])
def test_the_living_have_theirs(status: str) -> None:
    facts = life(_lent(), event("status_change", "2026-06-10", status=status))

    assert alerts(facts, "EQ-RETURN", "2027-12-31") == []
    assert silenced(facts, "EQ-RETURN", "2026-06-10", "chair") == Silenced(
        "EQ-RETURN", "chair", CloseReason.STATUS_CHANGE
    )


def test_a_chart_nobody_changed_the_status_of_says_nothing() -> None:
    assert silenced(life(_lent()), "EQ-RETURN", "2026-06-10", "chair") is None


def test_a_death_recorded_in_error_takes_it_off_the_list() -> None:
    void = event("void", "2026-08-01", ref="died")

    assert alerts(life(_lent(), _died(), void), "EQ-RETURN", "2026-12-31") == [
        ("chair", "2026-07-26", "2026-08-01")
    ]


def test_what_it_says() -> None:
    work = due(life(_lent(), _died()), "EQ-RETURN", "2026-06-10", "chair")

    assert work is not None
    assert (work.owner, work.informed, work.severity) == ("social_work", (), Severity.ATTENTION)
    assert (work.due_on, work.overdue_on) == (day("2026-07-25"), day("2026-07-26"))
    assert (work.anchor, work.evidence) == ("died", ("died", "chair"))
    assert (str(work.title), str(work.reason)) == ("Loan to come back", "Died 10 Jun 2026 + 45 days.")
