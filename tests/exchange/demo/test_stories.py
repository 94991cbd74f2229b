"""The demo's stories hold on whatever day it is loaded."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from assessments.registry import kinds
from exchange.demo.people import PEOPLE, Person
from exchange.demo.staff import DEMO_ACCOUNTS
from exchange.demo.stories import life_of
from pathway.catalogue import DISCIPLINES
from pathway.chart import Chart
from pathway.due import DueWork, Severity
from pathway.engine import evaluate
from pathway.facts import Event, PatientFacts
from tests.pathway.build import USUAL

DAYS = [date(2026, 1, 1) + timedelta(days=11 * step) for step in range(80)]
"""Two and a half years, month ends and leap days among them."""


@pytest.mark.parametrize("today", [*DAYS, date(2028, 2, 29), date(2027, 5, 31)])
def test_nothing_happens_before_joining_or_after_today(today: date) -> None:
    for person in PEOPLE:
        joined = today + timedelta(days=person.enrolled)
        for scene in life_of(person, today).scenes:
            assert joined <= scene.event.recorded_on < today or scene.event.recorded_on == joined
            assert scene.event.on <= scene.event.recorded_on


def facts_of(person: Person, today: date) -> PatientFacts:
    """What the rules read of a person, the clinic's own people in every seat from the first day."""
    joined = today + timedelta(days=person.enrolled)
    seats = [
        Event(f"seat {code}", "team_assign", joined, joined, 0, {"discipline": code}) for code in DISCIPLINES
    ]
    scenes = [scene.event for scene in life_of(person, today).scenes]
    scenes.sort(key=lambda event: (event.recorded_on, event.entry))
    told = [replace(event, entry=entry, data=_told(event)) for entry, event in enumerate(scenes, start=1)]
    return PatientFacts(
        enrolled_on=joined,
        diagnosed_on=today + timedelta(days=person.diagnosed),
        onset_region=person.onset,
        baseline_weight_g=round(person.kg[0] * 1000),
        events=[*seats, *told],
    )


def _told(event: Event) -> Mapping[str, Any]:
    if event.kind not in kinds():
        return event.data
    findings = kinds()[event.kind].findings
    given = event.data.get("findings")
    read = findings.from_event_data(event.data) if given is None else findings.checked(given)
    return read.event_data()


def overdue(person: Person, today: date) -> Iterator[tuple[DueWork, Severity]]:
    """Overdue work of a person, with the severity it has risen to."""
    for work in evaluate(Chart.known_on(facts_of(person, today), today)).due:
        ladder = [(work.overdue_on, work.severity), *work.rises]
        reached = [severity for on, severity in ladder if on <= today]
        if reached:
            yield work, max(reached, key=lambda severity: severity.rank)


@pytest.mark.parametrize("today", [*DAYS[::5], date(2028, 2, 29), date(2027, 5, 31)])
def test_every_rule_is_overdue_for_one_to_nine_people_whatever_the_day(today: date) -> None:
    by_rule: Counter[str] = Counter()
    owners: Counter[str] = Counter()
    severities: set[Severity] = set()
    for person in PEOPLE:
        for work, severity in overdue(person, today):
            by_rule[work.rule] += 1
            owners[work.owner] += 1
            severities.add(severity)

    assert set(by_rule) == USUAL
    assert severities == set(Severity)
    assert max(by_rule.values()) <= 9
    assert max(owners.values()) <= 15
    assert owners.total() <= 65


def test_most_people_have_little_or_nothing_overdue() -> None:
    counts = [sum(1 for _work in overdue(person, DAYS[3])) for person in PEOPLE]

    assert sorted(counts)[len(counts) // 2] <= 1
    assert max(counts) <= 5


def test_whoever_records_something_has_an_account() -> None:
    keys = {account.key for account in DEMO_ACCOUNTS}

    for person in PEOPLE:
        assert {scene.by for scene in life_of(person, DAYS[0]).scenes} <= keys


def test_numbers_and_names_are_each_their_own() -> None:
    assert len({person.mrn for person in PEOPLE}) == len({person.name for person in PEOPLE}) == len(PEOPLE)
    assert len({account.email for account in DEMO_ACCOUNTS}) == len(DEMO_ACCOUNTS)
