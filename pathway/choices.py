"""Declines and deferrals: when a topic is silent, and what follows (catalogue section 3).

A deferral ("in hospital until 4 May") has the date arithmetic of a decline with a
re-offer date, and is never counted or worded as one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum, auto

from pathway.dates import add_months, as_date
from pathway.due import CloseReason
from pathway.facts import Event
from pathway.findings import Measure, fvc_measured, weight_losses
from pathway.record import Record
from pathway.value import value


class Ending(Enum):
    """How a choice stopped being in force."""

    LAPSED = auto()
    """Its own date came: the day it is offered again, or the day a deferral ran until."""
    WITHDRAWN = auto()
    MATERIAL_CHANGE = auto()
    SUPERSEDED = auto()
    """A later choice of the same topic governs from then on."""


@value()
class Choice:
    """A decline or deferral and the days it is in force: from its date until before ``end``."""

    event: Event
    why: CloseReason
    end: date | None
    ending: Ending | None
    ended_by: Event | None = None

    def in_force(self, day: date) -> bool:
        """Whether it silences its topic on ``day``."""
        return self.event.on <= day and (self.end is None or day < self.end)

    @property
    def ever_in_force(self) -> bool:
        """Whether there was a day it silenced; one withdrawn the same day silenced none."""
        return self.end is None or self.event.on < self.end

    @property
    def gives_fresh_window(self) -> bool:
        """Whether its ending starts a full window anew."""
        return self.ending in (Ending.WITHDRAWN, Ending.MATERIAL_CHANGE)


def choices_about(record: Record, topic: str, reoffer_months: int) -> Sequence[Choice]:
    """Every decline and every deferral of ``topic``, each kind oldest first."""
    declines = _Track(
        CloseReason.DECLINED,
        openers=_about(topic, record.of("decline")),
        withdrawals=sorted(_withdrawals(record, topic), key=lambda event: event.order),
        lapses_on=lambda decline: _reoffer_on(decline, reoffer_months),
        changed_by=lambda decline: _material_change(record, topic, decline),
    )
    deferrals = _Track(
        CloseReason.DEFERRED,
        openers=[event for event in _about(topic, record.of("deferral")) if _until(event)],
        withdrawals=sorted(_ended_deferrals(record, topic), key=lambda event: event.order),
        lapses_on=_until,
        changed_by=lambda deferral: _material_change(record, topic, deferral),
    )
    return [*declines.choices(), *deferrals.choices()]


def topics_chosen(record: Record) -> set[str]:
    """Topics about which anything was ever chosen."""
    chosen = (*record.of("decline"), *record.of("deferral"))
    return {topic for event in chosen if isinstance(topic := event.data.get("topic"), str)}


@value()
class _Track:
    """Choices of one kind about one topic, in order; the latest governs."""

    why: CloseReason
    openers: Sequence[Event]
    withdrawals: Sequence[Event]
    lapses_on: Callable[[Event], date | None]
    changed_by: Callable[[Event], Event | None]

    def choices(self) -> Iterator[Choice]:
        for place, opener in enumerate(self.openers):
            later = self.openers[place + 1] if place + 1 < len(self.openers) else None
            yield self._choice(opener, later)

    def _choice(self, opener: Event, later: Event | None) -> Choice:
        """The earliest ending wins; on one date, that a choice had lapsed comes first."""
        endings: list[tuple[date, Ending, Event | None]] = []
        if lapse := self.lapses_on(opener):
            endings.append((lapse, Ending.LAPSED, None))
        if withdrawal := self._withdrawal(opener, later):
            endings.append((withdrawal.on, Ending.WITHDRAWN, withdrawal))
        if later:
            endings.append((later.on, Ending.SUPERSEDED, later))
        if change := self.changed_by(opener):
            endings.append((change.on, Ending.MATERIAL_CHANGE, change))
        if not endings:
            return Choice(opener, self.why, None, None)
        return Choice(opener, self.why, *min(endings, key=lambda ending: ending[0]))

    def _withdrawal(self, opener: Event, later: Event | None) -> Event | None:
        """Decline and withdrawal switch on and off, so they compare (date, entry order)."""
        return next(
            (
                event
                for event in self.withdrawals
                if opener.order < event.order and (later is None or event.order < later.order)
            ),
            None,
        )


def _about(topic: str, events: Sequence[Event]) -> Sequence[Event]:
    return [event for event in events if event.data.get("topic") == topic]


def _until(deferral: Event) -> date | None:
    return as_date(deferral.data.get("until"))


def _is_permanent(decline: Event) -> bool:
    return decline.data.get("permanent") is True


def _reoffer_on(decline: Event, months: int) -> date | None:
    if _is_permanent(decline):
        return None
    return as_date(decline.data.get("reoffer_on")) or add_months(decline.on, months)


def _withdrawals(record: Record, topic: str) -> Sequence[Event]:
    return [*_about(topic, record.of("withdraw_decline")), *_asked_for(record, topic)]


def _ended_deferrals(record: Record, topic: str) -> Sequence[Event]:
    return [*_about(topic, record.of("withdraw_deferral")), *_asked_for(record, topic)]


def _asked_for(record: Record, topic: str) -> Sequence[Event]:
    """Asking to talk withdraws a decline, and ends a deferral, of the end-of-life discussion."""
    if topic != "eol_discussion":
        return []
    return [event for event in record.of("eol_trigger") if event.data.get("reason") == "patient_request"]


def _material_change(record: Record, topic: str, decline: Event) -> Event | None:
    """The first crossing of the topic's threshold after ``decline``, if none came before."""
    if topic not in _CROSSINGS or _is_permanent(decline):
        return None
    first = next(iter(_CROSSINGS[topic](record)), None)
    return first.event if first and first.event.on > decline.on else None


def _fvc_below_50(record: Record) -> Sequence[Measure]:
    return [measure for measure in fvc_measured(record) if measure.value < 50]


def _weight_loss_of_10_pct(record: Record) -> Sequence[Measure]:
    return weight_losses(record, at_least_pct=10)


_CROSSINGS: Mapping[str, Callable[[Record], Sequence[Measure]]] = {
    "niv": _fvc_below_50,
    "gastrostomy": _weight_loss_of_10_pct,
}
