import pytest

from pathway.due import Severity
from tests.pathway.build import Raw, alerts, day, due, event, life


def _asked(item: str = "walker") -> Raw:
    return event("equipment_request", "2026-02-02", event_id="asked", id="Q", item=item)


def _moved(on: str, status: str, event_id: str = "moved") -> Raw:
    return event("equipment_status", on, event_id=event_id, id="Q", status=status)


@pytest.mark.parametrize(
    ("item", "last_day"),
    [
        ("bpap", "2026-02-09"),
        ("cough_assist", "2026-02-09"),
        ("suction", "2026-02-09"),
        ("walker", "2026-02-16"),
        ("manual_wheelchair", "2026-02-16"),
        ("commode", "2026-02-16"),
        ("shower_chair", "2026-02-16"),
        ("hospital_bed", "2026-02-16"),
        ("patient_lift", "2026-02-16"),
        ("aac_device", "2026-03-04"),
        ("ramp", "2026-03-04"),
        ("bath_hoist", "2026-03-04"),
        ("home_modification", "2026-04-03"),
        ("power_wheelchair", "2026-05-03"),
    ],
)
def test_each_item_has_its_target(item: str, last_day: str) -> None:
    work = due(life(_asked(item)), "EQ-AGE", "2026-02-02", "Q")

    assert work is not None
    assert work.due_on == day(last_day)
    assert (work.overdue_on - work.due_on).days == 1


def test_what_it_says() -> None:
    work = due(life(_asked("power_wheelchair")), "EQ-AGE", "2026-02-02", "Q")

    assert work is not None
    assert (str(work.title), str(work.reason)) == (
        "Power wheelchair not delivered",
        "Requested 2 Feb 2026, target 90 days.",
    )
    assert (work.owner, work.informed, work.anchor, work.evidence) == (
        "social_work",
        (),
        "asked",
        ("asked",),
    )
    assert [str(step) for step in work.steps] == [
        "Requested: 2 Feb 2026",
        "+ 90 days",
        "Due: 3 May 2026",
        "Overdue from: 4 May 2026",
    ]


@pytest.mark.parametrize(
    ("item", "severity"), [("walker", Severity.URGENT), ("cough_assist", Severity.CRITICAL)]
)
def test_breathing_items_are_critical(item: str, severity: Severity) -> None:
    work = due(life(_asked(item)), "EQ-AGE", "2026-02-02", "Q")

    assert work is not None
    assert (work.severity, work.rises) == (severity, ())


@pytest.mark.parametrize("stage", ["delivered", "in_use", "cancelled", "transferred"])
@pytest.mark.parametrize(
    ("on", "expected"),
    [("2026-02-16", []), ("2026-02-17", []), ("2026-02-18", [("Q", "2026-02-17", "2026-02-18")])],
)
def test_delivery_or_the_end_of_the_request_meets_it(stage: str, on: str, expected: list[object]) -> None:
    assert alerts(life(_asked(), _moved(on, stage)), "EQ-AGE", "2026-12-31") == expected


@pytest.mark.parametrize("stage", ["documented", "submitted", "denied", "appealed", "approved", "ordered"])
def test_no_stage_on_the_way_moves_the_clock(stage: str) -> None:
    facts = life(_asked(), _moved("2026-02-10", stage))

    assert alerts(facts, "EQ-AGE", "2026-12-31") == [("Q", "2026-02-17", None)]


def test_ordered_again_after_delivery_it_counts_from_the_request() -> None:
    facts = life(_asked(), _moved("2026-02-10", "delivered", "a"), _moved("2026-03-01", "ordered", "b"))

    assert alerts(facts, "EQ-AGE", "2026-12-31") == [("Q", "2026-03-01", None)]


def test_a_request_from_before_joining_counts_from_its_own_date() -> None:
    facts = life(_asked(), enrolled_on="2026-06-01")

    assert alerts(facts, "EQ-AGE", "2026-12-31") == [("Q", "2026-06-01", None)]


@pytest.mark.parametrize("status", ["cancelled", "transferred", "in_use"])
def test_a_request_at_its_end_leaves_the_others_alone(status: str) -> None:
    facts = life(
        event("equipment_request", "2026-02-02", id="A", item="walker"),
        event("equipment_status", "2026-02-03", id="A", status=status),
        event("equipment_request", "2026-02-06", id="B", item="walker"),
    )

    assert alerts(facts, "EQ-AGE", "2026-12-31") == [("B", "2026-02-21", None)]
