"""Writing down an invented life, in days from today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from pathway.facts import Event

_STAGES = ("requested", "documented", "submitted", "denied", "appealed", "approved", "ordered", "delivered")


@dataclass(frozen=True, slots=True)
class Scene:
    """One event and the key of the account that records it."""

    event: Event
    by: str


@dataclass(slots=True)
class Life:
    """What happened to one person, collected in any order."""

    today: date
    social_worker: str
    scenes: list[Scene] = field(default_factory=list)
    _ids: Iterable[int] = field(default_factory=lambda: count(1))

    def add(self, kind: str, on: int | date, by: str, /, *, recorded: int | None = None, **data: Any) -> str:
        """Something that happened ``on`` a day, recorded the same day unless ``recorded`` says otherwise.

        Returns the id of the event.
        """
        day = self.day(on)
        entry = len(self.scenes) + 1
        id_ = f"e{entry}"
        recorded_on = day if recorded is None else self.day(recorded)
        self.scenes.append(Scene(Event(id_, kind, day, recorded_on, entry, data), by))
        return id_

    def day(self, on: int | date) -> date:
        """A day given as a date or counted from today."""
        return on if isinstance(on, date) else self.today + timedelta(days=on)

    def equipment(
        self,
        item: str,
        by: str,
        stages: Sequence[tuple[str, int | date]],
        *,
        calls: Sequence[dict[str, Any]] = (),
        loan: dict[str, Any] | None = None,
        **data: Any,
    ) -> None:
        """A request that went through ``stages``, each (stage, day); the first is its placing."""
        (_requested, asked_on), *moves = stages
        id_ = f"{item}{len(self.scenes)}"
        self.add("equipment_request", asked_on, by, id=id_, item=item, **data)
        for stage, on in moves:
            self.add("equipment_status", on, self._mover(stage), id=id_, status=stage)
        for call in calls:
            next_on = call.pop("next_call", None)
            details = {**call, "next_call_on": None if next_on is None else self.day(next_on)}
            self.add("equipment_contact", details.pop("on"), self.social_worker, id=id_, **details)
        if loan:
            due_back = loan.pop("due_back", None)
            lent = {**loan, "due_back_on": None if due_back is None else self.day(due_back)}
            self.add("loaner_provided", lent.pop("on"), "carla", id=id_, **lent)

    def _mover(self, stage: str) -> str:
        if stage == "documented":
            return "ilse"
        return "carla" if stage in ("delivered", "in_use") else self.social_worker
