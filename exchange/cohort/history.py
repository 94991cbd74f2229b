"""Collecting what a clinic records about one synthetic person."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from exchange.cohort.person import Person, lognormal
from pathway.facts import Event


class History:
    """Collects events up to a day; each is recorded the same day or, now and then, later.

    ``visits`` are the days on which the person was seen in clinic, in order.
    """

    def __init__(self, random: Random, person: Person, as_of: date) -> None:
        self.random = random
        self.person = person
        self.as_of = as_of
        self.until = min(as_of, person.course.dies_on)
        self.visits_until = self.until
        self.visits: list[date] = []
        self.events: list[Event] = []
        self._recorded: dict[str, date] = {}

    def add(self, kind: str, on: date, **data: Any) -> str | None:
        """Something that happened; nothing after the last day is kept. Returns its id."""
        if on > self.until:
            return None
        number = len(self.events) + 1
        id_ = f"{self.person.fields['external_id']}-{number:03}"
        data = {"external_id": id_, "id": id_, **data}
        recorded_on = min(on + timedelta(days=self._delay()), self.as_of)
        recorded_on = max(recorded_on, self._recorded.get(data["id"], recorded_on))
        self._recorded[id_] = recorded_on
        self.events.append(Event(id_, kind, on, recorded_on, number, data))
        return id_

    def find(self, kind: str, on: date, **findings: Any) -> str | None:
        """An assessment with its findings; none once visits have ended (hospice)."""
        return self.add(kind, on, findings=findings) if on <= self.visits_until else None

    def of(self, kind: str) -> Sequence[Event]:
        """What was found of a kind, by day."""
        return sorted((event for event in self.events if event.kind == kind), key=lambda event: event.on)

    def chance(self, share: float) -> bool:
        """True as often as the share."""
        return self.random.random() < share

    def after(self, day: date, median: float, sigma: float = 0.45) -> date:
        """A day later, by about ``median`` days."""
        return day + timedelta(days=round(lognormal(self.random, median, sigma)))

    def within(self, day: date, low: int, high: int) -> date:
        """A day from ``low`` to ``high`` days later; below zero for days before."""
        return day + timedelta(days=self.random.randint(low, high))

    def visit_by(self, day: date) -> date | None:
        """The last visit on or before a day."""
        return max((visit for visit in self.visits if visit <= day), default=None)

    def _delay(self) -> int:
        drawn = self.random.random()
        if drawn < 0.85:
            return 0
        return self.random.randint(1, 3) if drawn < 0.97 else self.random.randint(4, 21)
