import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

NOT_APPLICABLE = Silenced("PEG-FVC30", "", CloseReason.NOT_APPLICABLE)


def _accepted(on: str = "2026-04-06") -> Raw:
    return event("gastrostomy_decision", on, event_id="accepted", decision="accepted")


def _fvc(on: str, pct: float | None, event_id: str | None = None) -> Raw:
    return event("resp_assessment", on, event_id=event_id, fvc_pct=pct)


def _review(on: str) -> Raw:
    return event("gastrostomy_plan_review", on)


@pytest.mark.parametrize(("fvc", "asks"), [(30, False), (29.9, True), (29, True), (None, False)])
def test_below_30_the_plan_is_reviewed(fvc: float | None, asks: bool) -> None:
    facts = life(_accepted(), _fvc("2026-05-04", fvc))

    assert alerts(facts, "PEG-FVC30", "2026-12-31") == ([("", "2026-05-04", None)] if asks else [])
    assert silenced(facts, "PEG-FVC30", "2026-05-04") == (None if asks else NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("measured_on", "opens", "what"),
    [
        ("2026-04-05", "2026-04-06", "Gastrostomy accepted: 6 Apr 2026"),
        ("2026-04-06", "2026-04-06", "Gastrostomy accepted: 6 Apr 2026"),
        ("2026-04-07", "2026-04-07", "FVC below the limit: 7 Apr 2026"),
    ],
)
def test_missing_from_the_later_of_acceptance_and_fvc(measured_on: str, opens: str, what: str) -> None:
    facts = life(_accepted(), _fvc(measured_on, 29, "f"))

    work = due(facts, "PEG-FVC30", opens)

    assert work is not None
    assert (work.due_on, work.overdue_on, work.anchor) == (day(opens), day(opens), "f")
    assert work.evidence == ("f", "accepted")
    assert str(work.steps[0]) == what
    assert alerts(facts, "PEG-FVC30", "2026-12-31") == [("", opens, None)]


def test_what_it_says() -> None:
    facts = life(_accepted(), _fvc("2026-05-04", 29, "first"), _fvc("2026-05-20", 27, "latest"))

    work = due(facts, "PEG-FVC30", "2026-05-20")

    assert work is not None
    assert (work.owner, work.informed) == ("gastroenterology", ("pulmonology",))
    assert (work.severity, work.rises) == (Severity.CRITICAL, ())
    assert (work.anchor, work.evidence) == ("first", ("first", "accepted", "latest"))
    assert str(work.reason) == (
        "Gastrostomy accepted 6 Apr 2026; FVC below the limit on 4 May 2026, no plan review since."
    )
    assert [str(step) for step in work.steps] == [
        "FVC below the limit: 4 May 2026",
        "Due: 4 May 2026",
        "Overdue from: 4 May 2026",
    ]


@pytest.mark.parametrize(
    ("reviewed_on", "closes"),
    [("2026-05-03", None), ("2026-05-05", "2026-05-05"), ("2026-06-30", "2026-06-30")],
)
def test_a_review_on_the_day_of_the_first_fvc_below_30_or_later_closes_it(
    reviewed_on: str, closes: str | None
) -> None:
    facts = life(_accepted(), _fvc("2026-05-04", 29), _review(reviewed_on))

    assert alerts(facts, "PEG-FVC30", "2026-12-31") == [("", "2026-05-04", closes)]


def test_a_review_on_that_very_day_is_enough() -> None:
    facts = life(_accepted(), _review("2026-05-04"), _fvc("2026-05-04", 29))

    assert alerts(facts, "PEG-FVC30", "2026-12-31") == []
    assert silenced(facts, "PEG-FVC30", "2026-05-04") is None


def test_one_review_is_enough_for_every_later_fvc_below_30() -> None:
    facts = life(
        _accepted(),
        _fvc("2026-05-04", 29),
        _review("2026-05-06"),
        _fvc("2026-06-10", 31),
        _fvc("2026-07-10", 25),
    )

    assert alerts(facts, "PEG-FVC30", "2026-12-31") == [("", "2026-05-04", "2026-05-06")]


def test_it_goes_by_the_latest_measured_fvc() -> None:
    facts = life(
        _accepted(),
        _fvc("2026-05-04", 29),
        _fvc("2026-05-10", None),
        _fvc("2026-05-20", 30),
        _fvc("2026-06-20", 29),
    )

    assert alerts(facts, "PEG-FVC30", "2026-12-31") == [
        ("", "2026-05-04", "2026-05-20"),
        ("", "2026-06-20", None),
    ]


@pytest.mark.parametrize(
    "end",
    [
        event("gastrostomy_placed", "2026-05-20"),
        event("gastrostomy_cancelled", "2026-05-20"),
        event("decline", "2026-05-20", topic="gastrostomy"),
    ],
)
def test_the_end_of_the_acceptance_closes_it(end: Raw) -> None:
    facts = life(_accepted(), _fvc("2026-05-04", 29), end)

    assert alerts(facts, "PEG-FVC30", "2027-03-31") == [("", "2026-05-04", "2026-05-20")]
    assert silenced(facts, "PEG-FVC30", "2026-05-20") == NOT_APPLICABLE


def test_without_an_acceptance_there_is_no_plan() -> None:
    facts = life(_fvc("2026-05-04", 29))

    assert due(facts, "PEG-FVC30", "2026-05-04") is None
    assert silenced(facts, "PEG-FVC30", "2026-05-04") == NOT_APPLICABLE
