"""A person's recorded life as plain data, and the alerts the rules give day by day.

The form is that of a timelines file: dates as ISO text, ``at_utc`` for a moment to be
turned into the clinic's day, ``recorded_on`` for the day of entry. Records that a form
would refuse are passed over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pathway import clock
from pathway.chart import DEFAULTS, Chart, Common
from pathway.dates import as_date
from pathway.due import DueWork
from pathway.engine import evaluate
from pathway.facts import Event, PatientFacts
from pathway.findings import number
from pathway.settings import SHIPPED, ClinicSettings


class TimelineError(ValueError):
    """A timeline that cannot be read at all; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """One person's facts, how far to follow them, and which rules to look at (None = all)."""

    id: str
    facts: PatientFacts
    as_of: date
    scope: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, order=True)
class Episode:
    """One alert: open from ``opens_on`` until before ``closes_on``, None while still open."""

    opens_on: date
    rule: str
    subject: str
    closes_on: date | None


def parse(raw: Mapping[str, Any]) -> Timeline:
    """Read one timeline. Raises TimelineError without patient, enrolment or as_of."""
    name = str(raw.get("id", "without an id"))
    patient = raw.get("patient")
    if not isinstance(patient, Mapping):
        raise TimelineError(f"Timeline {name} has no patient.")
    if (as_of := as_date(raw.get("as_of"))) is None:
        raise TimelineError(f"Timeline {name} has no as_of date.")
    try:
        facts = parse_facts(patient, raw.get("events") or ())
    except TimelineError as error:
        raise TimelineError(f"Timeline {name}: {error}") from None
    scope = raw.get("rules_in_scope")
    only = frozenset(map(str, scope)) if isinstance(scope, list | tuple) else None
    return Timeline(name, facts, as_of, only)


def parse_facts(patient: Mapping[str, Any], events: Iterable[Any]) -> PatientFacts:
    """Facts of one person; events may come in any order. Raises TimelineError."""
    if (enrolled_on := as_date(patient.get("enrolled_on"))) is None:
        raise TimelineError("the patient has no enrolled_on date.")
    baseline_kg = number(patient.get("baseline_weight_kg"))
    return PatientFacts(
        enrolled_on=enrolled_on,
        diagnosed_on=as_date(patient.get("diagnosis_date")),
        onset_region=str(patient.get("onset_region") or "unknown"),
        baseline_weight_g=None if baseline_kg is None else round(baseline_kg * 1000),
        events=_in_order_of_entry(events, _zone(patient.get("clinic_tz"))),
    )


def episodes(facts: PatientFacts, as_of: date, settings: ClinicSettings = SHIPPED) -> list[Episode]:
    """Every alert from enrolment to ``as_of``, by opening day, rule and subject.

    Looks only on days when the chart changes, which is also what the sweep relies on.
    """
    watch = Watch()
    for chart, until in stretches(facts, as_of, common=settings.common):
        watch.see(chart.day, until, evaluate(chart, settings).due)
    return sorted(
        (
            Episode(each.opens_on, each.work.rule, each.work.subject, each.closes_on)
            for each in watch.spells()
        ),
        key=lambda each: (each.opens_on, each.rule, each.subject),
    )


@dataclass(frozen=True, slots=True)
class Spell:
    """One alert with the work it was opened for; ``closes_on`` None while still open."""

    opens_on: date
    closes_on: date | None
    work: DueWork


class Watch:
    """Follows due work from stretch to stretch and says which alerts it gave."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], tuple[date, DueWork]] = {}
        self._closed: list[Spell] = []

    def see(self, day: date, until: date, due: Iterable[DueWork]) -> None:
        """What is due from ``day`` until before ``until``."""
        overdue = {
            (work.rule, work.subject): (max(work.overdue_on, day), work)
            for work in due
            if work.overdue_on < until
        }
        for key in [key for key in self._open if key not in overdue or overdue[key][0] != day]:
            self._close(key, day)
        for key, since in overdue.items():
            self._open.setdefault(key, since)

    def spells(self) -> list[Spell]:
        """Every alert so far, in no particular order."""
        return [*self._closed, *(Spell(since, None, work) for since, work in self._open.values())]

    def _close(self, key: tuple[str, str], day: date) -> None:
        since, work = self._open.pop(key)
        self._closed.append(Spell(since, day, work))


def alerts(timeline: Timeline) -> list[dict[str, str | None]]:
    """The alerts of a timeline as ISO text, rules outside its scope left out."""
    return [
        {
            "rule": episode.rule,
            "subject": episode.subject,
            "opens_on": episode.opens_on.isoformat(),
            "closes_on": episode.closes_on.isoformat() if episode.closes_on else None,
        }
        for episode in episodes(timeline.facts, timeline.as_of)
        if timeline.scope is None or episode.rule in timeline.scope
    ]


def stretches(
    facts: PatientFacts, as_of: date, *, since: date = date.min, common: Common = DEFAULTS
) -> Iterator[tuple[Chart, date]]:
    """Spans during which the chart stays the same: the chart of the first day, the day after the last.

    They run from enrolment, or from ``since`` if that is later, to ``as_of``.
    """
    end = as_of + timedelta(days=1)
    day = max(facts.enrolled_on, since)
    recorded = sorted({event.recorded_on for event in facts.events if event.recorded_on > day})
    while day < end:
        chart = Chart.known_on(facts, day, common)
        later = [on for on in recorded if on > day][:1]
        if again := chart.look_again_on:
            later.append(again)
        until = min([*later, end])
        yield chart, until
        day = until


def _in_order_of_entry(events: Iterable[Any], zone: str) -> Sequence[Event]:
    read = [event for place, raw in enumerate(events) if (event := _event(raw, place, zone))]
    read.sort(key=lambda event: (event.recorded_on, event.entry))
    return [replace(event, entry=entry) for entry, event in enumerate(read, start=1)]


def _event(raw: Any, place: int, zone: str) -> Event | None:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("type"), str):
        return None
    on = as_date(raw.get("date")) or _local_date(raw.get("at_utc"), zone)
    recorded_on = on if raw.get("recorded_on") is None else as_date(raw["recorded_on"])
    if on is None or recorded_on is None:
        return None
    data = raw.get("data")
    id_ = f"#{place}" if raw.get("id") is None else str(raw["id"])
    return Event(id_, raw["type"], on, recorded_on, place, data if isinstance(data, Mapping) else {})


def _local_date(moment: Any, zone: str) -> date | None:
    if not isinstance(moment, str):
        return None
    try:
        read = datetime.fromisoformat(moment)
        aware = read if read.tzinfo else read.replace(tzinfo=UTC)
        return as_date(clock.local_date(aware, zone))
    except (ValueError, OverflowError):
        return None


def _zone(name: Any) -> str:
    if name is None:
        return "UTC"
    try:
        return ZoneInfo(name).key
    except (ValueError, TypeError, ZoneInfoNotFoundError, OSError):
        raise TimelineError(f"{name!r} is not a time zone.") from None
