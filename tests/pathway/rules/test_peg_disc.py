from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

TOPIC = "gastrostomy"


def _screen(on: str, positive: bool = True, event_id: str | None = None) -> Raw:
    return event("swallow_screen", on, event_id=event_id, positive=positive)


def _study(on: str, abnormal: bool = True, event_id: str | None = None) -> Raw:
    return event("vfss", on, event_id=event_id, abnormal=abnormal)


def _weight(on: str, kg: float | None, event_id: str | None = None) -> Raw:
    return event("nutrition_review", on, event_id=event_id, weight_kg=kg)


def _fvc(on: str, pct: float | None) -> Raw:
    return event("resp_assessment", on, fvc_pct=pct)


def _accepted(on: str, decision: str = "accepted") -> Raw:
    return event("gastrostomy_decision", on, decision=decision)


# --- reasons -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "due_on", "opens"),
    [
        ("2026-02-02", "2026-03-02", "2026-03-03"),
        ("2026-01-31", "2026-02-28", "2026-03-01"),
        ("2024-02-01", "2024-02-29", "2024-03-01"),
        ("2024-01-31", "2024-02-28", "2024-02-29"),
        ("2026-02-20", "2026-03-20", "2026-03-21"),  # over the days the clocks change
        ("2026-10-20", "2026-11-17", "2026-11-18"),
    ],
)
@pytest.mark.parametrize("finding", [_screen, _study])
def test_a_decision_within_28_days_of_a_finding(finding: Any, on: str, due_on: str, opens: str) -> None:
    facts = life(finding(on), enrolled_on=on)

    work = due(facts, "PEG-DISC", on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "PEG-DISC", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("baseline", "kg", "asks"),
    [
        (80, 76.08, False),  # 4.9 %
        (80, 76.001, False),
        (80, 76.0, True),  # 5.0 %
        (80, 75.999, True),
        (80, 72.0, True),  # 10 %
        (80, 84.0, False),
        (70.3, 66.786, False),
        (70.3, 66.785, True),  # 5 % of 70.3 kg is 3.515 kg
        (66.6, 63.27, True),
        (66.6, 63.271, False),
    ],
)
def test_a_weight_loss_of_five_per_cent_of_the_recorded_baseline(
    baseline: float, kg: float, asks: bool
) -> None:
    facts = life(_weight("2026-07-10", kg), baseline_weight_kg=baseline)

    assert alerts(facts, "PEG-DISC", "2026-12-31") == ([("", "2026-08-08", None)] if asks else [])


@pytest.mark.parametrize(("kg", "asks"), [(76.08, False), (76.0, True)])
def test_without_a_recorded_baseline_the_first_weight_is_it(kg: float, asks: bool) -> None:
    facts = life(_weight("2026-01-10", None), _weight("2026-02-10", 80), _weight("2026-07-10", kg))

    assert alerts(facts, "PEG-DISC", "2026-12-31") == ([("", "2026-08-08", None)] if asks else [])


@pytest.mark.parametrize(
    ("events", "anchor", "what"),
    [
        ([_screen("2026-03-01", event_id="a"), _study("2026-03-02")], "a", "Positive swallow screen"),
        ([_screen("2026-03-02"), _study("2026-03-01", event_id="a")], "a", "Abnormal swallow study"),
        (
            [_screen("2026-03-02"), _weight("2026-03-01", 76, "a"), _study("2026-03-03")],
            "a",
            "Weight loss reached the limit",
        ),
        (
            [_weight("2026-02-01", 79), _weight("2026-03-01", 76, "a"), _weight("2026-03-05", 70)],
            "a",
            "Weight loss reached the limit",
        ),
        (
            [_screen("2026-02-01", False), _screen("2026-03-01", event_id="a"), _screen("2026-03-04")],
            "a",
            "Positive swallow screen",
        ),
        ([_study("2026-02-01", False), _study("2026-03-01", event_id="a")], "a", "Abnormal swallow study"),
    ],
)
def test_the_first_reason_counts(events: list[Raw], anchor: str, what: str) -> None:
    facts = life(*events, baseline_weight_kg=80)

    work = due(facts, "PEG-DISC", "2026-03-10")

    assert work is not None
    assert (work.anchor, work.evidence, work.due_on) == (anchor, (anchor,), day("2026-03-29"))
    assert str(work.reason) == f"{what} 1 Mar 2026 + 28 days."


def test_what_it_says() -> None:
    work = due(life(_screen("2026-02-02", event_id="s")), "PEG-DISC", "2026-02-02")

    assert work is not None
    assert (work.owner, work.informed) == ("gastroenterology", ())
    assert (work.severity, work.rises) == (Severity.URGENT, ())
    assert [str(step) for step in work.steps] == [
        "Positive swallow screen: 2 Feb 2026",
        "+ 28 days",
        "Due: 2 Mar 2026",
        "Overdue from: 3 Mar 2026",
    ]


def test_without_a_reason_it_is_not_asked_for() -> None:
    assert silenced(life(), "PEG-DISC", "2026-02-02") == Silenced("PEG-DISC", "", CloseReason.NOT_APPLICABLE)


def test_later_normal_findings_do_not_clear_a_reason() -> None:
    facts = life(
        _screen("2026-02-02"), _screen("2026-02-10", False), _weight("2026-02-12", 90), baseline_weight_kg=80
    )

    assert alerts(facts, "PEG-DISC", "2026-12-31") == [("", "2026-03-03", None)]


# --- the measured FVC ----------------------------------------------------------


@pytest.mark.parametrize(
    ("measured", "asks"),
    [([30], True), ([29.9], False), ([29], False), ([29, 30], True), ([29, None], False)],
)
def test_not_asked_while_the_measured_fvc_is_below_30(measured: list[float | None], asks: bool) -> None:
    assessments = [_fvc(f"2026-01-1{n}", pct) for n, pct in enumerate(measured)]
    facts = life(*assessments, _screen("2026-02-02"))

    assert alerts(facts, "PEG-DISC", "2026-12-31") == ([("", "2026-03-03", None)] if asks else [])
    quiet = silenced(facts, "PEG-DISC", "2026-02-02")
    assert quiet == (None if asks else Silenced("PEG-DISC", "", CloseReason.NOT_APPLICABLE))


# --- decisions -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-01-20", []),
        ("2026-03-02", []),
        ("2026-03-03", []),
        ("2026-03-04", [("", "2026-03-03", "2026-03-04")]),
    ],
)
@pytest.mark.parametrize("kind", ["gastrostomy_decision", "gastrostomy_placed"])
def test_accepted_or_placed_on_day_28_is_on_time(kind: str, on: str, expected: list[object]) -> None:
    facts = life(_screen("2026-02-02"), event(kind, on, decision="accepted"))

    assert alerts(facts, "PEG-DISC", "2026-12-31") == expected
    assert silenced(facts, "PEG-DISC", "2026-12-31") is None


@pytest.mark.parametrize("decision", ["undecided", "declined", ""])
def test_another_answer_is_no_acceptance(decision: str) -> None:
    facts = life(_screen("2026-02-02"), _accepted("2026-02-20", decision))

    assert alerts(facts, "PEG-DISC", "2026-12-31") == [("", "2026-03-03", None)]


def test_one_placed_before_any_reason_is_enough() -> None:
    facts = life(event("gastrostomy_placed", "2026-01-10"), _screen("2026-02-02"))

    assert alerts(facts, "PEG-DISC", "2026-12-31") == []


def test_a_cancellation_starts_the_days_anew() -> None:
    facts = life(
        _screen("2026-02-02", event_id="s"),
        _accepted("2026-02-20"),
        event("gastrostomy_cancelled", "2026-03-20", event_id="c"),
    )

    work = due(facts, "PEG-DISC", "2026-03-20")

    assert work is not None
    assert (work.anchor, work.evidence) == ("c", ("c", "s"))
    assert str(work.reason) == "Gastrostomy cancelled 20 Mar 2026 + 28 days."
    assert alerts(facts, "PEG-DISC", "2026-12-31") == [("", "2026-04-18", None)]


def test_a_repeated_cancellation_does_not_move_the_date_a_later_one_does() -> None:
    facts = life(
        _screen("2026-02-02"),
        _accepted("2026-02-20"),
        event("gastrostomy_cancelled", "2026-03-20"),
        event("gastrostomy_cancelled", "2026-03-27"),
    )
    again = life(*_as_raw(facts), _accepted("2026-04-01"), event("gastrostomy_cancelled", "2026-05-04"))

    assert alerts(facts, "PEG-DISC", "2026-12-31") == [("", "2026-04-18", None)]
    assert alerts(again, "PEG-DISC", "2026-12-31") == [("", "2026-06-02", None)]


def _as_raw(facts: Any) -> list[Raw]:
    return [event(each.kind, each.on.isoformat(), **each.data) for each in facts.events]


@pytest.mark.parametrize(
    ("cancelled_on", "anchor"), [("2026-02-01", "s"), ("2026-02-02", "c"), ("2026-02-03", "c")]
)
def test_a_cancellation_before_the_reason_refreshes_nothing(cancelled_on: str, anchor: str) -> None:
    facts = life(
        event("gastrostomy_cancelled", cancelled_on, event_id="c"), _screen("2026-02-02", event_id="s")
    )

    work = due(facts, "PEG-DISC", "2026-02-05")

    assert work is not None
    assert work.anchor == anchor


# --- material change -----------------------------------------------------------


@pytest.mark.parametrize(
    ("kg", "opens"),
    [
        (72.001, "2026-05-10"),  # offered again on its day
        (72.0, "2026-04-18"),  # a loss of a tenth: 28 days from then
    ],
)
def test_a_tenth_of_the_weight_ends_a_decline_with_a_fresh_window(kg: float, opens: str) -> None:
    facts = life(
        _screen("2026-02-02"),
        event("decline", "2026-02-10", topic=TOPIC),
        _weight("2026-03-20", kg, "change"),
        baseline_weight_kg=80,
    )

    assert alerts(facts, "PEG-DISC", "2026-12-31") == [("", opens, None)]


def test_a_decline_does_not_end_where_a_tenth_was_lost_already() -> None:
    facts = life(
        _screen("2026-02-02"),
        _weight("2026-02-05", 72.0),
        event("decline", "2026-02-10", topic=TOPIC),
        _weight("2026-03-20", 68.0),
        baseline_weight_kg=80,
    )

    assert alerts(facts, "PEG-DISC", "2026-12-31") == [("", "2026-05-10", None)]


def test_a_permanent_decline_outlasts_any_loss() -> None:
    facts = life(
        _screen("2026-02-02"),
        event("decline", "2026-02-10", topic=TOPIC, permanent=True),
        _weight("2026-03-20", 60.0),
        baseline_weight_kg=80,
    )

    assert alerts(facts, "PEG-DISC", "2027-12-31") == []


# --- pregnancy -----------------------------------------------------------------


def _pregnancy(on: str, pregnant: object = True) -> Raw:
    return event("pregnancy", on, pregnant=pregnant)


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ([], True),
        ([_pregnancy("2026-05-01")], False),
        ([_pregnancy("2026-07-20")], False),
        ([_pregnancy("2026-05-01", False)], True),
        ([_pregnancy("2026-05-01"), _pregnancy("2026-06-01", False)], False),
        ([_pregnancy("2026-05-01"), event("weight_trigger_on", "2026-06-01")], True),
        ([event("weight_trigger_on", "2026-05-01"), _pregnancy("2026-06-01")], False),
        ([_pregnancy("2026-06-01"), event("weight_trigger_on", "2026-06-01")], True),
        ([event("weight_trigger_on", "2026-06-01"), _pregnancy("2026-06-01")], False),
    ],
)
def test_a_pregnancy_switches_the_weight_off_until_the_dietitian_turns_it_on(
    said: list[Raw], asks: bool
) -> None:
    facts = life(_weight("2026-07-10", 76.0), *said, baseline_weight_kg=80)

    assert alerts(facts, "PEG-DISC", "2026-12-31") == ([("", "2026-08-08", None)] if asks else [])


def test_in_pregnancy_swallowing_is_still_a_reason() -> None:
    facts = life(
        _pregnancy("2026-05-01"),
        _weight("2026-06-01", 70.0),
        _screen("2026-07-10"),
        baseline_weight_kg=80,
    )

    assert alerts(facts, "PEG-DISC", "2026-12-31") == [("", "2026-08-08", None)]


def test_turned_on_again_the_first_loss_counts_from_its_own_date() -> None:
    facts = life(
        _pregnancy("2026-05-01"),
        _weight("2026-06-01", 76.0),
        event("weight_trigger_on", "2026-09-01"),
        baseline_weight_kg=80,
    )

    assert alerts(facts, "PEG-DISC", "2026-12-31") == [("", "2026-09-01", None)]
