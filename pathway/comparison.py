"""What a change of settings would have meant for one person: two sets of alerts side by side.

Both are judged day by day on what was recorded, with each fact known from the day it was
recorded and each mistake until the day it was marked.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pathway.catalogue import PatientStatus
from pathway.engine import evaluate
from pathway.facts import PatientFacts
from pathway.settings import ClinicSettings
from pathway.timeline import Spell, Watch, stretches

IN_CARE = frozenset({PatientStatus.ACTIVE, PatientStatus.HOSPICE})


class Difference(StrEnum):
    """How an alert under the draft differs from the one under the settings in force."""

    OPENED = "opened"
    NOT_OPENED = "not_opened"
    OPENED_EARLIER = "opened_earlier"
    OPENED_LATER = "opened_later"
    CLOSED_EARLIER = "closed_earlier"
    CLOSED_LATER = "closed_later"


@dataclass(frozen=True, slots=True)
class Differs:
    """One alert that differs; ``now`` None where only the draft gives it, ``then`` where it gives none."""

    how: Difference
    now: Spell | None
    then: Spell | None

    @property
    def spell(self) -> Spell:
        """The alert to name it by: the draft's, else the one it does without."""
        found = self.then or self.now
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Alerts of one person that opened within the time looked at, and what differs.

    ``now`` is under the settings in force, ``then`` under the draft. ``days`` are those
    on which the person was in care, hospice included.
    """

    now: Sequence[Spell]
    then: Sequence[Spell]
    differs: Sequence[Differs]
    days: int


def compare(
    facts: PatientFacts,
    since: date,
    as_of: date,
    *,
    in_force: ClinicSettings,
    draft: ClinicSettings,
    only: Collection[str],
) -> Comparison:
    """Alerts of some rules from ``since`` to ``as_of`` under two settings.

    The day before ``since`` is looked at too: alerts already open then are compared, but
    not counted as opened.
    """
    start = since - timedelta(days=1)
    now, days = _alerts(facts, start, as_of, in_force, only)
    then, _days = _alerts(facts, start, as_of, draft, only)
    return Comparison(
        now=[each for each in now if each.opens_on >= since],
        then=[each for each in then if each.opens_on >= since],
        differs=list(_differences(now, then, since)),
        days=days,
    )


def _alerts(
    facts: PatientFacts, start: date, as_of: date, settings: ClinicSettings, only: Collection[str]
) -> tuple[list[Spell], int]:
    """Alerts by opening day, and the days in care; those open at the start open on that day."""
    watch, days = Watch(), 0
    for chart, until in stretches(facts, as_of, since=start, common=settings.common):
        watch.see(chart.day, until, evaluate(chart, settings, only=only).due)
        if chart.standing.status in IN_CARE:
            days += (until - max(chart.day, start + timedelta(days=1))).days
    return sorted(watch.spells(), key=_place), days


def _place(spell: Spell) -> tuple[date, str, str]:
    return (spell.opens_on, spell.work.rule, spell.work.subject)


def _differences(now: Iterable[Spell], then: Iterable[Spell], since: date) -> Iterable[Differs]:
    """Pair alerts about the same work that overlap; what is left over is on one side alone."""
    left = list(then)
    for spell in now:
        other = next((each for each in left if _is_same(spell, each)), None)
        if other is None:
            how = Difference.NOT_OPENED if spell.opens_on >= since else Difference.CLOSED_EARLIER
            yield Differs(how, spell, None)
            continue
        left.remove(other)
        yield from _moved(spell, other)
    for spell in left:
        if spell.opens_on >= since:
            yield Differs(Difference.OPENED, None, spell)


def _is_same(one: Spell, other: Spell) -> bool:
    same = (one.work.rule, one.work.subject) == (other.work.rule, other.work.subject)
    return same and _end(one) > other.opens_on and _end(other) > one.opens_on


def _moved(now: Spell, then: Spell) -> Iterable[Differs]:
    if then.opens_on != now.opens_on:
        earlier = then.opens_on < now.opens_on
        yield Differs(Difference.OPENED_EARLIER if earlier else Difference.OPENED_LATER, now, then)
    if _end(then) != _end(now):
        earlier = _end(then) < _end(now)
        yield Differs(Difference.CLOSED_EARLIER if earlier else Difference.CLOSED_LATER, now, then)


def _end(spell: Spell) -> date:
    return spell.closes_on or date.max
