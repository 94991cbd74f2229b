from typing import Any

import pytest

from pathway.due import Severity
from tests.pathway.build import Raw, alerts, day, due, event, life


def _screen(on: str, event_id: str | None = None, **data: Any) -> Raw:
    return event("cognitive_screen", on, event_id=event_id, **(data or {"impaired": False}))


def _request(on: str, id_: str = "B", item: str = "bpap") -> Raw:
    return event("equipment_request", on, event_id=f"asked {id_}", id=id_, item=item)


# --- (a) the first -------------------------------------------------------------


@pytest.mark.parametrize(
    ("enrolled_on", "due_on", "opens"),
    [
        ("2026-01-01", "2026-04-01", "2026-04-02"),
        ("2024-01-01", "2024-03-31", "2024-04-01"),
        ("2025-12-01", "2026-03-01", "2026-03-02"),
        ("2026-09-15", "2026-12-14", "2026-12-15"),
    ],
)
def test_the_first_is_due_90_days_after_joining(enrolled_on: str, due_on: str, opens: str) -> None:
    facts = life(enrolled_on=enrolled_on)

    work = due(facts, "COG-SCREEN", enrolled_on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "COG-SCREEN", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("screened_on", "expected"),
    [("2026-04-01", []), ("2026-04-02", []), ("2026-04-03", [("", "2026-04-02", "2026-04-03")])],
)
def test_a_first_screen_on_day_90_is_on_time(screened_on: str, expected: list[object]) -> None:
    assert alerts(life(_screen(screened_on)), "COG-SCREEN", "2027-04-01") == expected


def test_what_it_says_of_the_first() -> None:
    work = due(life(), "COG-SCREEN", "2026-01-01")

    assert work is not None
    assert (work.owner, work.informed, work.severity, work.rises) == (
        "neurology",
        (),
        Severity.ATTENTION,
        (),
    )
    assert (work.anchor, work.evidence) == ("", ())
    assert str(work.reason) == "None recorded. Joined 1 Jan 2026 + 90 days."
    assert [str(step) for step in work.steps] == [
        "Joined: 1 Jan 2026",
        "+ 90 days",
        "Due: 1 Apr 2026",
        "Overdue from: 2 Apr 2026",
    ]


@pytest.mark.parametrize(
    ("data", "counts"),
    [
        ({"impaired": False}, True),
        ({"impaired": True}, True),
        ({"executive_impaired": False}, True),
        ({"impaired": None, "executive_impaired": None}, False),
        ({"tool": "ECAS", "score": 104}, False),
    ],
)
def test_a_screen_counts_with_a_result(data: dict[str, Any], counts: bool) -> None:
    facts = life(_screen("2026-02-01", **data))

    assert alerts(facts, "COG-SCREEN", "2026-12-31") == ([] if counts else [("", "2026-04-02", None)])


# --- (b) yearly ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "due_on", "opens"),
    [
        ("2025-02-10", "2026-02-10", "2026-03-13"),
        ("2024-02-29", "2025-02-28", "2025-03-31"),
        ("2023-02-28", "2024-02-28", "2024-03-30"),
        ("2025-03-08", "2026-03-08", "2026-04-08"),
        ("2025-11-01", "2026-11-01", "2026-12-02"),
    ],
)
def test_then_yearly_with_thirty_days_of_grace(last: str, due_on: str, opens: str) -> None:
    facts = life(_screen(last), enrolled_on=last)

    work = due(facts, "COG-SCREEN", last)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "COG-SCREEN", opens) == [("", opens, None)]


@pytest.mark.parametrize(
    ("next_on", "expected"),
    [("2027-03-12", []), ("2027-03-13", []), ("2027-03-14", [("", "2027-03-13", "2027-03-14")])],
)
def test_a_screen_on_the_last_day_of_grace_is_on_time(next_on: str, expected: list[object]) -> None:
    facts = life(_screen("2026-02-10"), _screen(next_on))

    assert alerts(facts, "COG-SCREEN", "2028-03-31") == expected


def test_what_it_says_of_the_yearly_screen() -> None:
    work = due(life(_screen("2025-12-01"), _screen("2026-02-10", "last")), "COG-SCREEN", "2026-02-10")

    assert work is not None
    assert (work.severity, work.rises) == (Severity.ATTENTION, ())
    assert (work.anchor, work.evidence) == ("last", ("last",))
    assert str(work.reason) == "Last cognitive screen 10 Feb 2026 + 12 months."
    assert [str(step) for step in work.steps] == [
        "Last cognitive screen: 10 Feb 2026",
        "+ 12 months",
        "Due: 10 Feb 2027",
        "30 days’ grace",
        "Overdue from: 13 Mar 2027",
    ]


# --- (c) before NIV ------------------------------------------------------------


@pytest.mark.parametrize(
    ("screened_on", "holds"),
    [("2025-06-28", False), ("2025-06-29", True), ("2026-03-30", True)],
)
@pytest.mark.parametrize("kind", ["equipment_request", "niv_start"])
def test_a_screen_holds_for_twelve_months_before_niv(kind: str, screened_on: str, holds: bool) -> None:
    facts = life(_screen(screened_on), event(kind, "2026-06-29", id="B", item="bpap"))

    assert alerts(facts, "COG-SCREEN", "2026-07-25") == ([] if holds else [("", "2026-06-29", None)])


@pytest.mark.parametrize(
    ("screened_on", "requested_on", "holds"),
    [
        ("2024-02-29", "2025-02-28", True),
        ("2024-02-29", "2025-03-01", False),
        ("2023-02-28", "2024-02-28", True),
        ("2023-02-28", "2024-02-29", False),
    ],
)
def test_twelve_months_over_a_leap_day(screened_on: str, requested_on: str, holds: bool) -> None:
    facts = life(_screen(screened_on), _request(requested_on), enrolled_on=screened_on)

    found = alerts(facts, "COG-SCREEN", requested_on)

    assert found == ([] if holds else [("", requested_on, None)])


def test_what_it_says_before_niv() -> None:
    facts = life(
        _screen("2023-06-01"), _screen("2024-06-01"), _screen("2025-06-28", "last"), _request("2026-06-29")
    )

    work = due(facts, "COG-SCREEN", "2026-06-29")

    assert work is not None
    assert (work.owner, work.severity, work.rises) == ("neurology", Severity.URGENT, ())
    assert (work.due_on, work.overdue_on) == (day("2026-06-29"), day("2026-06-29"))
    assert (work.anchor, work.evidence) == ("asked B", ("asked B", "last"))
    assert str(work.reason) == (
        "NIV requested or in use since 29 Jun 2026, no screen in the 12 months before."
    )
    assert [str(step) for step in work.steps] == [
        "NIV requested or started: 29 Jun 2026",
        "Due: 29 Jun 2026",
        "Overdue from: 29 Jun 2026",
    ]


def test_a_screen_after_the_request_closes_it() -> None:
    facts = life(_request("2026-02-02"), _screen("2026-02-10"))

    assert alerts(facts, "COG-SCREEN", "2026-12-31") == [("", "2026-02-02", "2026-02-10")]


def test_it_counts_from_the_first_of_request_and_use() -> None:
    later_start = life(_screen("2025-03-01"), _request("2026-02-02"), event("niv_start", "2026-04-02"))
    later_request = life(_screen("2025-03-01"), event("niv_start", "2026-02-02"), _request("2026-04-02"))

    assert alerts(later_start, "COG-SCREEN", "2026-03-31") == []
    assert alerts(later_request, "COG-SCREEN", "2026-03-31") == []
    for facts in (later_start, later_request):
        work = due(facts, "COG-SCREEN", "2026-04-02")
        assert work is not None
        assert (work.severity, work.overdue_on) == (Severity.ATTENTION, day("2026-04-01"))


def test_only_a_current_request_or_use_asks() -> None:
    cancelled = event("equipment_status", "2026-02-05", id="B", status="cancelled")
    stopped = event("niv_stop", "2026-02-05")

    assert alerts(life(_request("2026-02-02"), cancelled), "COG-SCREEN", "2026-12-31") == [
        ("", "2026-02-02", "2026-02-05"),
        ("", "2026-04-02", None),
    ]
    assert alerts(life(event("niv_start", "2026-02-02"), stopped), "COG-SCREEN", "2026-12-31") == [
        ("", "2026-02-02", "2026-02-05"),
        ("", "2026-04-02", None),
    ]


def test_another_item_does_not_ask() -> None:
    assert alerts(life(_request("2026-02-02", item="suction")), "COG-SCREEN", "2026-03-31") == []


def test_overdue_already_it_becomes_urgent_with_niv() -> None:
    facts = life(_request("2026-04-20"))

    work = due(facts, "COG-SCREEN", "2026-04-20")

    assert work is not None
    assert (work.overdue_on, work.anchor, work.evidence) == (day("2026-04-02"), "", ("asked B",))
    assert (work.severity, work.rises) == (Severity.ATTENTION, ((day("2026-04-20"), Severity.URGENT),))
    assert alerts(facts, "COG-SCREEN", "2026-12-31") == [("", "2026-04-02", None)]


@pytest.mark.parametrize(
    ("requested_on", "anchor", "severity", "rises"),
    [
        ("2026-04-01", "asked B", Severity.URGENT, ()),
        ("2026-04-02", "asked B", Severity.URGENT, ()),
        ("2026-04-03", "", Severity.ATTENTION, ((day("2026-04-03"), Severity.URGENT),)),
    ],
)
def test_urgent_from_the_first_day_of_niv(
    requested_on: str, anchor: str, severity: Severity, rises: tuple[object, ...]
) -> None:
    work = due(life(_request(requested_on)), "COG-SCREEN", requested_on)

    assert work is not None
    assert (work.anchor, work.severity, work.rises) == (anchor, severity, rises)
    assert work.overdue_on == day(min(requested_on, "2026-04-02"))


def test_returning_to_care_gives_it_grace() -> None:
    facts = life(
        _request("2026-02-02"),
        event("status_change", "2026-02-03", status="discharged"),
        event("status_change", "2026-06-01", status="active"),
    )

    assert alerts(facts, "COG-SCREEN", "2026-12-31") == [
        ("", "2026-02-02", "2026-02-03"),
        ("", "2026-06-16", None),
    ]
