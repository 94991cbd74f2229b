"""Treatments as they stand, worked out from what was started, stopped and decided.

Nothing here is recorded as such: a course, a use or an acceptance is the first of its
unbroken run, by (date, entry order), so late entry and voids need no second truth
(catalogue 2.1).
"""

from collections.abc import Iterable, Sequence
from datetime import date

from pathway.facts import Event
from pathway.record import Record
from pathway.requests import EquipmentRequest

BPAP = "bpap"

_Order = tuple[date, date, float]


def current_course(record: Record, drug: str) -> Event | None:
    """The start of the course of ``drug`` that is running; None when there is none."""
    return _first_of_run(
        _of_drug(record, "med_start", drug), (stop.order for stop in _of_drug(record, "med_stop", drug))
    )


def niv_in_use(record: Record) -> Event | None:
    """The start of the use of non-invasive ventilation that is going on; None when there is none."""
    return _first_of_run(record.of("niv_start"), (stop.order for stop in record.of("niv_stop")))


def niv_stopped(record: Record) -> Event | None:
    """The latest stop of NIV; of several with no start between them, the first."""
    stops = record.of("niv_stop")
    if not stops:
        return None
    return _first_of_run(stops, (s.order for s in record.of("niv_start") if s.order < stops[-1].order))


def live_bpap_requests(requests: Iterable[EquipmentRequest]) -> Sequence[EquipmentRequest]:
    """Those of ``requests`` for a BPAP device whose latest status is not cancelled."""
    return [request for request in requests if request.item == BPAP and not request.cancelled]


def cancelled_bpap_requests(requests: Iterable[EquipmentRequest]) -> Sequence[EquipmentRequest]:
    """Those of ``requests`` for a BPAP device that were cancelled."""
    return [request for request in requests if request.item == BPAP and request.cancelled]


def tracheostomy(record: Record) -> Event | None:
    """The first tracheostomy recorded; None when there is none."""
    return next(iter(record.of("tracheostomy")), None)


def gastrostomy_placed(record: Record) -> Event | None:
    """The latest gastrostomy placed; None when there is none."""
    placed = record.of("gastrostomy_placed")
    return placed[-1] if placed else None


def pending_acceptance(record: Record) -> Event | None:
    """The acceptance of a gastrostomy neither placed, cancelled nor declined since.

    One placed on the day of the acceptance, or later, ends it in whatever order the two
    were recorded.
    """
    declined = (event for event in record.of("decline") if event.data.get("topic") == "gastrostomy")
    ends: list[_Order] = [event.order for event in (*record.of("gastrostomy_cancelled"), *declined)]
    ends += [(event.on, date.max, 0) for event in record.of("gastrostomy_placed")]
    return _first_of_run(acceptances(record), ends)


def acceptances(record: Record) -> Sequence[Event]:
    """Every decision to have a gastrostomy."""
    decisions = record.of("gastrostomy_decision")
    return [event for event in decisions if event.data.get("decision") == "accepted"]


def gastrostomy_cancelled(record: Record) -> Event | None:
    """The latest cancellation; of several with no acceptance between them, the first."""
    cancellations = record.of("gastrostomy_cancelled")
    if not cancellations:
        return None
    latest = cancellations[-1]
    accepted = [event.order for event in acceptances(record) if event.order < latest.order]
    return _first_of_run(cancellations, accepted)


def _first_of_run(starts: Sequence[Event], ends: Iterable[_Order]) -> Event | None:
    """The first of ``starts`` after the last of ``ends``."""
    if not starts:
        return None
    last_end = max(ends, default=None)
    return next((start for start in starts if last_end is None or start.order > last_end), None)


def _of_drug(record: Record, kind: str, drug: str) -> Sequence[Event]:
    return [event for event in record.of(kind) if event.data.get("drug") == drug]
