"""Synthetic people follow the catalogue's figures, and their records hang together."""

from collections import Counter
from datetime import date
from random import Random
from statistics import mean, stdev

import pytest

from exchange.cohort import figures, names
from exchange.cohort.events import draw_events
from exchange.cohort.person import Person, draw_person, kings_stage_ends

TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return [draw_person(Random(f"3:{number}"), number, TODAY) for number in range(1, 2001)]


def test_onset_regions_are_as_common_as_in_the_registry(people: list[Person]) -> None:
    found = Counter(person.course.onset_region for person in people)

    for region, share in figures.ONSET.items():
        assert found[region] / len(people) * 100 == pytest.approx(share, abs=3)


def test_ages_delays_and_lungs_are_as_published(people: list[Person]) -> None:
    courses = [person.course for person in people]
    months = [(each.diagnosed_on - each.onset_on).days / figures.DAYS_A_MONTH for each in courses]

    assert mean(each.age_at_diagnosis for each in courses) == pytest.approx(63.3, abs=1)
    assert stdev(each.age_at_diagnosis for each in courses) == pytest.approx(11.2, abs=1)
    assert mean(months) == pytest.approx(11.1, abs=1)
    assert mean(each.fvc_at_start for each in courses) == pytest.approx(90.5, abs=1.5)
    bulbar = [each.fvc_slope for each in courses if each.bulbar and 50 <= each.age_at_diagnosis <= 65]
    assert mean(bulbar) == pytest.approx(-3.2, abs=0.3)


def test_lives_are_in_order(people: list[Person]) -> None:
    for person in people:
        course = person.course
        assert person.fields["birth_on"] < course.onset_on < course.diagnosed_on <= course.enrolled_on
        assert course.enrolled_on < min(course.dies_on, TODAY)
        ends = kings_stage_ends(course)
        assert list(ends) == sorted(ends)


def test_names_are_invented(people: list[Person]) -> None:
    for person in people:
        assert set(person.fields["family_name"].split("-")) <= set(names.FAMILY)
        assert person.fields["mrn"].startswith("D-")


def test_records_stay_within_a_life(people: list[Person]) -> None:
    kinds: Counter[str] = Counter()
    for number, person in enumerate(people[:300]):
        events = draw_events(Random(number), person, TODAY)
        kinds.update(event.kind for event in events)
        assert len({event.id for event in events}) == len(events)
        assert all(person.course.enrolled_on <= event.on <= TODAY for event in events)
        assert all(event.on <= event.recorded_on <= TODAY for event in events)
        assert [event.recorded_on for event in events] == sorted(event.recorded_on for event in events)

    assert set(kinds) == {
        "bulbar_status",
        "decline",
        "deferral",
        "equipment_contact",
        "equipment_request",
        "equipment_status",
        "loaner_provided",
        "nutrition_review",
        "referral",
        "referral_update",
        "resp_assessment",
        "status_change",
        "swallow_screen",
        "team_assign",
        "withdraw_decline",
    }


def test_what_is_about_a_request_is_recorded_after_it(people: list[Person]) -> None:
    for number, person in enumerate(people[:200]):
        known: set[str] = set()
        for event in draw_events(Random(number), person, TODAY):
            known.add(event.id)
            assert event.data["id"] in known


def test_a_third_of_requests_meet_a_denial(people: list[Person]) -> None:
    asked: set[str] = set()
    denied: set[str] = set()
    approved: set[str] = set()
    for number, person in enumerate(people):
        for event in draw_events(Random(number), person, TODAY):
            if event.kind == "equipment_status":
                asked.add(event.data["id"])
                denied |= {event.data["id"]} if event.data["status"] == "denied" else set()
                approved |= {event.data["id"]} if event.data["status"] == "approved" else set()

    assert len(denied & approved) / len(approved) == pytest.approx(1 / 3, abs=0.03)


def test_half_of_the_walkers_come_within_three_days(people: list[Person]) -> None:
    took = []
    for number, person in enumerate(people):
        started: dict[str, date] = {}
        for event in draw_events(Random(number), person, TODAY):
            if event.kind == "equipment_request" and event.data["item"] == "walker":
                started[event.id] = event.on
            if event.data.get("status") == "delivered" and event.data["id"] in started:
                took.append((event.on - started[event.data["id"]]).days)

    assert sorted(took)[len(took) // 2] == pytest.approx(3, abs=1)
