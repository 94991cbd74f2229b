import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _started(on: str, event_id: str | None = None) -> Raw:
    return event("med_start", on, event_id=event_id, drug="edaravone", route="iv")


def _cycle(on: str, event_id: str | None = None, drug: str | None = "edaravone") -> Raw:
    data = {} if drug is None else {"drug": drug}
    return event("cycle_start", on, event_id=event_id, **data)


@pytest.mark.parametrize(
    ("started_on", "due_on", "opens"),
    [
        ("2026-01-05", "2026-02-02", "2026-02-06"),
        ("2026-02-01", "2026-03-01", "2026-03-05"),
        ("2024-02-01", "2024-02-29", "2024-03-04"),
        ("2026-02-20", "2026-03-20", "2026-03-24"),  # a day of 23 hours lies between
        ("2026-10-10", "2026-11-07", "2026-11-11"),  # and one of 25
        ("2026-12-10", "2027-01-07", "2027-01-11"),
    ],
)
def test_the_next_cycle_is_due_after_28_days_with_three_of_grace(
    started_on: str, due_on: str, opens: str
) -> None:
    facts = life(_started(started_on), enrolled_on=started_on)

    work = due(facts, "EDV-CYCLE", started_on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "EDV-CYCLE", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("next_on", "expected"),
    [
        ("2026-02-05", []),
        ("2026-02-06", []),
        ("2026-02-07", [("", "2026-02-06", "2026-02-07")]),
    ],
)
def test_a_cycle_on_day_31_is_on_time(next_on: str, expected: list[object]) -> None:
    facts = life(_started("2026-01-05"), _cycle(next_on))

    assert alerts(facts, "EDV-CYCLE", "2026-03-08") == expected


def test_what_it_says_about_the_start() -> None:
    work = due(life(_started("2026-01-05", "s")), "EDV-CYCLE", "2026-01-05")

    assert work is not None
    assert (work.owner, work.informed, work.severity, work.rises) == (
        "coordinator",
        (),
        Severity.ATTENTION,
        (),
    )
    assert (work.anchor, work.evidence) == ("s", ("s",))
    assert str(work.reason) == "Edaravone started 5 Jan 2026 + 28 days."
    assert [str(step) for step in work.steps] == [
        "Edaravone started: 5 Jan 2026",
        "+ 28 days",
        "Due: 2 Feb 2026",
        "3 days’ grace",
        "Overdue from: 6 Feb 2026",
    ]


def test_what_it_says_about_the_last_cycle() -> None:
    facts = life(_started("2026-01-05", "s"), _cycle("2026-02-02", "c1"), _cycle("2026-03-03", "c2"))

    work = due(facts, "EDV-CYCLE", "2026-03-03")

    assert work is not None
    assert (work.anchor, work.evidence, work.due_on) == ("c2", ("c2", "s"), day("2026-03-31"))
    assert str(work.reason) == "Last cycle started 3 Mar 2026 + 28 days."


@pytest.mark.parametrize(
    ("cycle_on", "anchor", "opens"),
    [("2026-01-04", "s", "2026-02-06"), ("2026-01-05", "c", "2026-02-06"), ("2026-01-06", "c", "2026-02-07")],
)
def test_the_later_of_start_and_cycle_counts(cycle_on: str, anchor: str, opens: str) -> None:
    facts = life(_started("2026-01-05", "s"), _cycle(cycle_on, "c"))

    work = due(facts, "EDV-CYCLE", "2026-01-10")

    assert work is not None
    assert (work.anchor, work.overdue_on) == (anchor, day(opens))


@pytest.mark.parametrize(("drug", "counts"), [("edaravone", True), (None, True), ("riluzole", False)])
def test_a_cycle_of_another_drug_is_none(drug: str | None, counts: bool) -> None:
    facts = life(_started("2026-01-05"), _cycle("2026-02-02", drug=drug))

    assert alerts(facts, "EDV-CYCLE", "2026-03-05") == ([] if counts else [("", "2026-02-06", None)])


def test_stopping_ends_it_and_a_new_course_counts_from_its_start() -> None:
    facts = life(
        _started("2026-01-05"),
        event("med_stop", "2026-02-10", drug="edaravone"),
        _cycle("2026-04-01"),
        _started("2026-05-01"),
    )

    assert alerts(facts, "EDV-CYCLE", "2026-12-31") == [
        ("", "2026-02-06", "2026-02-10"),
        ("", "2026-06-02", None),
    ]
    assert silenced(facts, "EDV-CYCLE", "2026-04-30") == Silenced("EDV-CYCLE", "", CloseReason.NOT_APPLICABLE)


def test_riluzole_asks_for_no_cycle() -> None:
    facts = life(event("med_start", "2026-01-05", drug="riluzole"))

    assert alerts(facts, "EDV-CYCLE", "2026-12-31") == []


def test_it_has_grace_after_a_return() -> None:
    facts = life(
        _started("2026-01-05"),
        event("status_change", "2026-01-20", status="hospice"),
        event("status_change", "2026-03-10", status="active"),
    )

    assert alerts(facts, "EDV-CYCLE", "2026-12-31") == [("", "2026-03-25", None)]
