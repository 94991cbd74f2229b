"""HOSP-INFO: with an FVC below 30 there is a discussion."""

from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

NOT_APPLICABLE = Silenced("HOSP-INFO", "", CloseReason.NOT_APPLICABLE)


def _fvc(on: str, pct: float | None, event_id: str | None = None) -> Raw:
    return event("resp_assessment", on, event_id=event_id, fvc_pct=pct)


def _talk(on: str) -> Raw:
    return event("eol_discussion", on)


@pytest.mark.parametrize(("fvc", "asks"), [(30, False), (29.9, True), (29, True), (None, False)])
def test_below_30_from_that_day(fvc: float | None, asks: bool) -> None:
    facts = life(_fvc("2026-05-04", fvc))

    assert alerts(facts, "HOSP-INFO", "2026-12-31") == ([("", "2026-05-04", None)] if asks else [])
    assert silenced(facts, "HOSP-INFO", "2026-05-04") == (None if asks else NOT_APPLICABLE)


def test_a_person_nobody_measured_is_asked_nothing() -> None:
    assert silenced(life(), "HOSP-INFO", "2026-05-04") == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("talked_on", "expected"),
    [
        ("2026-05-03", [("", "2026-05-04", None)]),
        ("2026-05-04", []),
        ("2026-05-05", [("", "2026-05-04", "2026-05-05")]),
    ],
)
def test_a_discussion_on_the_day_or_later_answers_it(
    talked_on: str, expected: list[tuple[str, str, str | None]]
) -> None:
    assert alerts(life(_fvc("2026-05-04", 29), _talk(talked_on)), "HOSP-INFO", "2026-12-31") == expected


def test_it_counts_from_the_first_such_value() -> None:
    facts = life(_fvc("2026-05-04", 29), _talk("2026-05-10"), _fvc("2026-08-04", 22))

    assert alerts(facts, "HOSP-INFO", "2026-12-31") == [("", "2026-05-04", "2026-05-10")]


@pytest.mark.parametrize(
    ("later", "closes"), [(30, "2026-06-04"), (29, None), (None, None)], ids=["at", "below", "not possible"]
)
def test_a_value_at_the_limit_ends_it(later: float | None, closes: str | None) -> None:
    facts = life(_fvc("2026-05-04", 29), _fvc("2026-06-04", later))

    assert alerts(facts, "HOSP-INFO", "2026-12-31") == [("", "2026-05-04", closes)]


def test_electing_hospice_counts_as_a_discussion() -> None:
    facts = life(
        _fvc("2026-05-04", 29),
        event("status_change", "2026-06-01", status="hospice"),
        event("status_change", "2026-09-01", status="active"),
    )

    assert alerts(facts, "HOSP-INFO", "2026-12-31") == [("", "2026-05-04", "2026-06-01")]


def _decline(**data: Any) -> Raw:
    return event("decline", "2026-05-06", event_id="choice", topic="eol_discussion", **data)


def test_who_declined_to_talk_is_asked_again_at_attention() -> None:
    facts = life(_fvc("2026-05-04", 29), _decline())

    again = due(facts, "HOSP-INFO", "2026-08-06")

    assert alerts(facts, "HOSP-INFO", "2026-12-31") == [
        ("", "2026-05-04", "2026-05-06"),
        ("", "2026-08-06", None),
    ]
    assert again is not None
    assert (again.offer_again, again.severity) == (True, Severity.ATTENTION)


def test_a_new_answer_is_judged_at_once() -> None:
    changed = event("withdraw_decline", "2026-06-01", topic="eol_discussion")
    facts = life(_fvc("2026-05-04", 29), _decline(permanent=True), changed)

    assert alerts(facts, "HOSP-INFO", "2026-12-31")[1:] == [("", "2026-06-01", None)]


def test_a_deferral_puts_it_off() -> None:
    waits = event("deferral", "2026-05-04", topic="eol_discussion", until="2026-06-20")

    assert alerts(life(_fvc("2026-05-04", 29), waits), "HOSP-INFO", "2026-12-31") == [
        ("", "2026-06-20", None)
    ]


def test_what_it_says() -> None:
    facts = life(_fvc("2026-05-04", 29, "first"), _fvc("2026-06-04", 27, "latest"))

    work = due(facts, "HOSP-INFO", "2026-06-04")

    assert work is not None
    assert (work.owner, work.informed) == ("neurology", ("palliative_care",))
    assert (work.severity, work.rises) == (Severity.URGENT, ())
    assert (work.due_on, work.overdue_on) == (day("2026-05-04"), day("2026-05-04"))
    assert (work.anchor, work.evidence) == ("first", ("first",))
    assert str(work.steps[0]) == "FVC below the limit: 4 May 2026"
    assert str(work.reason) == "FVC below the limit on 4 May 2026, no end-of-life discussion since."
