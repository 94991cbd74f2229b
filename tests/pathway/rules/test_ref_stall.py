from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _sent(on: str, discipline: str | None = "gastroenterology", id_: str = "R", **data: Any) -> Raw:
    return event("referral", on, event_id=f"sent {id_}", id=id_, discipline=discipline, **data)


def _update(on: str, status: str, event_id: str | None = None, id_: str = "R", **data: Any) -> Raw:
    return event("referral_update", on, event_id=event_id, id=id_, status=status, **data)


@pytest.mark.parametrize(
    ("sent_on", "due_on", "opens"),
    [
        ("2026-02-24", "2026-03-10", "2026-03-11"),
        ("2026-02-14", "2026-02-28", "2026-03-01"),
        ("2024-02-15", "2024-02-29", "2024-03-01"),
        ("2026-03-01", "2026-03-15", "2026-03-16"),  # over the days the clocks change
        ("2026-10-25", "2026-11-08", "2026-11-09"),
    ],
)
def test_an_appointment_within_fourteen_days(sent_on: str, due_on: str, opens: str) -> None:
    facts = life(_sent(sent_on), enrolled_on=sent_on)

    work = due(facts, "REF-STALL", sent_on, "R")

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "REF-STALL", opens) == [("R", opens, None)]


@pytest.mark.parametrize(
    ("moved_on", "expected"),
    [
        ("2026-03-10", []),
        ("2026-03-11", []),
        ("2026-03-12", [("R", "2026-03-11", "2026-03-12")]),
    ],
)
@pytest.mark.parametrize("status", ["seen", "cancelled"])
def test_an_update_on_day_14_is_on_time(status: str, moved_on: str, expected: list[object]) -> None:
    facts = life(_sent("2026-02-24"), _update(moved_on, status))

    assert alerts(facts, "REF-STALL", "2026-12-31") == expected
    assert silenced(facts, "REF-STALL", "2026-12-31", "R") is None


@pytest.mark.parametrize(
    ("appointment_on", "due_on", "opens"),
    [
        ("2026-03-27", "2026-04-03", "2026-04-04"),
        ("2026-02-21", "2026-02-28", "2026-03-01"),
        ("2024-02-22", "2024-02-29", "2024-03-01"),
        ("2026-10-29", "2026-11-05", "2026-11-06"),
    ],
)
def test_what_came_of_it_within_seven_days_of_the_appointment(
    appointment_on: str, due_on: str, opens: str
) -> None:
    facts = life(
        _sent("2024-01-20"),
        _update("2024-01-25", "scheduled", appointment_on=appointment_on),
        enrolled_on="2024-01-01",
    )

    work = due(facts, "REF-STALL", "2024-01-25", "R")

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "REF-STALL", opens) == [("R", opens, None)]


@pytest.mark.parametrize(
    ("seen_on", "expected"),
    [
        ("2026-03-27", []),
        ("2026-04-03", []),
        ("2026-04-04", []),
        ("2026-04-05", [("R", "2026-04-04", "2026-04-05")]),
    ],
)
def test_seen_on_day_seven_is_on_time(seen_on: str, expected: list[object]) -> None:
    facts = life(
        _sent("2026-02-24"),
        _update("2026-03-10", "scheduled", appointment_on="2026-03-27"),
        _update(seen_on, "seen"),
    )

    assert alerts(facts, "REF-STALL", "2026-12-31") == expected


def test_a_new_appointment_moves_the_day() -> None:
    facts = life(
        _sent("2026-02-24"),
        _update("2026-03-10", "scheduled", appointment_on="2026-03-27"),
        _update("2026-04-10", "scheduled", appointment_on="2026-04-20"),
    )

    assert alerts(facts, "REF-STALL", "2026-12-31") == [
        ("R", "2026-04-04", "2026-04-10"),
        ("R", "2026-04-28", None),
    ]


@pytest.mark.parametrize("appointment_on", [None, "", "soon"])
def test_scheduled_without_an_appointment_is_as_if_not_recorded(appointment_on: object) -> None:
    facts = life(_sent("2026-02-24"), _update("2026-03-01", "scheduled", appointment_on=appointment_on))

    assert alerts(facts, "REF-STALL", "2026-12-31") == [("R", "2026-03-11", None)]


def test_what_it_says_of_a_referral_that_waits() -> None:
    work = due(life(_sent("2026-02-24")), "REF-STALL", "2026-02-24", "R")

    assert work is not None
    assert (work.owner, work.informed) == ("coordinator", ("gastroenterology",))
    assert (work.severity, work.rises) == (Severity.ATTENTION, ())
    assert (work.anchor, work.evidence, work.person) == ("sent R", ("sent R",), "")
    assert str(work.title) == "Referral not moving: Gastroenterology"
    assert str(work.reason) == "Referral sent 24 Feb 2026 + 14 days."
    assert [str(step) for step in work.steps] == [
        "Referral sent: 24 Feb 2026",
        "+ 14 days",
        "Due: 10 Mar 2026",
        "Overdue from: 11 Mar 2026",
    ]


def test_what_it_says_of_an_appointment() -> None:
    facts = life(_sent("2026-02-24"), _update("2026-03-10", "scheduled", "u", appointment_on="2026-03-27"))

    work = due(facts, "REF-STALL", "2026-03-10", "R")

    assert work is not None
    assert (work.anchor, work.evidence) == ("u", ("u", "sent R"))
    assert str(work.reason) == "Appointment 27 Mar 2026 + 7 days."
    assert str(work.steps[0]) == "Appointment: 27 Mar 2026"


@pytest.mark.parametrize(
    ("discipline", "severity", "informed", "title"),
    [
        ("palliative_care", Severity.URGENT, ("palliative_care",), "Referral not moving: Palliative care"),
        ("neurology", Severity.ATTENTION, ("neurology",), "Referral not moving: Neurology"),
        ("genetics", Severity.ATTENTION, (), "Referral not moving: genetics"),
        (None, Severity.ATTENTION, (), "Referral not moving: "),
    ],
)
def test_the_receiving_discipline_is_informed_and_palliative_is_urgent(
    discipline: str | None, severity: Severity, informed: tuple[str, ...], title: str
) -> None:
    work = due(life(_sent("2026-02-24", discipline)), "REF-STALL", "2026-02-24", "R")

    assert work is not None
    assert (work.severity, work.informed, str(work.title)) == (severity, informed, title)


@pytest.mark.parametrize(("placed_by", "person"), [("u-17", "u-17"), (None, ""), (17, "")])
def test_it_falls_to_whoever_placed_it(placed_by: object, person: str) -> None:
    work = due(life(_sent("2026-02-24", placed_by=placed_by)), "REF-STALL", "2026-02-24", "R")

    assert work is not None
    assert (work.owner, work.person) == ("coordinator", person)


def test_each_referral_has_its_own_clock() -> None:
    facts = life(
        _sent("2026-02-01", id_="done"),
        _update("2026-02-03", "seen", id_="done"),
        _sent("2026-02-24"),
        _sent("2026-03-02", "palliative_care", "S"),
        _update("2026-03-20", "scheduled", id_="S", appointment_on="2026-04-10"),
    )

    assert alerts(facts, "REF-STALL", "2026-12-31") == [
        ("R", "2026-03-11", None),
        ("S", "2026-03-17", "2026-03-20"),
        ("S", "2026-04-18", None),
    ]


def test_updates_of_a_voided_referral_are_ignored() -> None:
    facts = life(
        _sent("2026-02-24"),
        _update("2026-03-10", "scheduled", appointment_on="2026-03-27"),
        event("void", "2026-03-15", ref="sent R"),
    )

    assert alerts(facts, "REF-STALL", "2026-12-31") == []


@pytest.mark.parametrize(
    ("discipline", "topic", "quiet"),
    [
        ("palliative_care", "palliative", True),
        ("palliative_care", "discipline:palliative_care", False),
        ("gastroenterology", "palliative", False),
        ("gastroenterology", "gastrostomy", False),
    ],
)
def test_only_a_palliative_referral_is_silent_while_palliative_care_is_declined(
    discipline: str, topic: str, quiet: bool
) -> None:
    facts = life(_sent("2026-02-24", discipline), event("decline", "2026-03-01", topic=topic))

    expected = [("R", "2026-06-01", None)] if quiet else [("R", "2026-03-11", None)]
    assert alerts(facts, "REF-STALL", "2026-12-31") == expected
    assert silenced(facts, "REF-STALL", "2026-03-01", "R") == (
        Silenced("REF-STALL", "R", CloseReason.DECLINED, day("2026-06-01")) if quiet else None
    )
