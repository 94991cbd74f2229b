from typing import Any

import pytest

from pathway.due import Severity
from tests.pathway.build import Raw, alerts, day, due, event, life


def _asked(item: str = "walker", **data: Any) -> Raw:
    return event("equipment_request", "2026-02-02", event_id="asked", id="Q", item=item, **data)


def _moved(on: str, status: str, event_id: str = "moved") -> Raw:
    return event("equipment_status", on, event_id=event_id, id="Q", status=status)


@pytest.mark.parametrize(
    ("item", "stage", "last_day"),
    [
        ("walker", "documented", "2026-03-03"),
        ("walker", "submitted", "2026-03-08"),
        ("walker", "approved", "2026-03-06"),
        ("walker", "ordered", "2026-03-11"),
        ("walker", "denied", "2026-03-04"),
        ("walker", "appealed", "2026-03-15"),
        ("walker", "delivered", "2026-03-08"),
        ("power_wheelchair", "ordered", "2026-04-15"),
        ("aac_device", "ordered", "2026-03-22"),
        ("home_modification", "ordered", "2026-04-15"),
        ("power_wheelchair", "submitted", "2026-03-08"),
        ("bath_hoist", "ordered", "2026-03-11"),
    ],
)
def test_each_stage_has_its_limit(item: str, stage: str, last_day: str) -> None:
    facts = life(_asked(item), _moved("2026-03-01", stage))

    work = due(facts, "EQ-STAGE", "2026-03-01", "Q")

    assert work is not None
    assert work.due_on == day(last_day)
    assert (work.overdue_on - work.due_on).days == 1
    assert (work.anchor, work.evidence) == ("moved", ("asked", "moved"))


def test_a_new_request_has_three_days() -> None:
    facts = life(_asked())

    work = due(facts, "EQ-STAGE", "2026-02-02", "Q")

    assert work is not None
    assert (work.due_on, work.anchor, work.evidence) == (day("2026-02-05"), "asked", ("asked",))
    assert alerts(facts, "EQ-STAGE", "2026-02-05") == []
    assert alerts(facts, "EQ-STAGE", "2026-02-06") == [("Q", "2026-02-06", None)]


def test_what_it_says() -> None:
    work = due(life(_asked("cough_assist"), _moved("2026-03-01", "submitted")), "EQ-STAGE", "2026-03-01", "Q")

    assert work is not None
    assert str(work.title) == "Cough assist stalled"
    assert str(work.reason) == "Submitted 1 Mar 2026, limit 7 days."
    assert [str(step) for step in work.steps] == [
        "Submitted: 1 Mar 2026",
        "+ 7 days",
        "Due: 8 Mar 2026",
        "Overdue from: 9 Mar 2026",
    ]


@pytest.mark.parametrize("stage", ["in_use", "cancelled", "transferred"])
def test_a_terminal_stage_ends_it(stage: str) -> None:
    facts = life(_asked(), _moved("2026-02-10", stage))

    assert alerts(facts, "EQ-STAGE", "2026-12-31") == [("Q", "2026-02-06", "2026-02-10")]


def test_a_call_a_loan_or_the_same_stage_again_does_not_move_the_clock() -> None:
    facts = life(
        _asked(),
        _moved("2026-02-03", "submitted"),
        event("equipment_contact", "2026-02-06", id="Q"),
        event("loaner_provided", "2026-02-07", id="Q"),
        _moved("2026-02-09", "submitted", "again"),
    )

    assert alerts(facts, "EQ-STAGE", "2026-12-31") == [("Q", "2026-02-11", None)]


def test_a_stage_may_come_back_with_a_clock_of_its_own() -> None:
    facts = life(
        _asked(),
        _moved("2026-02-03", "submitted", "a"),
        _moved("2026-02-06", "denied", "b"),
        _moved("2026-02-09", "submitted", "c"),
    )

    assert alerts(facts, "EQ-STAGE", "2026-12-31") == [("Q", "2026-02-17", None)]


def test_moving_on_late_closes_and_the_next_stage_opens_in_turn() -> None:
    facts = life(_asked(), _moved("2026-02-09", "documented", "a"), _moved("2026-02-13", "submitted", "b"))

    assert alerts(facts, "EQ-STAGE", "2026-02-21") == [
        ("Q", "2026-02-06", "2026-02-09"),
        ("Q", "2026-02-12", "2026-02-13"),
        ("Q", "2026-02-21", None),
    ]


def test_moving_on_with_a_date_long_past_leaves_one_alert() -> None:
    """Backdated, the next stage is late as well on the day the first one ends."""
    late = event("equipment_status", "2026-02-04", id="Q", status="documented", recorded_on="2026-02-20")
    facts = life(_asked(), late)

    assert alerts(facts, "EQ-STAGE", "2026-12-31") == [("Q", "2026-02-06", None)]


@pytest.mark.parametrize(
    ("item", "data", "stage", "owner", "informed"),
    [
        ("power_wheelchair", {}, None, "physical_therapy", ("social_work",)),
        ("aac_device", {}, None, "speech_language_pathology", ("social_work",)),
        ("walker", {"requested_by": "occupational_therapy"}, None, "occupational_therapy", ("social_work",)),
        ("bath_hoist", {}, None, "social_work", ()),
        ("walker", {}, "documented", "neurology", ("social_work",)),
        ("walker", {"ordered_by": "pulmonology"}, "documented", "pulmonology", ("social_work",)),
        ("walker", {}, "submitted", "social_work", ()),
        ("walker", {}, "approved", "social_work", ()),
        ("walker", {}, "ordered", "social_work", ()),
        ("walker", {}, "denied", "social_work", ()),
        ("walker", {}, "appealed", "social_work", ()),
        ("suction", {}, "delivered", "pulmonology", ("social_work",)),
        ("suction", {"fitted_by": "nutrition"}, "delivered", "nutrition", ("social_work",)),
        ("bath_hoist", {}, "delivered", "social_work", ()),
    ],
)
def test_the_owner_goes_by_stage_and_social_work_hears_of_it_throughout(
    item: str, data: dict[str, Any], stage: str | None, owner: str, informed: tuple[str, ...]
) -> None:
    moved = [_moved("2026-02-03", stage)] if stage else []

    work = due(life(_asked(item, **data), *moved), "EQ-STAGE", "2026-02-03", "Q")

    assert work is not None
    assert (work.owner, work.informed) == (owner, informed)


@pytest.mark.parametrize(
    ("item", "severity"),
    [("walker", Severity.URGENT), ("bpap", Severity.CRITICAL), ("suction", Severity.CRITICAL)],
)
def test_breathing_items_are_critical_and_nothing_is_less_than_urgent(item: str, severity: Severity) -> None:
    work = due(life(_asked(item)), "EQ-STAGE", "2026-02-03", "Q")

    assert work is not None
    assert (work.severity, work.rises) == (severity, ())


def test_each_request_is_judged_for_itself() -> None:
    other = event("equipment_request", "2026-02-10", id="P", item="suction")
    facts = life(_asked(), _moved("2026-02-04", "in_use"), other)

    assert alerts(facts, "EQ-STAGE", "2026-12-31") == [("P", "2026-02-14", None)]


def test_voiding_a_stage_brings_the_one_before_back() -> None:
    facts = life(_asked(), _moved("2026-02-04", "in_use"), event("void", "2026-02-20", ref="moved"))

    assert alerts(facts, "EQ-STAGE", "2026-12-31") == [("Q", "2026-02-20", None)]


@pytest.mark.parametrize("status", ["cancelled", "transferred", "in_use"])
def test_a_request_at_its_end_leaves_the_others_alone(status: str) -> None:
    facts = life(
        event("equipment_request", "2026-02-02", id="A", item="walker"),
        event("equipment_status", "2026-02-03", id="A", status=status),
        event("equipment_request", "2026-02-06", id="B", item="walker"),
    )

    assert alerts(facts, "EQ-STAGE", "2026-12-31") == [("B", "2026-02-10", None)]
