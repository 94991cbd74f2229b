"""Equipment requests and referrals, with what was recorded about each.

What hangs on an unknown request or referral, or on one entered in error, is ignored.
Repeats reset nothing: a stage lasts from the first of its unbroken run (catalogue 2.1).
"""

from collections.abc import Callable, Mapping, Sequence

from pathway.catalogue import ITEMS, REFERRAL_STATUSES, STAGES, TERMINAL_STAGES, ReferralStatus, Stage
from pathway.dates import as_date
from pathway.facts import Event
from pathway.record import Record
from pathway.value import value


@value()
class EquipmentRequest:
    """A request and the stage it is in since ``stage_set_by``, the first of its run."""

    id: str
    event: Event
    stage: Stage
    stage_set_by: Event

    @property
    def item(self) -> str:
        """Code of the item asked for; "" where none was recorded."""
        return _text(self.event, "item")

    @property
    def item_name(self) -> str:
        """Name of the item: as recorded, else the catalogue's, else its code in words."""
        known = ITEMS.get(self.item)
        words = self.item.replace("_", " ").capitalize() or "Equipment"
        return _text(self.event, "item_name") or (known.name if known else words)

    @property
    def breathing(self) -> bool:
        """Whether someone's breathing hangs on it: as recorded, else by the item."""
        recorded = self.event.data.get("breathing")
        known = ITEMS.get(self.item)
        return recorded if isinstance(recorded, bool) else known is not None and known.breathing

    @property
    def cancelled(self) -> bool:
        """Whether it was cancelled and not taken up again."""
        return self.stage is Stage.CANCELLED

    @property
    def terminal(self) -> bool:
        """Whether nothing more is expected to happen."""
        return self.stage in TERMINAL_STAGES

    def discipline(self, role: str) -> str:
        """The discipline recorded under ``role``, such as "requested_by"; "" if none."""
        return _text(self.event, role)


@value()
class Referral:
    """A referral, its latest update, and the first of the run of equal updates that ends there.

    A repeated cancellation keeps the date of the first; a new appointment counts from the latest.
    """

    id: str
    event: Event
    latest: Event | None
    latest_since: Event | None

    @property
    def discipline(self) -> str:
        """Code of the discipline referred to."""
        return _text(self.event, "discipline")

    @property
    def cancelled(self) -> bool:
        """Whether the latest update cancels it."""
        return self.latest is not None and self.latest.data["status"] == ReferralStatus.CANCELLED


def equipment_requests(record: Record) -> Sequence[EquipmentRequest]:
    """Every known request, oldest first."""
    requests = _by_id(record.of("equipment_request"))
    if not requests:
        return ()
    changes = _grouped(record.of("equipment_status"), _is_stage)
    return [_equipment_request(id_, event, changes.get(id_, ())) for id_, event in requests.items()]


def referrals(record: Record) -> Sequence[Referral]:
    """Every known referral, oldest first."""
    sent = _by_id(record.of("referral"))
    if not sent:
        return ()
    updates = _grouped(record.of("referral_update"), _is_update)
    return [_referral(id_, event, updates.get(id_, ())) for id_, event in sent.items()]


def _equipment_request(id_: str, event: Event, changes: Sequence[Event]) -> EquipmentRequest:
    if not changes:
        return EquipmentRequest(id_, event, Stage.REQUESTED, event)
    since = _since(changes)
    stage = Stage(since.data["status"])
    if stage is Stage.REQUESTED and all(change.data["status"] == stage for change in changes):
        since = event
    return EquipmentRequest(id_, event, stage, since)


def _referral(id_: str, event: Event, updates: Sequence[Event]) -> Referral:
    if not updates:
        return Referral(id_, event, None, None)
    return Referral(id_, event, updates[-1], _since(updates))


def _since(changes: Sequence[Event]) -> Event:
    """The first of the run of equal statuses that ``changes`` ends with."""
    first = changes[-1]
    for change in reversed(changes):
        if change.data["status"] != first.data["status"]:
            break
        first = change
    return first


def _by_id(events: Sequence[Event]) -> Mapping[str, Event]:
    """Events by the id they carry; one recorded twice counts from its first record."""
    found: dict[str, Event] = {}
    for event in events:
        if id_ := _id(event):
            found.setdefault(id_, event)
    return found


def _grouped(events: Sequence[Event], accepts: Callable[[Event], bool]) -> Mapping[str, Sequence[Event]]:
    groups: dict[str, list[Event]] = {}
    for event in events:
        if accepts(event):
            groups.setdefault(_id(event), []).append(event)
    return groups


def _is_stage(event: Event) -> bool:
    status = event.data.get("status")
    return isinstance(status, str) and status in STAGES


def _is_update(event: Event) -> bool:
    """ "Scheduled" without an appointment is as if not recorded."""
    status = event.data.get("status")
    if status == ReferralStatus.SCHEDULED:
        return as_date(event.data.get("appointment_on")) is not None
    return isinstance(status, str) and status in REFERRAL_STATUSES


def _id(event: Event) -> str:
    id_ = event.data.get("id")
    return "" if id_ is None else str(id_)


def _text(event: Event, name: str) -> str:
    value = event.data.get(name)
    return value if isinstance(value, str) else ""
