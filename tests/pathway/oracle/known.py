"""What is known of a person at the end of one day, and the catalogue's date arithmetic."""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Order = tuple[date, date, int]


@dataclass(frozen=True)
class Fact:
    """One recorded event."""

    id: str
    kind: str
    on: date
    recorded_on: date
    place: int
    data: Mapping[str, Any]

    @property
    def entry(self) -> tuple[date, int]:
        """'Entry order is the day recorded, then the place in the file.'"""
        return (self.recorded_on, self.place)

    @property
    def order(self) -> Order:
        """'(date, entry order)'"""
        return (self.on, self.recorded_on, self.place)


def read(timeline: Mapping[str, Any]) -> list[Fact]:
    """All events of a timeline, known or not."""
    zone = timeline["patient"]["clinic_tz"]
    return [
        Fact(raw["id"], raw["type"], happened_on(raw, zone), recorded_on(raw, zone), place, raw["data"])
        for place, raw in enumerate(timeline["events"])
    ]


def happened_on(raw: Mapping[str, Any], zone: str) -> date:
    """'Dates are clinic-local. A timestamp is converted with the clinic time zone at entry.'"""
    if "at_utc" in raw:
        moment = datetime.fromisoformat(raw["at_utc"].replace("Z", "+00:00"))
        assert moment.tzinfo == UTC
        return moment.astimezone(ZoneInfo(zone)).date()
    return date.fromisoformat(raw["date"])


def recorded_on(raw: Mapping[str, Any], zone: str) -> date:
    """The day of entry, which is the day it happened unless said otherwise."""
    if raw.get("recorded_on"):
        return date.fromisoformat(raw["recorded_on"])
    return happened_on(raw, zone)


class Known:
    """'Events with recorded_on ≤ D and date ≤ D that are not voided by D', oldest first."""

    def __init__(self, patient: Mapping[str, Any], facts: list[Fact], day: date) -> None:
        self.patient = patient
        self.day = day
        self.enrolled_on = date.fromisoformat(patient["enrolled_on"])
        seen = [fact for fact in facts if fact.on <= day and fact.recorded_on <= day]
        voids = [fact for fact in seen if fact.kind == "void"]
        kept = [fact for fact in seen if not voided(fact, voids)]
        self.by_kind: dict[str, list[Fact]] = {}
        for fact in sorted(kept, key=lambda fact: fact.order):
            self.by_kind.setdefault(fact.kind, []).append(fact)

    def of(self, *kinds: str, **having: Any) -> list[Fact]:
        """Facts of these kinds whose data has these values, oldest first."""
        found = [fact for kind in kinds for fact in self.by_kind.get(kind, ()) if has(fact, having)]
        return sorted(found, key=lambda fact: fact.order) if len(kinds) > 1 else found

    def days(self, *kinds: str, **having: Any) -> list[date]:
        """The days of those facts."""
        return [fact.on for fact in self.of(*kinds, **having)]

    def late(self, due: date, grace: int = 0) -> bool:
        """'True when D > due + grace (work on the last permitted day is on time).'"""
        return self.day > due + timedelta(days=grace)


def has(fact: Fact, having: Mapping[str, Any]) -> bool:
    return all(fact.data.get(name) == value for name, value in having.items())


def voided(fact: Fact, voids: list[Fact]) -> bool:
    """'A void may itself be voided by a later-entered void, and the fact returns.'"""
    return any(
        void.data["ref"] == fact.id
        and (fact.kind != "void" or void.entry > fact.entry)
        and not voided(void, voids)
        for void in voids
    )


def add_months(day: date, months: int) -> date:
    """The same day number, or the last day of a shorter month, stepping one month at a time."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def plus(day: date, days: int) -> date:
    return day + timedelta(days=days)


def final_run(facts: list[Fact], same: Callable[[Fact], Any]) -> list[Fact]:
    """The facts at the end of the list that agree with the last one."""
    run: list[Fact] = []
    for fact in reversed(facts):
        if run and same(fact) != same(run[0]):
            break
        run.insert(0, fact)
    return run


def on_since(start: list[Fact], stop: list[Fact]) -> date | None:
    """'A course start, NIV start … is the first of its unbroken run'; None when stopped."""
    for fact in start:
        if not any(other.order > fact.order for other in stop):
            return fact.on
    return None
