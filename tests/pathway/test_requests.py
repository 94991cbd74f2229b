from typing import Any

import pytest

from pathway.catalogue import Stage
from pathway.requests import EquipmentRequest, Referral
from tests.pathway.build import Raw, chart, event, life

ASKED = event("equipment_request", "2026-02-01", event_id="asked", id="Q", item="walker")


def _status(on: str, status: object, event_id: str | None = None) -> Raw:
    return event("equipment_status", on, event_id=event_id, id="Q", status=status)


def _request(*events: Raw) -> EquipmentRequest:
    (request,) = chart(life(ASKED, *events), "2026-12-31").equipment_requests
    return request


def test_a_request_without_a_status_is_requested_since_it_was_made() -> None:
    request = _request()

    assert (request.id, request.stage, request.stage_set_by.id) == ("Q", Stage.REQUESTED, "asked")


@pytest.mark.parametrize(
    ("events", "stage", "since"),
    [
        ([_status("2026-02-03", "documented", "a")], Stage.DOCUMENTED, "a"),
        (
            [_status("2026-02-03", "submitted", "a"), _status("2026-02-09", "submitted", "b")],
            Stage.SUBMITTED,
            "a",
        ),
        (
            [
                _status("2026-02-03", "submitted", "a"),
                _status("2026-02-05", "denied", "b"),
                _status("2026-02-09", "submitted", "c"),
            ],
            Stage.SUBMITTED,
            "c",
        ),
        (
            [_status("2026-02-03", "submitted", "a"), _status("2026-02-03", "denied", "b")],
            Stage.DENIED,
            "b",
        ),
        (
            [_status("2026-02-03", "submitted", "a"), _status("2026-02-02", "denied", "b")],
            Stage.SUBMITTED,
            "a",
        ),
        ([_status("2026-02-03", "lost in the post", "a")], Stage.REQUESTED, "asked"),
        ([_status("2026-02-03", None, "a")], Stage.REQUESTED, "asked"),
        ([_status("2026-02-03", "requested", "a")], Stage.REQUESTED, "asked"),
        (
            [_status("2026-02-03", "documented", "a"), _status("2026-02-05", "requested", "b")],
            Stage.REQUESTED,
            "b",
        ),
    ],
)
def test_a_stage_lasts_from_the_first_of_its_unbroken_run(
    events: list[Raw], stage: Stage, since: str
) -> None:
    request = _request(*events)

    assert (request.stage, request.stage_set_by.id) == (stage, since)


@pytest.mark.parametrize(
    ("status", "terminal"),
    [("in_use", True), ("cancelled", True), ("transferred", True), ("delivered", False), ("denied", False)],
)
def test_terminal_stages(status: str, terminal: bool) -> None:
    assert _request(_status("2026-02-03", status)).terminal is terminal


def test_what_hangs_on_an_unknown_or_voided_request_is_ignored() -> None:
    facts = life(
        ASKED,
        event("equipment_status", "2026-02-03", id="other", status="documented"),
        event("void", "2026-02-05", ref="asked"),
    )

    assert len(chart(facts, "2026-02-04").equipment_requests) == 1
    assert chart(facts, "2026-02-05").equipment_requests == ()


def test_a_request_without_an_id_is_ignored_and_one_recorded_twice_counts_once() -> None:
    facts = life(
        ASKED,
        event("equipment_request", "2026-02-05", event_id="again", id="Q", item="walker"),
        event("equipment_request", "2026-02-05", item="suction"),
    )

    assert [each.event.id for each in chart(facts, "2026-03-01").equipment_requests] == ["asked"]


@pytest.mark.parametrize(
    ("data", "name", "breathing"),
    [
        ({"item": "bpap"}, "BPAP or ventilator", True),
        ({"item": "walker"}, "Walker or rollator", False),
        ({"item": "walker", "breathing": True}, "Walker or rollator", True),
        ({"item": "suction", "breathing": False}, "Suction machine", False),
        ({"item": "bath_hoist"}, "Bath hoist", False),
        ({"item": "x1", "item_name": "Bath hoist"}, "Bath hoist", False),
        ({}, "Equipment", False),
    ],
)
def test_what_is_asked_for(data: dict[str, Any], name: str, breathing: bool) -> None:
    facts = life(event("equipment_request", "2026-02-01", id="Q", **data))

    (request,) = chart(facts, "2026-03-01").equipment_requests

    assert (request.item_name, request.breathing) == (name, breathing)


def _referral(*updates: tuple[str, str, dict[str, Any]]) -> Referral:
    sent = event("referral", "2026-02-01", id="R", discipline="palliative_care")
    hung = (event("referral_update", on, event_id=id_, id="R", **data) for id_, on, data in updates)
    (referral,) = chart(life(sent, *hung), "2026-12-31").referrals
    return referral


@pytest.mark.parametrize(
    ("updates", "latest", "cancelled"),
    [
        ([], None, False),
        ([("a", "2026-02-05", {"status": "seen"})], "a", False),
        ([("a", "2026-02-05", {"status": "cancelled"})], "a", True),
        (
            [("a", "2026-02-05", {"status": "cancelled"}), ("b", "2026-02-09", {"status": "cancelled"})],
            "a",
            True,
        ),
        (
            [
                ("a", "2026-02-05", {"status": "cancelled"}),
                ("b", "2026-02-09", {"status": "scheduled", "appointment_on": "2026-03-01"}),
            ],
            "b",
            False,
        ),
        (
            [
                ("a", "2026-02-05", {"status": "cancelled"}),
                ("b", "2026-02-09", {"status": "scheduled"}),
                ("c", "2026-02-12", {"status": "cancelled"}),
            ],
            "a",
            True,
        ),
        ([("a", "2026-02-05", {"status": "on its way"})], None, False),
    ],
)
def test_the_run_that_the_updates_of_a_referral_end_with(
    updates: list[tuple[str, str, dict[str, Any]]], latest: str | None, cancelled: bool
) -> None:
    referral = _referral(*updates)

    since = referral.latest_since

    assert (since.id if since else None, referral.cancelled) == (latest, cancelled)


def test_a_new_appointment_counts_from_the_latest_update() -> None:
    referral = _referral(
        ("a", "2026-02-05", {"status": "scheduled", "appointment_on": "2026-03-01"}),
        ("b", "2026-02-09", {"status": "scheduled", "appointment_on": "2026-03-20"}),
    )

    assert [each.id for each in (referral.latest, referral.latest_since) if each] == ["b", "a"]
