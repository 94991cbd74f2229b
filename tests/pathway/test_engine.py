"""What the engine adds to a rule: status, choices, grace, enrolment, the ladder and the sum."""

from typing import Any

import pytest

from pathway.catalogue import PatientStatus
from pathway.chart import Common
from pathway.due import CloseReason, Severity, Silenced
from pathway.engine import evaluate
from pathway.registry import rules
from tests.pathway.build import Raw, alerts, chart, day, due, event, life, silenced

REVIEW = event("nutrition_review", "2026-01-10", event_id="review", weight_kg=80)
"""Due 10 April, overdue from 11 April, urgent from 24 April."""


def _status(on: str, status: str, event_id: str | None = None, recorded_on: str | None = None) -> Raw:
    return event("status_change", on, event_id=event_id, recorded_on=recorded_on, status=status)


def _decline(on: str, **data: Any) -> Raw:
    return event("decline", on, event_id="decline", topic="nutrition_review", **data)


def _defer(on: str, until: str) -> Raw:
    return event("deferral", on, event_id="deferral", topic="nutrition_review", until=until)


# --- status ------------------------------------------------------------------


@pytest.mark.parametrize("status", ["hospice", "discharged", "deceased"])
def test_nutrition_and_referral_rest_outside_active(status: str) -> None:
    facts = life(REVIEW, _status("2026-03-01", status))

    quiet = evaluate(chart(facts, "2026-03-01"))

    assert not {"NUTR-3M", "PALL-REF"} & {work.rule for work in quiet.due}
    assert [each for each in quiet.silenced if each.rule in {"NUTR-3M", "PALL-REF"}] == [
        Silenced("NUTR-3M", "", CloseReason.STATUS_CHANGE),
        Silenced("PALL-REF", "", CloseReason.STATUS_CHANGE),
    ]


def test_hospice_keeps_comfort_safety_and_equipment_rules() -> None:
    assert {code for code, rule in rules().items() if PatientStatus.HOSPICE in rule.statuses} == {
        "EOL-TALK",
        "EQ-AGE",
        "EQ-STAGE",
        "RIL-HEP",
        "SIAL-STEP",
    }


@pytest.mark.parametrize(
    ("status", "goes_on"), [("active", True), ("hospice", True), ("discharged", False), ("deceased", False)]
)
def test_equipment_goes_on_in_hospice(status: str, goes_on: bool) -> None:
    asked = event("equipment_request", "2026-02-01", id="Q", item="walker")
    facts = life(asked, _status("2026-02-02", status))

    for rule in ("EQ-STAGE", "EQ-AGE"):
        assert (due(facts, rule, "2026-02-02", "Q") is not None) is goes_on
        silence = silenced(facts, rule, "2026-02-02", "Q")
        assert silence == (None if goes_on else Silenced(rule, "Q", CloseReason.STATUS_CHANGE))


def test_a_death_closes_on_the_day_it_is_recorded() -> None:
    facts = life(REVIEW, _status("2026-04-05", "deceased", recorded_on="2026-04-20"))

    assert alerts(facts, "NUTR-3M", "2026-12-31") == [("", "2026-04-11", "2026-04-20")]


def test_a_death_recorded_in_error_and_voided_opens_a_new_alert_that_day() -> None:
    facts = life(REVIEW, _status("2026-04-15", "deceased", "wrong"), event("void", "2026-04-20", ref="wrong"))

    assert alerts(facts, "NUTR-3M", "2026-12-31") == [
        ("", "2026-04-11", "2026-04-15"),
        ("", "2026-04-20", None),
    ]


# --- grace after a return ----------------------------------------------------


@pytest.mark.parametrize("before", ["hospice", "discharged", "deceased"])
def test_a_return_gives_fourteen_days(before: str) -> None:
    facts = life(REVIEW, _status("2026-03-01", before), _status("2026-06-01", "active", "back"))

    work = due(facts, "NUTR-3M", "2026-06-01")

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day("2026-04-10"), day("2026-06-16"))
    assert work.evidence == ("review", "back")
    assert alerts(facts, "NUTR-3M", "2026-06-15") == []
    assert alerts(facts, "NUTR-3M", "2026-06-16") == [("", "2026-06-16", None)]


def test_grace_does_not_shorten_a_window_still_running() -> None:
    facts = life(REVIEW, _status("2026-02-01", "discharged"), _status("2026-04-01", "active"))

    work = due(facts, "NUTR-3M", "2026-04-01")

    assert work is not None
    assert work.overdue_on == day("2026-04-16")

    facts = life(REVIEW, _status("2026-02-01", "discharged"), _status("2026-03-01", "active"))
    work = due(facts, "NUTR-3M", "2026-04-01")
    assert work is not None
    assert (work.overdue_on, work.evidence) == (day("2026-04-11"), ("review",))


def test_grace_counts_from_the_date_of_the_return_however_late_it_is_recorded() -> None:
    facts = life(
        REVIEW, _status("2026-03-01", "discharged"), _status("2026-06-01", "active", recorded_on="2026-06-10")
    )

    assert alerts(facts, "NUTR-3M", "2026-12-31") == [("", "2026-06-16", None)]


def test_a_rule_that_went_on_in_hospice_gets_no_grace() -> None:
    asked = event("equipment_request", "2026-02-20", id="Q", item="walker")
    facts = life(asked, _status("2026-02-21", "hospice"), _status("2026-02-22", "active"))

    work = due(facts, "EQ-STAGE", "2026-02-22", "Q")

    assert work is not None
    assert work.overdue_on == day("2026-02-24")


def test_grace_runs_on_into_a_later_hospice_election() -> None:
    asked = event("equipment_request", "2026-02-20", id="Q", item="walker")
    facts = life(
        asked,
        _status("2026-02-21", "discharged"),
        _status("2026-03-10", "active"),
        _status("2026-03-12", "hospice"),
    )

    assert alerts(facts, "EQ-STAGE", "2026-12-31") == [("Q", "2026-03-25", None)]


def test_a_return_to_hospice_gives_no_grace() -> None:
    asked = event("equipment_request", "2026-02-20", id="Q", item="walker")
    facts = life(asked, _status("2026-02-21", "discharged"), _status("2026-03-10", "hospice"))

    assert alerts(facts, "EQ-STAGE", "2026-12-31") == [("Q", "2026-03-10", None)]


def test_the_days_of_grace_are_a_setting() -> None:
    facts = life(REVIEW, _status("2026-03-01", "discharged"), _status("2026-06-01", "active"))

    found = evaluate(chart(facts, "2026-06-01", Common(reentry_grace_days=3))).due

    assert found[0].overdue_on == day("2026-06-05")


# --- declines ----------------------------------------------------------------


def test_a_decline_silences_with_its_reason_and_the_day_of_the_next_offer() -> None:
    facts = life(REVIEW, _decline("2026-04-20"))

    assert due(facts, "NUTR-3M", "2026-04-20") is None
    assert silenced(facts, "NUTR-3M", "2026-04-20") == Silenced(
        "NUTR-3M", "", CloseReason.DECLINED, day("2026-07-20")
    )


def test_a_permanent_decline_silences_without_end() -> None:
    facts = life(REVIEW, _decline("2026-04-20", permanent=True))

    assert silenced(facts, "NUTR-3M", "2026-04-20") == Silenced("NUTR-3M", "", CloseReason.DECLINED, None)
    assert alerts(facts, "NUTR-3M", "2029-01-01") == [("", "2026-04-11", "2026-04-20")]


def test_on_its_day_the_work_is_offered_again_at_attention() -> None:
    facts = life(REVIEW, _decline("2026-04-01"))

    work = due(facts, "NUTR-3M", "2026-07-01")

    assert work is not None
    assert (work.due_on, work.overdue_on, work.offer_again) == (day("2026-07-01"), day("2026-07-01"), True)
    assert (work.severity, work.rises) == (Severity.ATTENTION, ())
    assert work.evidence == ("review", "decline")
    assert str(work.reason) == "Declined 1 Apr 2026, to be offered again from 1 Jul 2026."
    assert [str(step) for step in work.steps] == [
        "Last nutrition review: 10 Jan 2026",
        "+ 3 months",
        "Due: 10 Apr 2026",
        "Declined: 1 Apr 2026",
        "Offer again: 1 Jul 2026",
        "Overdue from: 1 Jul 2026",
    ]


@pytest.mark.parametrize(
    ("reoffer_on", "opens", "again"),
    [
        ("2026-04-09", "2026-04-11", False),
        ("2026-04-10", "2026-04-11", False),
        ("2026-04-11", "2026-04-11", True),
        ("2026-04-12", "2026-04-12", True),
    ],
)
def test_an_offer_is_made_again_only_when_the_window_had_passed_before(
    reoffer_on: str, opens: str, again: bool
) -> None:
    facts = life(REVIEW, _decline("2026-02-01", reoffer_on=reoffer_on))

    work = due(facts, "NUTR-3M", reoffer_on)

    assert work is not None
    assert (work.overdue_on, work.offer_again) == (day(opens), again)
    assert alerts(facts, "NUTR-3M", "2026-12-31") == [("", opens, None)]


def test_work_done_after_an_offer_made_again_is_ordinary_again() -> None:
    facts = life(REVIEW, _decline("2026-04-01"), event("nutrition_review", "2026-07-05", weight_kg=78))

    work = due(facts, "NUTR-3M", "2026-07-05")

    assert work is not None
    assert (work.due_on, work.offer_again) == (day("2026-10-05"), False)


def test_a_decline_whose_offer_is_not_after_it_silences_nothing() -> None:
    facts = life(REVIEW, _decline("2026-05-01", reoffer_on="2026-05-01"))

    assert alerts(facts, "NUTR-3M", "2026-12-31") == [("", "2026-04-11", None)]
    work = due(facts, "NUTR-3M", "2026-05-01")
    assert work is not None
    assert work.offer_again is False


def test_after_a_withdrawal_a_rule_that_counts_from_the_last_review_is_judged_at_once() -> None:
    withdrawal = event("withdraw_decline", "2026-05-01", topic="nutrition_review")
    facts = life(REVIEW, _decline("2026-04-01"), withdrawal)

    work = due(facts, "NUTR-3M", "2026-05-01")

    assert work is not None
    assert (work.due_on, work.overdue_on, work.offer_again) == (day("2026-04-10"), day("2026-05-01"), False)
    assert work.severity is Severity.URGENT
    assert alerts(facts, "NUTR-3M", "2026-12-31") == [("", "2026-05-01", None)]


def test_another_topic_silences_nothing() -> None:
    facts = life(REVIEW, event("decline", "2026-02-01", topic="vfss"))

    assert alerts(facts, "NUTR-3M", "2026-12-31") == [("", "2026-04-11", None)]


def test_equipment_cannot_be_declined() -> None:
    asked = event("equipment_request", "2026-02-01", id="Q", item="walker")
    facts = life(
        asked, event("decline", "2026-02-01", topic=""), event("decline", "2026-02-01", topic="EQ-AGE")
    )

    assert due(facts, "EQ-AGE", "2026-02-02", "Q") is not None


# --- deferrals ---------------------------------------------------------------


def test_a_deferral_silences_as_deferred_and_restarts_the_clock() -> None:
    facts = life(REVIEW, _defer("2026-04-01", until="2026-06-01"))

    assert silenced(facts, "NUTR-3M", "2026-05-31") == Silenced(
        "NUTR-3M", "", CloseReason.DEFERRED, day("2026-06-01")
    )
    work = due(facts, "NUTR-3M", "2026-06-01")
    assert work is not None
    assert (work.due_on, work.overdue_on, work.offer_again) == (day("2026-06-01"), day("2026-06-01"), False)
    assert (work.severity, work.rises) == (
        Severity.ATTENTION,
        ((day("2026-06-15"), Severity.URGENT),),
    )
    assert str(work.reason) == "Last review 10 Jan 2026 + 3 months."
    assert [str(step) for step in work.steps][-3:] == [
        "Deferred: 1 Apr 2026",
        "Deferred until: 1 Jun 2026",
        "Overdue from: 1 Jun 2026",
    ]


def test_a_deferral_that_ends_before_the_work_is_due_changes_nothing() -> None:
    facts = life(REVIEW, _defer("2026-02-01", until="2026-03-01"))

    assert due(facts, "NUTR-3M", "2026-03-01") == due(life(REVIEW), "NUTR-3M", "2026-03-01")


def test_a_deferral_ended_early_is_judged_at_once() -> None:
    facts = life(
        REVIEW,
        _defer("2026-04-01", until="2026-06-01"),
        event("withdraw_deferral", "2026-05-01", topic="nutrition_review"),
    )

    assert alerts(facts, "NUTR-3M", "2026-12-31") == [("", "2026-05-01", None)]


def test_declined_and_deferred_at_once_counts_as_declined_until_both_are_over() -> None:
    facts = life(REVIEW, _decline("2026-04-01"), _defer("2026-04-02", until="2026-08-01"))

    assert silenced(facts, "NUTR-3M", "2026-05-01") == Silenced(
        "NUTR-3M", "", CloseReason.DECLINED, day("2026-08-01")
    )
    assert silenced(facts, "NUTR-3M", "2026-07-01") == Silenced(
        "NUTR-3M", "", CloseReason.DEFERRED, day("2026-08-01")
    )
    work = due(facts, "NUTR-3M", "2026-08-01")
    assert work is not None
    assert (work.due_on, work.overdue_on, work.offer_again) == (day("2026-08-01"), day("2026-08-01"), True)


# --- enrolment, ladder, settings ---------------------------------------------


def test_nothing_is_overdue_before_the_person_joined() -> None:
    facts = life(REVIEW, enrolled_on="2026-09-01")

    work = due(facts, "NUTR-3M", "2026-09-01")

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day("2026-04-10"), day("2026-09-01"))
    assert alerts(facts, "NUTR-3M", "2026-12-31") == [("", "2026-09-01", None)]


@pytest.mark.parametrize(
    ("back_on", "severity", "rises"),
    [
        ("2026-04-08", Severity.ATTENTION, [("2026-04-24", Severity.URGENT)]),
        ("2026-04-09", Severity.URGENT, []),
    ],
)
def test_severity_is_that_of_the_first_overdue_day(
    back_on: str, severity: Severity, rises: list[tuple[str, Severity]]
) -> None:
    facts = life(REVIEW, _status("2026-03-01", "discharged"), _status(back_on, "active"))

    work = due(facts, "NUTR-3M", back_on)

    assert work is not None
    assert (work.severity, list(work.rises)) == (severity, [(day(on), to) for on, to in rises])
