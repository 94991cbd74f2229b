"""DMT-12M: disease-modifying drugs are discussed at least once a year."""

from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _visit(on: str, **data: Any) -> Raw:
    return event("clinic_visit", on, **data)


@pytest.mark.parametrize(
    ("discussed_on", "opens"),
    [
        ("2026-03-10", "2027-03-11"),
        ("2026-02-28", "2027-03-01"),
        ("2027-02-28", "2028-02-29"),
        ("2024-02-29", "2025-03-01"),
    ],
)
def test_a_year_after_it_was_ticked_last(discussed_on: str, opens: str) -> None:
    facts = life(_visit(discussed_on, drug_discussed=True), enrolled_on="2024-02-01")

    work = due(facts, "DMT-12M", discussed_on)

    assert work is not None
    assert (work.overdue_on, str(work.steps[0]).partition(":")[0]) == (day(opens), "Drug last discussed")


@pytest.mark.parametrize(("as_of", "overdue"), [("2027-01-01", False), ("2027-01-02", True)])
def test_a_year_after_joining_when_it_never_was(as_of: str, overdue: bool) -> None:
    assert alerts(life(), "DMT-12M", as_of) == ([("", "2027-01-02", None)] if overdue else [])


def test_it_says_that_it_counts_from_joining() -> None:
    work = due(life(), "DMT-12M", "2026-01-01")

    assert work is not None
    assert (work.anchor, work.evidence) == ("", ())
    assert str(work.reason) == "Joined 1 Jan 2026 + 12 months."


@pytest.mark.parametrize("ticked", [False, None, "yes", 1])
def test_a_visit_without_the_tick_does_not_answer_it(ticked: object) -> None:
    visits = (_visit("2026-06-01", drug_discussed=ticked), _visit("2026-09-01"))

    assert alerts(life(*visits), "DMT-12M", "2027-12-31") == [("", "2027-01-02", None)]


def test_a_later_visit_without_the_tick_does_not_take_it_back() -> None:
    facts = life(_visit("2026-06-01", drug_discussed=True), _visit("2026-09-01"))

    assert alerts(facts, "DMT-12M", "2027-06-01") == []
    assert alerts(facts, "DMT-12M", "2027-06-02") == [("", "2027-06-02", None)]


def test_the_tick_closes_it() -> None:
    facts = life(_visit("2027-01-10", drug_discussed=True))

    assert alerts(facts, "DMT-12M", "2027-12-31") == [("", "2027-01-02", "2027-01-10")]


def test_what_it_says() -> None:
    visit = event("clinic_visit", "2026-03-10", event_id="visit", drug_discussed=True)

    work = due(life(visit), "DMT-12M", "2026-03-10")

    assert work is not None
    assert (work.owner, work.informed, work.severity, work.rises) == ("neurology", (), Severity.ATTENTION, ())
    assert (work.due_on, work.overdue_on) == (day("2027-03-10"), day("2027-03-11"))
    assert (work.anchor, work.evidence) == ("visit", ("visit",))
    assert str(work.reason) == "Drug last discussed 10 Mar 2026 + 12 months."


def test_it_rests_in_hospice() -> None:
    facts = life(event("status_change", "2026-05-01", status="hospice"))

    assert silenced(facts, "DMT-12M", "2026-05-01") == Silenced("DMT-12M", "", CloseReason.STATUS_CHANGE)
