"""The events known on a day: not recorded later, not dated ahead, not entered in error."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from pathway.facts import Event, PatientFacts

_by_order = attrgetter("order")


@dataclass(frozen=True)
class Record:
    """What is known of a person on ``day``.

    ``ahead`` holds what is recorded but dated later; it counts from its own day.
    """

    patient: PatientFacts
    day: date
    kinds: dict[str, list[Event]] = field(default_factory=dict)
    ahead: tuple[Event, ...] = ()

    def of(self, kind: str) -> Sequence[Event]:
        """Known events of a kind, oldest first by (date, entry order)."""
        return self.kinds.get(kind, ())

    def with_flag(self, kind: str, name: str) -> Sequence[Event]:
        """Known events of a kind whose ``name`` is a plain yes or no."""
        return [event for event in self.of(kind) if isinstance(event.data.get(name), bool)]

    def where(self, kind: str, name: str) -> Sequence[Event]:
        """Known events of a kind whose ``name`` is yes."""
        return [event for event in self.of(kind) if event.data.get(name) is True]

    def latest(self, kind: str) -> Event | None:
        """The latest known event of a kind; None when there is none."""
        events = self.of(kind)
        return events[-1] if events else None


def read(patient: PatientFacts, day: date) -> Record:
    """The record of ``patient`` as known at the end of ``day``."""
    known: list[Event] = []
    voids: list[Event] = []
    ahead: list[Event] = []
    for event in patient.events:
        if event.recorded_on > day:
            continue
        if event.on > day:
            ahead.append(event)
        elif event.kind == "void":
            voids.append(event)
        else:
            known.append(event)
    gone = _voided(voids)
    kinds: dict[str, list[Event]] = {}
    for event in sorted(known, key=_by_order):
        if event.id not in gone:
            kinds.setdefault(event.kind, []).append(event)
    return Record(patient, day, kinds, tuple(event for event in ahead if _still_ahead(event, gone)))


def _still_ahead(event: Event, gone: set[str]) -> bool:
    """A void dated ahead may be undone by a later one only, so its day is looked at in any case."""
    return event.kind == "void" or event.id not in gone


def _voided(voids: Iterable[Event]) -> set[str]:
    """Ids entered in error; a void is itself undone only by one entered after it."""
    gone: set[str] = set()
    for void in sorted(voids, key=lambda void: (void.recorded_on, void.entry), reverse=True):
        if void.id not in gone:
            ref = void.data.get("ref")
            if ref is not None and str(ref) != void.id:
                gone.add(str(ref))
    return gone
