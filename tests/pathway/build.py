"""Short ways to write down a life and to ask what the rules make of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from pathway.chart import DEFAULTS, Chart, Common
from pathway.due import DueWork, Silenced
from pathway.engine import evaluate
from pathway.facts import PatientFacts
from pathway.registry import rules
from pathway.settings import ClinicSettings, RuleSetting
from pathway.timeline import Watch, parse_facts, stretches

Raw = Mapping[str, Any]

ENROLLED = "2026-01-01"

ALL_ON = ClinicSettings.of({code: RuleSetting() for code, rule in rules().items() if rule.optional})
"""Every rule with the catalogue's numbers, its optional ones turned on."""

USUAL = frozenset(code for code, rule in rules().items() if not rule.optional)
"""The codes of the rules that are on as shipped."""

_ids = count()


def event(
    kind: str, on: str, /, *, event_id: str | None = None, recorded_on: str | None = None, **data: Any
) -> Raw:
    """One event of a timeline; ``data`` are its own fields."""
    raw = {"id": event_id or f"e{next(_ids)}", "type": kind, "date": on, "data": data}
    return raw if recorded_on is None else {**raw, "recorded_on": recorded_on}


def life(*events: Raw, enrolled_on: str = ENROLLED, **patient: Any) -> PatientFacts:
    """Facts of a person with limb onset unless ``patient`` says otherwise."""
    return parse_facts({"enrolled_on": enrolled_on, "onset_region": "lower_limb", **patient}, events)


def day(text: str) -> date:
    """A date from ISO text."""
    return date.fromisoformat(text)


def chart(facts: PatientFacts, on: str, common: Common = DEFAULTS) -> Chart:
    """The chart of ``facts`` on a day."""
    return Chart.known_on(facts, day(on), common)


def due(facts: PatientFacts, rule: str, on: str, subject: str = "") -> DueWork | None:
    """The due work of one rule and subject as known on a day."""
    found = evaluate(chart(facts, on), ALL_ON, only={rule}).due
    return next((work for work in found if (work.rule, work.subject) == (rule, subject)), None)


def silenced(facts: PatientFacts, rule: str, on: str, subject: str = "") -> Silenced | None:
    """The silenced work of one rule and subject as known on a day."""
    found = evaluate(chart(facts, on), ALL_ON, only={rule}).silenced
    return next((work for work in found if (work.rule, work.subject) == (rule, subject)), None)


def alerts(facts: PatientFacts, rule: str, as_of: str) -> Sequence[tuple[str, str, str | None]]:
    """(subject, opens_on, closes_on) of every alert of a rule up to a day, in the order of opening."""
    watch = Watch()
    for known, until in stretches(facts, day(as_of)):
        watch.see(known.day, until, evaluate(known, ALL_ON, only={rule}).due)
    return [
        (each.work.subject, each.opens_on.isoformat(), each.closes_on.isoformat() if each.closes_on else None)
        for each in sorted(watch.spells(), key=lambda each: (each.opens_on, each.work.subject))
    ]
