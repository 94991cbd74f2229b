"""Treatments as they stand, worked out from what was started, stopped and decided."""

import pytest

from pathway.treatments import (
    acceptances,
    cancelled_bpap_requests,
    current_course,
    gastrostomy_cancelled,
    gastrostomy_placed,
    live_bpap_requests,
    niv_in_use,
    pending_acceptance,
    tracheostomy,
)
from tests.pathway.build import Raw, chart, event, life

END = "2026-12-31"


def _ids(*events: object) -> list[str]:
    return [getattr(each, "id", "") for each in events if each is not None]


def _start(on: str, event_id: str, drug: object = "riluzole") -> Raw:
    return event("med_start", on, event_id=event_id, drug=drug)


def _stop(on: str, drug: object = "riluzole") -> Raw:
    return event("med_stop", on, drug=drug)


@pytest.mark.parametrize(
    ("events", "course"),
    [
        ([], []),
        ([_start("2026-02-01", "a")], ["a"]),
        ([_start("2026-02-01", "a"), _start("2026-03-01", "b")], ["a"]),
        ([_start("2026-02-01", "a"), _stop("2026-03-01")], []),
        ([_start("2026-02-01", "a"), _stop("2026-03-01"), _start("2026-04-01", "b")], ["b"]),
        ([_start("2026-02-01", "a"), _stop("2026-01-31")], ["a"]),
        ([_start("2026-02-01", "a"), _stop("2026-02-01")], []),
        ([_stop("2026-02-01"), _start("2026-02-01", "a")], ["a"]),
        ([_stop("2026-02-01")], []),
        ([_start("2026-02-01", "a"), _stop("2026-03-01", "edaravone")], ["a"]),
        ([_start("2026-02-01", "a", "edaravone")], []),
        ([_start("2026-02-01", "a"), _stop("2026-03-01"), _stop("2026-02-10")], []),
        (
            [
                _start("2026-02-01", "a"),
                _stop("2026-03-01"),
                _start("2026-02-10", "late entry, before the stop"),
            ],
            [],
        ),
    ],
)
def test_a_course_runs_from_the_first_start_after_the_last_stop(events: list[Raw], course: list[str]) -> None:
    assert _ids(current_course(chart(life(*events), END), "riluzole")) == course


@pytest.mark.parametrize(
    ("events", "use"),
    [
        ([], []),
        ([event("niv_start", "2026-02-01", event_id="a")], ["a"]),
        ([event("niv_start", "2026-02-01", event_id="a"), event("niv_start", "2026-03-01")], ["a"]),
        ([event("niv_start", "2026-02-01"), event("niv_stop", "2026-03-01")], []),
        ([event("niv_start", "2026-02-01"), event("niv_stop", "2026-02-01")], []),
        ([event("niv_stop", "2026-02-01"), event("niv_start", "2026-02-01", event_id="a")], ["a"]),
        (
            [
                event("niv_start", "2026-02-01"),
                event("niv_stop", "2026-03-01"),
                event("niv_start", "2026-03-05", event_id="b"),
            ],
            ["b"],
        ),
    ],
)
def test_niv_is_in_use_without_a_stop_after_its_start(events: list[Raw], use: list[str]) -> None:
    known = chart(life(*events), END)

    assert _ids(niv_in_use(known)) == _ids(known.niv_in_use) == use


def _request(id_: str, item: str = "bpap") -> Raw:
    return event("equipment_request", "2026-02-01", id=id_, item=item)


def _status(id_: str, status: str, on: str = "2026-03-01") -> Raw:
    return event("equipment_status", on, id=id_, status=status)


@pytest.mark.parametrize(
    ("events", "live", "cancelled"),
    [
        ([], [], []),
        ([_request("A"), _request("B")], ["A", "B"], []),
        ([_request("A"), _status("A", "cancelled")], [], ["A"]),
        ([_request("A"), _status("A", "cancelled"), _status("A", "ordered", "2026-03-05")], ["A"], []),
        ([_request("A"), _status("A", "in_use")], ["A"], []),
        ([_request("A"), _status("A", "transferred")], ["A"], []),
        ([_request("A", "suction"), _request("B"), _status("B", "cancelled")], [], ["B"]),
        ([_request("A", "suction"), _status("A", "cancelled"), _request("B")], ["B"], []),
    ],
)
def test_a_bpap_request_is_live_unless_its_latest_status_is_cancelled(
    events: list[Raw], live: list[str], cancelled: list[str]
) -> None:
    known = chart(life(*events), END)

    assert _ids(*live_bpap_requests(known.equipment_requests)) == _ids(*known.live_bpap_requests) == live
    assert _ids(*cancelled_bpap_requests(known.equipment_requests)) == cancelled


def test_the_first_tracheostomy_and_the_latest_placement() -> None:
    none = chart(life(), END)
    some = chart(
        life(
            event("tracheostomy", "2026-02-01", event_id="t1"),
            event("tracheostomy", "2026-03-01", event_id="t2"),
            event("gastrostomy_placed", "2026-02-01", event_id="g1"),
            event("gastrostomy_placed", "2026-03-01", event_id="g2"),
        ),
        END,
    )

    assert (tracheostomy(none), none.tracheostomy, gastrostomy_placed(none)) == (None, None, None)
    assert _ids(tracheostomy(some), some.tracheostomy, gastrostomy_placed(some)) == ["t1", "t1", "g2"]


def _accepted(on: str, event_id: str = "a", decision: object = "accepted") -> Raw:
    return event("gastrostomy_decision", on, event_id=event_id, decision=decision)


def _cancelled(on: str, event_id: str = "c") -> Raw:
    return event("gastrostomy_cancelled", on, event_id=event_id)


def _placed(on: str) -> Raw:
    return event("gastrostomy_placed", on)


def _declined(on: str, topic: str = "gastrostomy") -> Raw:
    return event("decline", on, topic=topic)


@pytest.mark.parametrize(
    ("events", "pending"),
    [
        ([], []),
        ([_accepted("2026-02-10")], ["a"]),
        ([_accepted("2026-02-10", decision="undecided")], []),
        ([_accepted("2026-02-10"), _accepted("2026-02-20", "b")], ["a"]),
        ([_accepted("2026-02-10"), _cancelled("2026-02-20")], []),
        ([_accepted("2026-02-10"), _cancelled("2026-02-09")], ["a"]),
        ([_accepted("2026-02-10"), _cancelled("2026-02-10")], []),
        ([_cancelled("2026-02-10"), _accepted("2026-02-10")], ["a"]),
        ([_accepted("2026-02-10"), _declined("2026-02-20")], []),
        ([_accepted("2026-02-10"), _declined("2026-02-10")], []),
        ([_declined("2026-02-10"), _accepted("2026-02-10")], ["a"]),
        ([_accepted("2026-02-10"), _declined("2026-02-20", "niv")], ["a"]),
        ([_accepted("2026-02-10"), _placed("2026-02-20")], []),
        ([_accepted("2026-02-10"), _placed("2026-02-10")], []),
        ([_placed("2026-02-10"), _accepted("2026-02-10")], []),
        ([_placed("2026-02-09"), _accepted("2026-02-10")], ["a"]),
        ([_accepted("2026-02-10"), _cancelled("2026-02-20"), _accepted("2026-03-01", "b")], ["b"]),
        ([_accepted("2026-02-10"), _placed("2026-02-20"), _accepted("2026-03-01", "b")], ["b"]),
        (
            [
                _accepted("2026-02-10"),
                _cancelled("2026-02-20"),
                _placed("2026-03-05"),
                _accepted("2026-03-01"),
            ],
            [],
        ),
    ],
)
def test_an_acceptance_is_pending_until_placed_cancelled_or_declined(
    events: list[Raw], pending: list[str]
) -> None:
    known = chart(life(*events), END)

    assert _ids(pending_acceptance(known)) == _ids(known.pending_gastrostomy) == pending


def test_only_a_yes_is_an_acceptance() -> None:
    facts = life(
        _accepted("2026-02-10"), _accepted("2026-02-11", "b", "declined"), _accepted("2026-02-12", "c")
    )

    assert _ids(*acceptances(chart(facts, END))) == ["a", "c"]


@pytest.mark.parametrize(
    ("events", "cancelled"),
    [
        ([], []),
        ([_cancelled("2026-02-20")], ["c"]),
        ([_accepted("2026-02-10"), _cancelled("2026-02-20")], ["c"]),
        ([_accepted("2026-02-10"), _cancelled("2026-02-20"), _cancelled("2026-03-20", "d")], ["c"]),
        (
            [
                _accepted("2026-02-10"),
                _cancelled("2026-02-20"),
                _accepted("2026-03-01", "b"),
                _cancelled("2026-03-20", "d"),
            ],
            ["d"],
        ),
        (
            [_accepted("2026-02-10"), _cancelled("2026-02-20"), _accepted("2026-03-01", "b")],
            ["c"],
        ),
        (
            [_cancelled("2026-02-20"), _accepted("2026-03-20", "b"), _cancelled("2026-03-20", "d")],
            ["d"],
        ),
        (
            [_cancelled("2026-02-20"), _cancelled("2026-03-20", "d"), _accepted("2026-03-20", "b")],
            ["c"],
        ),
    ],
)
def test_the_latest_cancellation_is_the_first_since_an_acceptance(
    events: list[Raw], cancelled: list[str]
) -> None:
    assert _ids(gastrostomy_cancelled(chart(life(*events), END))) == cancelled
