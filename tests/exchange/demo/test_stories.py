"""The demo's stories hold on whatever day it is loaded."""

from datetime import date, timedelta

import pytest

from exchange.demo.people import PEOPLE
from exchange.demo.staff import DEMO_ACCOUNTS
from exchange.demo.stories import life_of
from pathway.facts import PatientFacts
from pathway.timeline import episodes

DAYS = [date(2026, 1, 1) + timedelta(days=11 * step) for step in range(80)]
"""Two and a half years, month ends and leap days among them."""


@pytest.mark.parametrize("today", [*DAYS, date(2028, 2, 29), date(2027, 5, 31)])
def test_nothing_happens_before_joining_or_after_today(today: date) -> None:
    for person in PEOPLE:
        joined = today + timedelta(days=person.enrolled)
        for scene in life_of(person, today).scenes:
            assert joined <= scene.event.recorded_on < today or scene.event.recorded_on == joined
            assert scene.event.on <= scene.event.recorded_on


@pytest.mark.parametrize("today", DAYS[::4])
def test_every_rule_is_open_in_several_ways(today: date) -> None:
    open_rules: dict[str, int] = {}
    for person in PEOPLE:
        facts = PatientFacts(
            enrolled_on=today + timedelta(days=person.enrolled),
            diagnosed_on=today + timedelta(days=person.diagnosed),
            onset_region=person.onset,
            baseline_weight_g=round(person.kg[0] * 1000),
            events=[scene.event for scene in life_of(person, today).scenes],
        )
        for episode in episodes(facts, today):
            if episode.closes_on is None:
                open_rules[episode.rule] = open_rules.get(episode.rule, 0) + 1

    assert open_rules["NUTR-3M"] >= 6
    assert open_rules["PALL-REF"] >= 4
    assert open_rules["EQ-STAGE"] >= 6
    assert open_rules["EQ-AGE"] >= 3


def test_whoever_records_something_has_an_account() -> None:
    keys = {account.key for account in DEMO_ACCOUNTS}

    for person in PEOPLE:
        assert {scene.by for scene in life_of(person, DAYS[0]).scenes} <= keys


def test_numbers_and_names_are_each_their_own() -> None:
    assert len({person.mrn for person in PEOPLE}) == len({person.name for person in PEOPLE}) == len(PEOPLE)
    assert len({account.email for account in DEMO_ACCOUNTS}) == len(DEMO_ACCOUNTS)
