"""Where a person stands with the clinic, and the grace after a return (catalogue 2.1)."""

from collections.abc import Collection, Sequence

from pathway.catalogue import PATIENT_STATUSES, PatientStatus
from pathway.facts import Event
from pathway.record import Record
from pathway.value import value


@value()
class Return:
    """A change to active from a status in which fewer rules apply."""

    event: Event
    previous: PatientStatus


@value()
class Standing:
    """The status in force, the event that set it, every return to active, every election of hospice."""

    status: PatientStatus
    set_by: Event | None
    returns: Sequence[Return]
    hospice_elections: Sequence[Event]

    def last_return(self, statuses: Collection[PatientStatus]) -> Return | None:
        """The latest return from a status in which a rule for ``statuses`` did not apply."""
        if not self.returns:
            return None  # nearly everybody, and asked for every need
        return next((back for back in reversed(self.returns) if back.previous not in statuses), None)


def standing(record: Record) -> Standing:
    """Status starts as active. Of several changes on one date only the last entered counts."""
    by_day = {event.on: event for event in record.of("status_change") if _has_status(event)}
    status, set_by = PatientStatus.ACTIVE, None
    returns = []
    elections = []
    for event in by_day.values():
        previous, status, set_by = status, PatientStatus(event.data["status"]), event
        if status is PatientStatus.ACTIVE and previous is not PatientStatus.ACTIVE:
            returns.append(Return(event, previous))
        if status is PatientStatus.HOSPICE and previous is not PatientStatus.HOSPICE:
            elections.append(event)
    return Standing(status, set_by, returns, elections)


def _has_status(event: Event) -> bool:
    status = event.data.get("status")
    return isinstance(status, str) and status in PATIENT_STATUSES
