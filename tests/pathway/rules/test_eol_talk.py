from typing import Any

import pytest

from pathway.due import Severity
from tests.pathway.build import Raw, alerts, day, due, event, life

URGENT, CRITICAL = Severity.URGENT, Severity.CRITICAL


def _trigger(on: str, reason: str | None, event_id: str | None = None) -> Raw:
    return event("eol_trigger", on, event_id=event_id, reason=reason)


def _talk(on: str, event_id: str | None = None) -> Raw:
    return event("eol_discussion", on, event_id=event_id)


def _fvc(on: str, pct: float | None, event_id: str | None = None) -> Raw:
    return event("resp_assessment", on, event_id=event_id, fvc_pct=pct)


def _status(on: str, status: str, event_id: str | None = None) -> Raw:
    return event("status_change", on, event_id=event_id, status=status)


# --- triggers ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "on", "due_on", "opens", "severity", "what"),
    [
        ("distress", "2026-06-08", "2026-06-22", "2026-06-23", URGENT, "Distress recorded"),
        ("progression", "2026-06-08", "2026-06-22", "2026-06-23", URGENT, "Progression recorded"),
        ("patient_request", "2026-06-08", "2026-06-15", "2026-06-16", CRITICAL, "Asked for by the person"),
        ("distress", "2026-02-14", "2026-02-28", "2026-03-01", URGENT, "Distress recorded"),
        ("distress", "2024-02-15", "2024-02-29", "2024-03-01", URGENT, "Distress recorded"),
        ("patient_request", "2026-02-21", "2026-02-28", "2026-03-01", CRITICAL, "Asked for by the person"),
        ("patient_request", "2024-02-22", "2024-02-29", "2024-03-01", CRITICAL, "Asked for by the person"),
        ("patient_request", "2026-03-05", "2026-03-12", "2026-03-13", CRITICAL, "Asked for by the person"),
        ("progression", "2026-10-25", "2026-11-08", "2026-11-09", URGENT, "Progression recorded"),
    ],
)
def test_each_trigger_has_its_days(
    reason: str, on: str, due_on: str, opens: str, severity: Severity, what: str
) -> None:
    facts = life(_trigger(on, reason, "t"), enrolled_on=on)

    work = due(facts, "EOL-TALK", on)

    assert work is not None
    assert (work.due_on, work.overdue_on, work.severity) == (day(due_on), day(opens), severity)
    assert (work.anchor, work.evidence, work.rises) == ("t", ("t",), ())
    assert work.reason.params["what"] == what
    assert alerts(facts, "EOL-TALK", opens) == [("", opens, None)]


@pytest.mark.parametrize("reason", ["other", "", None])
def test_another_reason_is_no_trigger(reason: str | None) -> None:
    facts = life(_trigger("2026-06-08", reason))

    assert alerts(facts, "EOL-TALK", "2026-12-31") == []


@pytest.mark.parametrize(
    ("fvc", "opens"),
    [(50, None), (49.9, "2026-06-23"), (49, "2026-06-23"), (None, None)],
)
def test_the_first_measured_fvc_below_50_is_a_trigger(fvc: float | None, opens: str | None) -> None:
    facts = life(_fvc("2026-06-08", fvc, "f"))

    assert alerts(facts, "EOL-TALK", "2026-12-31") == ([("", opens, None)] if opens else [])
    work = due(facts, "EOL-TALK", "2026-06-08")
    assert work is not None
    assert work.severity is URGENT
    assert (work.anchor == "f") is (opens is not None)
    if opens:
        assert str(work.reason) == "FVC below the limit 8 Jun 2026 + 14 days."


def test_only_the_first_fvc_below_50_triggers() -> None:
    facts = life(_fvc("2026-06-08", 49), _talk("2026-06-10"), _fvc("2026-09-08", 45))

    assert alerts(facts, "EOL-TALK", "2027-06-10") == []


@pytest.mark.parametrize(
    ("talked_on", "expected"),
    [
        ("2026-06-07", [("", "2026-06-23", None)]),
        ("2026-06-08", []),
        ("2026-06-22", []),
        ("2026-06-23", []),
        ("2026-06-24", [("", "2026-06-23", "2026-06-24")]),
    ],
)
@pytest.mark.parametrize("trigger", [_trigger("2026-06-08", "distress"), _fvc("2026-06-08", 49)])
def test_a_discussion_on_the_day_of_the_trigger_or_later_answers_it(
    trigger: Raw, talked_on: str, expected: list[object]
) -> None:
    assert alerts(life(trigger, _talk(talked_on)), "EOL-TALK", "2027-05-31") == expected


@pytest.mark.parametrize(
    ("talked_on", "expected"),
    [("2026-06-15", []), ("2026-06-16", []), ("2026-06-17", [("", "2026-06-16", "2026-06-17")])],
)
def test_after_the_persons_own_request_day_seven_is_on_time(talked_on: str, expected: list[object]) -> None:
    facts = life(_trigger("2026-06-08", "patient_request"), _talk(talked_on))

    assert alerts(facts, "EOL-TALK", "2027-05-31") == expected


def test_what_it_says() -> None:
    work = due(life(_trigger("2026-06-08", "distress", "t")), "EOL-TALK", "2026-06-08")

    assert work is not None
    assert (work.owner, work.informed) == ("neurology", ("palliative_care",))
    assert str(work.reason) == "Distress recorded 8 Jun 2026 + 14 days."
    assert [str(step) for step in work.steps] == [
        "Distress recorded: 8 Jun 2026",
        "+ 14 days",
        "Due: 22 Jun 2026",
        "Overdue from: 23 Jun 2026",
    ]


# --- yearly --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "due_on", "opens"),
    [
        ("2026-01-19", "2027-01-19", "2027-01-20"),
        ("2024-02-29", "2025-02-28", "2025-03-01"),
        ("2023-02-28", "2024-02-28", "2024-02-29"),
        ("2025-03-08", "2026-03-08", "2026-03-09"),
        ("2025-11-01", "2026-11-01", "2026-11-02"),
    ],
)
@pytest.mark.parametrize("talked", [True, False])
def test_a_discussion_every_year_from_the_last_or_from_joining(
    talked: bool, last: str, due_on: str, opens: str
) -> None:
    facts = life(*([_talk(last)] if talked else []), enrolled_on=last)

    work = due(facts, "EOL-TALK", last)

    assert work is not None
    assert (work.due_on, work.overdue_on, work.severity) == (day(due_on), day(opens), URGENT)
    assert alerts(facts, "EOL-TALK", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("talked_on", "expected"),
    [("2027-01-01", []), ("2027-01-02", []), ("2027-01-03", [("", "2027-01-02", "2027-01-03")])],
)
def test_the_anniversary_is_on_time(talked_on: str, expected: list[object]) -> None:
    assert alerts(life(_talk(talked_on)), "EOL-TALK", "2027-12-31") == expected


@pytest.mark.parametrize(
    ("events", "anchor", "reason"),
    [
        ([], "", "Joined 1 Jan 2026 + 12 months."),
        (
            [_talk("2026-01-20"), _talk("2026-02-03", "talk")],
            "talk",
            "Last discussion 3 Feb 2026 + 12 months.",
        ),
        ([_status("2026-02-03", "hospice", "h")], "h", "Hospice elected 3 Feb 2026 + 12 months."),
        (
            [_status("2026-02-03", "hospice"), _talk("2026-02-04", "talk")],
            "talk",
            "Last discussion 4 Feb 2026 + 12 months.",
        ),
        (
            [_talk("2026-02-02"), _status("2026-02-03", "hospice", "h")],
            "h",
            "Hospice elected 3 Feb 2026 + 12 months.",
        ),
    ],
)
def test_what_it_says_of_the_year(events: list[Raw], anchor: str, reason: str) -> None:
    work = due(life(*events), "EOL-TALK", "2026-02-10")

    assert work is not None
    assert (work.anchor, work.evidence, str(work.reason)) == (anchor, (anchor,) if anchor else (), reason)
    assert work.rises == ()


# --- hospice -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("elected_on", "answered"), [("2026-06-07", False), ("2026-06-08", True), ("2026-06-12", True)]
)
def test_electing_hospice_counts_as_a_discussion(elected_on: str, answered: bool) -> None:
    facts = life(_trigger("2026-06-08", "distress"), _status(elected_on, "hospice"))

    assert alerts(facts, "EOL-TALK", "2027-05-31") == ([] if answered else [("", "2026-06-23", None)])


def test_a_discharge_is_no_discussion() -> None:
    facts = life(
        _trigger("2026-06-08", "distress"),
        _status("2026-06-09", "discharged"),
        _status("2026-06-10", "active"),
    )

    assert alerts(facts, "EOL-TALK", "2026-12-31") == [("", "2026-06-25", None)]


# --- several at once -----------------------------------------------------------


def test_the_earliest_says_and_a_request_overdue_later_raises_it() -> None:
    facts = life(
        _trigger("2026-06-01", "distress", "d"),
        _trigger("2026-06-12", "patient_request", "first"),
        _trigger("2026-06-14", "patient_request", "second"),
    )

    work = due(facts, "EOL-TALK", "2026-06-14")

    assert work is not None
    assert (work.overdue_on, work.severity, work.anchor) == (day("2026-06-16"), URGENT, "d")
    assert work.rises == ((day("2026-06-20"), CRITICAL),)
    assert work.evidence == ("d", "first", "second")


def test_of_two_overdue_on_one_day_the_request_says() -> None:
    facts = life(_trigger("2026-06-01", "distress", "d"), _trigger("2026-06-08", "patient_request", "r"))

    work = due(facts, "EOL-TALK", "2026-06-08")

    assert work is not None
    assert (work.overdue_on, work.severity, work.anchor, work.rises) == (
        day("2026-06-16"),
        CRITICAL,
        "r",
        (),
    )
    assert work.evidence == ("r", "d")


def test_the_year_may_come_before_a_trigger() -> None:
    facts = life(_trigger("2026-12-30", "patient_request", "r"))

    work = due(facts, "EOL-TALK", "2026-12-30")

    assert work is not None
    assert (work.overdue_on, work.severity, work.anchor) == (day("2027-01-02"), URGENT, "")
    assert work.rises == ((day("2027-01-07"), CRITICAL),)


def test_answered_triggers_are_history() -> None:
    facts = life(
        _trigger("2026-06-01", "patient_request"),
        _talk("2026-06-05", "talk"),
        _trigger("2026-07-01", "progression", "p"),
    )

    work = due(facts, "EOL-TALK", "2026-07-01")

    assert work is not None
    assert (work.overdue_on, work.severity, work.anchor, work.evidence, work.rises) == (
        day("2026-07-16"),
        URGENT,
        "p",
        ("p", "talk"),
        (),
    )


# --- declines ------------------------------------------------------------------


def _decline(on: str, **data: Any) -> Raw:
    return event("decline", on, topic="eol_discussion", **data)


def test_the_persons_own_request_withdraws_a_decline() -> None:
    facts = life(
        _trigger("2026-06-01", "distress"),
        _decline("2026-06-05", permanent=True),
        _trigger("2026-07-01", "patient_request", "r"),
    )

    work = due(facts, "EOL-TALK", "2026-07-01")

    assert work is not None
    assert (work.due_on, work.severity, work.anchor) == (day("2026-07-08"), CRITICAL, "r")
    assert alerts(facts, "EOL-TALK", "2026-12-31") == [("", "2026-07-09", None)]


def test_another_trigger_does_not() -> None:
    facts = life(_decline("2026-06-05", permanent=True), _trigger("2026-07-01", "distress"))

    assert alerts(facts, "EOL-TALK", "2027-12-31") == []


def test_the_yearly_discussion_has_no_fresh_window() -> None:
    facts = life(
        _decline("2026-12-01", permanent=True),
        event("withdraw_decline", "2027-02-01", topic="eol_discussion"),
    )

    assert alerts(facts, "EOL-TALK", "2027-12-31") == [("", "2027-02-01", None)]


def test_a_fresh_window_keeps_the_trigger_as_evidence() -> None:
    facts = life(
        _trigger("2026-06-01", "distress", "d"),
        _decline("2026-06-05", permanent=True),
        event("withdraw_decline", "2026-08-01", event_id="w", topic="eol_discussion"),
    )

    work = due(facts, "EOL-TALK", "2026-08-01")

    assert work is not None
    assert (work.anchor, work.due_on, work.severity) == ("w", day("2026-08-15"), URGENT)
    assert work.evidence[:2] == ("w", "d")
    assert str(work.reason) == "New answer 1 Aug 2026 + 14 days."
