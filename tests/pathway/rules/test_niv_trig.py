from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

ATTENTION, URGENT, CRITICAL = Severity


def _assessment(on: str, fvc: object = None, event_id: str | None = None, **data: Any) -> Raw:
    return event("resp_assessment", on, event_id=event_id, fvc_pct=fvc, **data)


def _request(on: str, id_: str = "B", item: str = "bpap") -> Raw:
    return event("equipment_request", on, event_id=f"asked {id_}", id=id_, item=item)


def _cancelled(on: str, id_: str = "B") -> Raw:
    return event("equipment_status", on, event_id=f"cancelled {id_} {on}", id=id_, status="cancelled")


@pytest.mark.parametrize(
    ("data", "severity", "because"),
    [
        ({"fvc": 80, "symptoms": True}, None, ""),
        ({"fvc": 79.9, "symptoms": True}, URGENT, "FVC below the limit, with symptoms"),
        ({"fvc": 79, "symptoms": True}, URGENT, "FVC below the limit, with symptoms"),
        ({"fvc": 79, "symptoms": False}, None, ""),
        ({"fvc": 79}, None, ""),
        ({"fvc": 79, "symptoms": "yes"}, None, ""),
        ({"fvc": 50, "symptoms": False}, None, ""),
        ({"fvc": 50, "symptoms": True}, URGENT, "FVC below the limit, with symptoms"),
        ({"fvc": 49.9, "symptoms": False}, CRITICAL, "FVC below the limit"),
        ({"fvc": 49}, CRITICAL, "FVC below the limit"),
        ({"fvc": 49, "symptoms": True}, CRITICAL, "FVC below the limit"),
        ({"fvc": 95, "sdb": True}, CRITICAL, "Sleep-disordered breathing"),
        ({"fvc": 95, "sdb": False}, None, ""),
        ({"fvc": 95, "sdb": "yes"}, None, ""),
        ({"fvc": None, "sdb": True}, CRITICAL, "Sleep-disordered breathing"),
        ({"fvc": None, "symptoms": True}, None, ""),
        ({"fvc": "49", "symptoms": True}, None, ""),
        ({"fvc": 79, "symptoms": True, "sdb": True}, CRITICAL, "FVC below the limit, with symptoms"),
    ],
)
def test_the_criteria(data: dict[str, Any], severity: Severity | None, because: str) -> None:
    facts = life(_assessment("2026-06-10", event_id="a", **data))

    work = due(facts, "NIV-TRIG", "2026-06-10")

    assert (work.severity if work else None) == severity
    assert alerts(facts, "NIV-TRIG", "2026-12-31") == ([("", "2026-06-25", None)] if severity else [])
    if work:
        assert (str(work.reason), work.evidence) == (f"{because} 10 Jun 2026 + 14 days.", ("a",))


@pytest.mark.parametrize(
    ("on", "due_on", "opens"),
    [
        ("2026-06-10", "2026-06-24", "2026-06-25"),
        ("2026-02-14", "2026-02-28", "2026-03-01"),
        ("2024-02-15", "2024-02-29", "2024-03-01"),
        ("2026-03-01", "2026-03-15", "2026-03-16"),  # over the days the clocks change
        ("2026-10-25", "2026-11-08", "2026-11-09"),
        ("2026-12-20", "2027-01-03", "2027-01-04"),
    ],
)
def test_fourteen_days_to_an_arrangement(on: str, due_on: str, opens: str) -> None:
    facts = life(_assessment(on, 49), enrolled_on=on)

    work = due(facts, "NIV-TRIG", on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "NIV-TRIG", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("arranged_on", "expected"),
    [
        ("2026-06-01", []),
        ("2026-06-24", []),
        ("2026-06-25", []),
        ("2026-06-26", [("", "2026-06-25", "2026-06-26")]),
    ],
)
@pytest.mark.parametrize("kind", ["equipment_request", "niv_start", "tracheostomy"])
def test_a_request_a_start_or_a_tracheostomy_meets_it(
    kind: str, arranged_on: str, expected: list[object]
) -> None:
    arranged = event(kind, arranged_on, id="B", item="bpap", backup_rate=True)

    facts = life(_assessment("2026-06-10", 49), arranged)

    assert alerts(facts, "NIV-TRIG", "2026-12-31") == expected
    assert silenced(facts, "NIV-TRIG", "2026-12-31") is None


def test_another_item_is_no_arrangement() -> None:
    facts = life(_assessment("2026-06-10", 49), _request("2026-06-11", item="cough_assist"))

    assert alerts(facts, "NIV-TRIG", "2026-12-31") == [("", "2026-06-25", None)]


def test_what_it_says() -> None:
    facts = life(_assessment("2026-06-10", 79, "first", symptoms=True))

    work = due(facts, "NIV-TRIG", "2026-06-10")

    assert work is not None
    assert (work.owner, work.informed, work.rises) == ("pulmonology", (), ())
    assert (work.anchor, work.evidence) == ("first", ("first",))
    assert [str(step) for step in work.steps] == [
        "FVC below the limit, with symptoms: 10 Jun 2026",
        "+ 14 days",
        "Due: 24 Jun 2026",
        "Overdue from: 25 Jun 2026",
    ]


def test_a_later_better_reading_does_not_clear_it_but_severity_follows_the_facts() -> None:
    facts = life(_assessment("2026-06-10", 49, "first"), _assessment("2026-06-20", 85))

    worse, better = due(facts, "NIV-TRIG", "2026-06-10"), due(facts, "NIV-TRIG", "2026-06-20")

    assert worse is not None
    assert better is not None
    assert (worse.severity, better.severity) == (CRITICAL, URGENT)
    assert (better.anchor, better.overdue_on) == ("first", day("2026-06-25"))
    assert alerts(facts, "NIV-TRIG", "2026-12-31") == [("", "2026-06-25", None)]


def test_the_first_of_several_triggers_counts() -> None:
    facts = life(
        _assessment("2026-06-10", 79, "first", symptoms=True), _assessment("2026-06-20", 49, "second")
    )

    work = due(facts, "NIV-TRIG", "2026-06-20")

    assert work is not None
    assert (work.anchor, work.overdue_on, work.severity) == ("first", day("2026-06-25"), CRITICAL)


@pytest.mark.parametrize(
    ("asleep", "severity"),
    [
        ([True], CRITICAL),
        ([True, False], URGENT),
        ([True, None], CRITICAL),
        ([True, False, True], CRITICAL),
    ],
)
def test_critical_by_the_latest_word_on_breathing_in_sleep(
    asleep: list[bool | None], severity: Severity
) -> None:
    events = [_assessment(f"2026-06-1{n}", 85, sdb=sdb) for n, sdb in enumerate(asleep)]

    work = due(life(*events), "NIV-TRIG", "2026-06-20")

    assert work is not None
    assert work.severity is severity


@pytest.mark.parametrize(
    ("measured", "opens"),
    [
        (79, "2026-06-25"),
        (80, None),
        (None, None),
    ],
)
def test_where_the_fvc_was_not_possible_the_last_measured_is_paired_with_todays_symptoms(
    measured: float | None, opens: str | None
) -> None:
    facts = life(_assessment("2026-03-10", measured), _assessment("2026-06-10", None, symptoms=True))

    assert alerts(facts, "NIV-TRIG", "2026-12-31") == ([("", opens, None)] if opens else [])


def test_only_a_later_fvc_is_paired_not_an_earlier_symptom() -> None:
    facts = life(_assessment("2026-03-10", None, symptoms=True), _assessment("2026-06-10", 79))

    assert alerts(facts, "NIV-TRIG", "2026-12-31") == []


def test_the_latest_measured_value_is_paired() -> None:
    facts = life(
        _assessment("2026-01-10", 79),
        _assessment("2026-03-10", 81),
        _assessment("2026-06-10", None, symptoms=True),
    )

    assert alerts(facts, "NIV-TRIG", "2026-12-31") == []


# --- T is refreshed -----------------------------------------------------------


def test_the_end_of_niv_starts_the_days_anew() -> None:
    facts = life(
        _assessment("2026-02-10", 49, "trigger"),
        event("niv_start", "2026-02-20", backup_rate=True),
        event("niv_stop", "2026-05-04", event_id="old stop"),
        event("niv_start", "2026-05-06", backup_rate=True),
        event("niv_stop", "2026-07-01", event_id="stop"),
    )

    work = due(facts, "NIV-TRIG", "2026-07-01")

    assert work is not None
    assert (work.anchor, work.evidence) == ("stop", ("stop", "trigger"))
    assert str(work.reason) == "NIV stopped 1 Jul 2026 + 14 days."
    assert alerts(facts, "NIV-TRIG", "2026-12-31") == [("", "2026-07-16", None)]


def test_the_cancellation_of_the_request_starts_the_days_anew() -> None:
    facts = life(_assessment("2026-02-10", 49, "trigger"), _request("2026-02-20"), _cancelled("2026-03-05"))

    work = due(facts, "NIV-TRIG", "2026-03-05")

    assert work is not None
    assert work.evidence == ("cancelled B 2026-03-05", "trigger")
    assert str(work.reason) == "BPAP request cancelled 5 Mar 2026 + 14 days."
    assert alerts(facts, "NIV-TRIG", "2026-12-31") == [("", "2026-03-20", None)]


def test_a_repeated_cancellation_does_not_move_the_date() -> None:
    facts = life(
        _assessment("2026-02-10", 49),
        _request("2026-02-20"),
        _cancelled("2026-03-05"),
        _cancelled("2026-03-12"),
    )

    assert alerts(facts, "NIV-TRIG", "2026-12-31") == [("", "2026-03-20", None)]


def test_the_latest_of_stop_and_cancellations_counts() -> None:
    cancelled_last = life(
        _assessment("2026-02-10", 49),
        event("niv_stop", "2026-03-01"),
        _request("2026-02-20", "B"),
        _request("2026-02-21", "C"),
        _cancelled("2026-03-09", "B"),
        _cancelled("2026-03-05", "C"),
    )
    stopped_last = life(
        _assessment("2026-02-10", 49),
        _request("2026-02-20"),
        _cancelled("2026-03-05"),
        event("niv_stop", "2026-03-11"),
    )

    assert alerts(cancelled_last, "NIV-TRIG", "2026-12-31") == [("", "2026-03-24", None)]
    assert alerts(stopped_last, "NIV-TRIG", "2026-12-31")[-1] == ("", "2026-03-26", None)


def test_a_stop_before_the_trigger_refreshes_nothing() -> None:
    facts = life(event("niv_stop", "2026-02-01"), _assessment("2026-02-10", 49, "trigger"))

    work = due(facts, "NIV-TRIG", "2026-02-10")

    assert work is not None
    assert (work.anchor, work.overdue_on) == ("trigger", day("2026-02-25"))


def test_a_second_live_request_still_meets_it() -> None:
    facts = life(
        _assessment("2026-02-10", 49),
        _request("2026-02-20"),
        _request("2026-02-21", "C"),
        _cancelled("2026-03-05"),
    )

    assert alerts(facts, "NIV-TRIG", "2026-12-31") == []


# --- declines -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fvc_later", "expected"),
    [
        (50, [("", "2026-05-10", None)]),
        (49, [("", "2026-04-04", None)]),
    ],
)
def test_a_material_change_ends_a_decline_with_a_fresh_window(
    fvc_later: float, expected: list[object]
) -> None:
    facts = life(
        _assessment("2026-02-02", 52, symptoms=True),
        event("decline", "2026-02-10", topic="niv"),
        _assessment("2026-03-20", fvc_later, "later", symptoms=True),
    )

    assert alerts(facts, "NIV-TRIG", "2026-12-31") == expected
    assert silenced(facts, "NIV-TRIG", "2026-03-19") == Silenced(
        "NIV-TRIG", "", CloseReason.DECLINED, day("2026-05-10")
    )


def test_a_permanent_decline_outlasts_a_material_change() -> None:
    facts = life(
        _assessment("2026-02-02", 52, symptoms=True),
        event("decline", "2026-02-10", topic="niv", permanent=True),
        _assessment("2026-03-20", 40),
    )

    assert alerts(facts, "NIV-TRIG", "2027-12-31") == []


def test_who_was_below_50_already_has_no_material_change() -> None:
    facts = life(
        _assessment("2026-02-02", 49),
        event("decline", "2026-02-10", topic="niv"),
        _assessment("2026-03-20", 40),
    )

    assert alerts(facts, "NIV-TRIG", "2026-12-31") == [("", "2026-05-10", None)]


def test_the_fresh_window_is_named() -> None:
    facts = life(
        _assessment("2026-02-02", 52, "trigger", symptoms=True),
        event("decline", "2026-02-10", topic="niv"),
        _assessment("2026-03-20", 49, "change"),
    )

    work = due(facts, "NIV-TRIG", "2026-03-20")

    assert work is not None
    assert (work.anchor, work.due_on, work.severity) == ("change", day("2026-04-03"), CRITICAL)
    assert str(work.reason) == "New answer 20 Mar 2026 + 14 days."
    assert "trigger" in work.evidence


def test_declining_niv_leaves_a_live_request_alone() -> None:
    facts = life(
        _assessment("2026-02-10", 49),
        _request("2026-02-20"),
        event("decline", "2026-02-25", topic="niv", permanent=True),
    )

    assert silenced(facts, "NIV-TRIG", "2026-02-25") is None
    assert due(facts, "EQ-STAGE", "2026-02-25", "B") is not None
