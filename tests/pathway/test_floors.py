"""The sum in words where something holds work back: joining, a return, a choice that ended."""

from typing import Any

import pytest

from pathway.chart import Common
from pathway.due import CloseReason, Severity, Silenced
from pathway.engine import evaluate
from pathway.settings import ClinicSettings, RuleSetting
from tests.pathway.build import Raw, alerts, chart, day, due, event, life, silenced

REVIEW = event("nutrition_review", "2026-01-10", event_id="review", weight_kg=80)
"""Due 10 April, overdue from 11 April, urgent from 24 April."""


def _status(on: str, status: str, event_id: str | None = None) -> Raw:
    return event("status_change", on, event_id=event_id, status=status)


def _held(facts: Any, on: str) -> list[str]:
    """What the sum says between "Due" and "Overdue from"."""
    work = due(facts, "NUTR-3M", on)
    assert work is not None
    steps = [str(step) for step in work.steps]
    assert steps[:3] == ["Last nutrition review: 10 Jan 2026", "+ 3 months", "Due: 10 Apr 2026"]
    assert steps[-1] == f"Overdue from: {work.overdue_on.day} {work.overdue_on:%b %Y}"
    return steps[3:-1]


@pytest.mark.parametrize(
    ("joined_on", "held"),
    [
        ("2026-04-10", []),
        ("2026-04-11", []),
        ("2026-04-12", ["Joined: 12 Apr 2026"]),
        ("2026-09-01", ["Joined: 1 Sep 2026"]),
    ],
)
def test_joining_later_holds_work_back(joined_on: str, held: list[str]) -> None:
    facts = life(REVIEW, enrolled_on=joined_on)

    assert _held(facts, joined_on) == held
    assert alerts(facts, "NUTR-3M", "2026-12-31") == [("", max(joined_on, "2026-04-11"), None)]


@pytest.mark.parametrize(
    ("back_on", "held"),
    [
        ("2026-03-26", []),
        ("2026-03-27", []),  # its grace ends with the window itself
        ("2026-03-28", ["Back in care: 28 Mar 2026", "14 days’ grace"]),
        ("2026-06-01", ["Back in care: 1 Jun 2026", "14 days’ grace"]),
    ],
)
def test_a_return_holds_work_back(back_on: str, held: list[str]) -> None:
    facts = life(REVIEW, _status("2026-02-01", "hospice"), _status(back_on, "active", "back"))

    work = due(facts, "NUTR-3M", back_on)

    assert _held(facts, back_on) == held
    assert work is not None
    assert work.evidence == (("review", "back") if held else ("review",))


def test_the_clinics_days_of_grace_are_named() -> None:
    facts = life(REVIEW, _status("2026-02-01", "hospice"), _status("2026-06-01", "active"))

    (work,) = evaluate(chart(facts, "2026-06-01", Common(reentry_grace_days=3)), only={"NUTR-3M"}).due

    assert "3 days’ grace" in map(str, work.steps)
    assert work.overdue_on == day("2026-06-05")


def test_a_decline_that_ran_out_is_named() -> None:
    facts = life(REVIEW, event("decline", "2026-04-01", topic="nutrition_review"))

    assert _held(facts, "2026-07-01") == ["Declined: 1 Apr 2026", "Offer again: 1 Jul 2026"]


def test_a_decline_that_was_withdrawn_is_named() -> None:
    facts = life(
        REVIEW,
        event("decline", "2026-04-01", event_id="d", topic="nutrition_review"),
        event("withdraw_decline", "2026-05-01", topic="nutrition_review"),
    )

    work = due(facts, "NUTR-3M", "2026-05-01")

    assert _held(facts, "2026-05-01") == ["Declined: 1 Apr 2026", "No longer declined: 1 May 2026"]
    assert work is not None
    assert (work.due_on, work.evidence) == (day("2026-04-10"), ("review", "d"))


def test_a_deferral_that_ran_out_is_named() -> None:
    facts = life(REVIEW, event("deferral", "2026-04-01", topic="nutrition_review", until="2026-06-01"))

    assert _held(facts, "2026-06-01") == ["Deferred: 1 Apr 2026", "Deferred until: 1 Jun 2026"]


def test_a_deferral_that_ended_early_is_named() -> None:
    facts = life(
        REVIEW,
        event("deferral", "2026-04-01", topic="nutrition_review", until="2026-06-01"),
        event("withdraw_deferral", "2026-05-01", topic="nutrition_review"),
    )

    assert _held(facts, "2026-05-01") == ["Deferred: 1 Apr 2026", "No longer deferred: 1 May 2026"]


def test_only_the_last_to_end_is_named() -> None:
    facts = life(
        REVIEW,
        event("decline", "2026-04-01", topic="nutrition_review", reoffer_on="2026-05-01"),
        event("deferral", "2026-04-02", event_id="later", topic="nutrition_review", until="2026-06-01"),
        enrolled_on="2026-04-12",
    )

    held = _held(facts, "2026-06-01")

    assert "Joined: 12 Apr 2026" not in held
    assert held[-2:] == ["Deferred: 2 Apr 2026", "Deferred until: 1 Jun 2026"]


def test_work_that_is_not_asked_for_is_named_with_its_subject() -> None:
    facts = life(event("sialorrhea", "2026-02-01", present=False))

    assert silenced(facts, "SIAL-STEP", "2026-02-01", "step2") == Silenced(
        "SIAL-STEP", "step2", CloseReason.NOT_APPLICABLE
    )


def test_one_day_of_grace_is_named() -> None:
    asked = event("equipment_request", "2026-02-20", id="Q", item="walker")
    facts = life(asked, _status("2026-02-20", "discharged"), _status("2026-02-21", "active"))

    (work,) = evaluate(chart(facts, "2026-02-21", Common(reentry_grace_days=3)), only={"EQ-STAGE"}).due

    assert (work.overdue_on, work.severity) == (day("2026-02-25"), Severity.URGENT)
    assert "Back in care: 21 Feb 2026" in map(str, work.steps)


@pytest.mark.parametrize(
    ("status", "subject"), [("hospice", "step1"), ("hospice", "step2"), ("deceased", "step1")]
)
def test_rest_comes_before_everything_else(status: str, subject: str) -> None:
    facts = life(_status("2026-02-01", status))

    why = CloseReason.NOT_APPLICABLE if status == "hospice" else CloseReason.STATUS_CHANGE
    assert silenced(facts, "SIAL-STEP", "2026-02-01", subject) == Silenced("SIAL-STEP", subject, why)


def test_a_return_after_the_persons_own_request_was_overdue_leaves_it_critical() -> None:
    facts = life(
        event("eol_trigger", "2026-06-01", reason="distress"),
        event("eol_trigger", "2026-06-12", reason="patient_request"),
        _status("2026-06-13", "discharged"),
        _status("2026-06-20", "active"),
    )

    work = due(facts, "EOL-TALK", "2026-06-20")

    assert work is not None
    assert (work.overdue_on, work.severity, work.rises) == (day("2026-07-05"), Severity.CRITICAL, ())


@pytest.mark.parametrize(("grace", "said"), [(0, []), (1, ["1 day’s grace"]), (2, ["2 days’ grace"])])
def test_grace_is_named_where_there_is_any(grace: int, said: list[str]) -> None:
    settings = ClinicSettings.of({"NUTR-3M": RuleSetting(parameters={"grace_days": grace})})

    (work,) = evaluate(chart(life(REVIEW), "2026-02-01"), settings, only={"NUTR-3M"}).due

    assert [str(step) for step in work.steps[3:-1]] == said
    assert work.overdue_on == day(f"2026-04-{11 + grace}")
