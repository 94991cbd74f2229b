from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from pathway.registry import rules
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

TOPIC = "palliative"


def _sent(on: str, discipline: str = "palliative_care", id_: str = "R") -> Raw:
    return event("referral", on, event_id=f"sent {id_}", id=id_, discipline=discipline)


def _update(on: str, status: str, event_id: str | None = None, id_: str = "R", **data: Any) -> Raw:
    return event("referral_update", on, event_id=event_id, id=id_, status=status, **data)


def _decline(on: str, **data: Any) -> Raw:
    return event("decline", on, topic=TOPIC, **data)


@pytest.mark.parametrize(
    ("enrolled_on", "diagnosed_on", "opens", "reason"),
    [
        ("2026-01-20", "2026-01-06", "2026-02-20", "Joined 20 Jan 2026 + 30 days."),
        ("2026-01-20", "2026-01-20", "2026-02-20", "Joined 20 Jan 2026 + 30 days."),
        ("2026-01-20", "2026-01-21", "2026-02-21", "Diagnosed 21 Jan 2026 + 30 days."),
        ("2026-01-20", None, "2026-02-20", "Joined 20 Jan 2026 + 30 days."),
        ("2024-01-30", None, "2024-03-01", "Joined 30 Jan 2024 + 30 days."),
    ],
)
def test_counts_from_the_later_of_diagnosis_and_joining(
    enrolled_on: str, diagnosed_on: str | None, opens: str, reason: str
) -> None:
    facts = life(enrolled_on=enrolled_on, diagnosis_date=diagnosed_on)

    work = due(facts, "PALL-REF", enrolled_on)

    assert work is not None
    assert (work.overdue_on, work.anchor, str(work.reason)) == (day(opens), "", reason)
    assert (work.owner, work.informed) == ("social_work", ("palliative_care",))
    assert alerts(facts, "PALL-REF", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("sent_on", "expected"),
    [
        ("2025-06-01", []),
        ("2026-01-31", []),
        ("2026-02-01", []),
        ("2026-02-02", [("", "2026-02-01", "2026-02-02")]),
    ],
)
def test_a_referral_of_any_date_meets_it(sent_on: str, expected: list[object]) -> None:
    assert alerts(life(_sent(sent_on)), "PALL-REF", "2026-12-31") == expected


def test_a_referral_elsewhere_does_not_meet_it() -> None:
    facts = life(_sent("2026-01-05", "gastroenterology"), _update("2026-03-01", "cancelled"))

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-02-01", None)]


@pytest.mark.parametrize("status", ["seen", "scheduled"])
def test_a_referral_that_moves_still_meets_it(status: str) -> None:
    facts = life(_sent("2026-01-05"), _update("2026-01-10", status, appointment_on="2026-02-20"))

    assert due(facts, "PALL-REF", "2026-12-31") is None
    assert silenced(facts, "PALL-REF", "2026-12-31") is None


def test_a_cancellation_starts_the_window_again() -> None:
    facts = life(_sent("2026-01-05"), _update("2026-04-06", "cancelled", "c"))

    work = due(facts, "PALL-REF", "2026-04-06")

    assert work is not None
    assert (work.due_on, work.anchor, work.evidence) == (day("2026-05-06"), "c", ("c",))
    assert str(work.reason) == "Referral cancelled 6 Apr 2026 + 30 days."
    assert [str(step) for step in work.steps] == [
        "Referral cancelled: 6 Apr 2026",
        "+ 30 days",
        "Due: 6 May 2026",
        "Overdue from: 7 May 2026",
    ]
    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-05-07", None)]


def test_a_repeated_cancellation_does_not_move_the_date() -> None:
    facts = life(
        _sent("2026-01-05"),
        _update("2026-04-06", "cancelled"),
        _update("2026-04-20", "scheduled"),
        _update("2026-05-04", "cancelled"),
    )

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-05-07", None)]


def test_the_latest_cancellation_among_referrals_counts() -> None:
    facts = life(
        _sent("2026-01-05", id_="R"),
        _sent("2026-01-06", id_="S"),
        _update("2026-04-06", "cancelled"),
        _update("2026-03-01", "cancelled", id_="S"),
    )

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-05-07", None)]


def test_one_referral_left_standing_is_enough() -> None:
    facts = life(
        _sent("2026-01-05", id_="R"), _sent("2026-01-06", id_="S"), _update("2026-04-06", "cancelled")
    )

    assert alerts(facts, "PALL-REF", "2026-12-31") == []


def test_a_cancellation_voided_is_no_cancellation() -> None:
    facts = life(
        _sent("2026-01-05"),
        _update("2026-04-06", "cancelled", "c"),
        event("void", "2026-06-01", ref="c"),
    )

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-05-07", "2026-06-01")]


def test_what_hangs_on_a_voided_referral_is_ignored() -> None:
    facts = life(
        _sent("2026-01-05"), _update("2026-04-06", "cancelled"), event("void", "2026-04-10", ref="sent R")
    )

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-04-10", None)]


@pytest.mark.parametrize(
    ("onset", "events", "severity", "reason"),
    [
        ("lower_limb", [], Severity.URGENT, "Joined 1 Jan 2026 + 30 days."),
        ("bulbar", [], Severity.CRITICAL, "Joined 1 Jan 2026 + 30 days. Bulbar onset."),
        (
            "lower_limb",
            [event("bulbar_status", "2026-01-05", event_id="b", impaired=True)],
            Severity.CRITICAL,
            "Joined 1 Jan 2026 + 30 days. Bulbar signs.",
        ),
    ],
)
def test_bulbar_impairment_makes_it_critical(
    onset: str, events: list[Raw], severity: Severity, reason: str
) -> None:
    work = due(life(*events, onset_region=onset), "PALL-REF", "2026-01-10")

    assert work is not None
    assert (work.severity, str(work.reason)) == (severity, reason)
    assert work.evidence == tuple(raw["id"] for raw in events)


def test_a_decline_closes_it_until_it_is_offered_again_at_attention() -> None:
    facts = life(_decline("2026-02-10"), onset_region="bulbar")

    assert silenced(facts, "PALL-REF", "2026-02-10") == Silenced(
        "PALL-REF", "", CloseReason.DECLINED, day("2026-05-10")
    )
    assert alerts(facts, "PALL-REF", "2026-12-31") == [
        ("", "2026-02-01", "2026-02-10"),
        ("", "2026-05-10", None),
    ]
    work = due(facts, "PALL-REF", "2026-05-10")
    assert work is not None
    assert (work.offer_again, work.due_on, work.severity) == (True, day("2026-05-10"), Severity.ATTENTION)


@pytest.mark.parametrize(
    ("data", "opens"),
    [({"reoffer_on": "2026-07-01"}, "2026-07-01"), ({"reoffer_on": "2026-02-20"}, "2026-02-20")],
)
def test_the_clinic_may_set_the_day(data: dict[str, Any], opens: str) -> None:
    facts = life(_decline("2026-01-15", **data))

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", opens, None)]


def test_a_withdrawal_gives_a_fresh_full_window() -> None:
    facts = life(
        _decline("2026-01-15", permanent=True),
        event("withdraw_decline", "2026-06-01", event_id="w", topic=TOPIC),
    )

    work = due(facts, "PALL-REF", "2026-06-01")

    assert work is not None
    assert (work.due_on, work.anchor, work.offer_again) == (day("2026-07-01"), "w", False)
    assert str(work.reason) == "New answer 1 Jun 2026 + 30 days."
    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-07-02", None)]


def test_a_withdrawal_after_the_offer_was_due_again_gives_no_fresh_window() -> None:
    facts = life(
        _decline("2026-01-15", reoffer_on="2026-03-01"), event("withdraw_decline", "2026-03-01", topic=TOPIC)
    )

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-03-01", None)]


def test_the_latest_decline_governs() -> None:
    facts = life(_decline("2026-01-15", permanent=True), _decline("2026-02-10", reoffer_on="2026-03-01"))

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-03-01", None)]


def test_a_fresh_window_from_an_earlier_decline_still_counts_after_a_later_one() -> None:
    facts = life(
        _decline("2026-01-15"),
        event("withdraw_decline", "2026-02-10", topic=TOPIC),
        _decline("2026-02-20", reoffer_on="2026-03-01"),
    )

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-03-13", None)]


def test_a_deferral_puts_it_off_and_is_not_worded_as_a_decline() -> None:
    facts = life(event("deferral", "2026-01-15", topic=TOPIC, until="2026-04-01", reason="travelling"))

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-04-01", None)]
    work = due(facts, "PALL-REF", "2026-04-01")
    assert work is not None
    assert (work.offer_again, work.severity) == (False, Severity.URGENT)


def test_ending_a_deferral_early_gives_a_fresh_window() -> None:
    facts = life(
        event("deferral", "2026-01-15", topic=TOPIC, until="2026-09-01"),
        event("withdraw_deferral", "2026-04-01", topic=TOPIC),
    )

    assert alerts(facts, "PALL-REF", "2026-12-31") == [("", "2026-05-02", None)]


def test_its_words_say_which_update_counts() -> None:
    assert "or after the latest update of one that was cancelled." in str(rules()["PALL-REF"].in_words())
