"""Synthetic people follow the catalogue's figures, and their records hang together."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from random import Random
from statistics import mean, median, stdev

import pytest

from exchange.cohort import figures, names
from exchange.cohort.events import draw_events
from exchange.cohort.person import Person, draw_person, kings_stage_ends
from pathway.facts import Event
from pathway.stages import Function

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


def test_function_declines_as_published(people: list[Person]) -> None:
    at_start = [person.course.function_at_start for person in people]
    slopes = [person.course.function_slope for person in people]

    assert median(at_start) == pytest.approx(38, abs=1)
    assert mean(slopes) == pytest.approx(0.99, abs=0.12)


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
        "advance_directive",
        "alsfrs_r",
        "aspiration_pneumonia",
        "bulbar_status",
        "clinic_visit",
        "cognitive_screen",
        "cycle_start",
        "decline",
        "deferral",
        "dysphagia_plan",
        "eol_discussion",
        "eol_trigger",
        "equipment_contact",
        "equipment_request",
        "equipment_status",
        "gastrostomy_cancelled",
        "gastrostomy_decision",
        "gastrostomy_placed",
        "gastrostomy_plan_review",
        "lft",
        "loaner_provided",
        "med_start",
        "med_stop",
        "niv_adherence_review",
        "niv_device_update",
        "niv_start",
        "niv_stop",
        "nutrition_review",
        "prescriber_decision",
        "referral",
        "referral_update",
        "resp_assessment",
        "safety_plan",
        "sialorrhea",
        "sialorrhea_response",
        "sialorrhea_treatment",
        "status_change",
        "swallow_screen",
        "team_assign",
        "tracheostomy",
        "vfss",
        "withdraw_decline",
    }


@pytest.fixture(scope="module")
def alive(people: list[Person]) -> list[Sequence[Event]]:
    """The records of those in active care today."""
    lives = [draw_events(Random(number), person, TODAY) for number, person in enumerate(people)]
    return [life for life in lives if not any(event.kind == "status_change" for event in life)]


def share(lives: list[Sequence[Event]], holds: Callable[[Sequence[Event]], bool]) -> float:
    """The share of lives of which something holds."""
    return sum(map(holds, lives)) / len(lives)


def days_of(life: Sequence[Event], kind: str, **data: object) -> list[date]:
    """The days of what was recorded of a kind, with this in its findings or data."""
    return sorted(
        event.on
        for event in life
        if event.kind == kind and data.items() <= {**event.data, **event.data.get("findings", {})}.items()
    )


def test_as_many_take_riluzole_as_in_the_registry(alive: list[Sequence[Event]]) -> None:
    def takes(life: Sequence[Event]) -> bool:
        started, stopped = (days_of(life, kind, drug="riluzole") for kind in ("med_start", "med_stop"))
        return len(started) > len(stopped)

    assert share(alive, takes) == pytest.approx(figures.ON_RILUZOLE, abs=0.05)


def test_ventilation_tubes_and_wheelchairs_are_as_common_as_published(alive: list[Sequence[Event]]) -> None:
    """Now: NIV 30.0 %, wheelchair or scooter 32.8 %; tubes ever 24.4 % (Piemonte), fewer while alive."""

    def wheels(life: Sequence[Event]) -> bool:
        chairs = ("power_wheelchair", "manual_wheelchair")
        return any(days_of(life, "equipment_request", item=chair) for chair in chairs)

    assert share(alive, lambda life: bool(days_of(life, "niv_start"))) == pytest.approx(0.30, abs=0.08)
    assert share(alive, wheels) == pytest.approx(0.328, abs=0.12)
    assert share(alive, lambda life: bool(days_of(life, "gastrostomy_placed"))) == pytest.approx(
        0.2, abs=0.06
    )


def test_a_fifth_of_the_screens_find_executive_dysfunction(alive: list[Sequence[Event]]) -> None:
    screened = [life for life in alive if days_of(life, "cognitive_screen")]

    impaired = share(screened, lambda life: bool(days_of(life, "cognitive_screen", impaired=True)))
    executive = share(screened, lambda life: bool(days_of(life, "cognitive_screen", executive_impaired=True)))

    assert impaired == pytest.approx(figures.COGNITION_IMPAIRED, abs=0.05)
    assert executive == pytest.approx(figures.EXECUTIVE_IMPAIRED, abs=0.05)


def test_visits_are_three_months_apart_and_some_are_missed(alive: list[Sequence[Event]]) -> None:
    gaps = [
        (later - earlier).days for life in alive for earlier, later in pairwise(days_of(life, "clinic_visit"))
    ]

    assert median(gaps) == pytest.approx(91, abs=2)
    assert sum(gap > 106 for gap in gaps) / len(gaps) == pytest.approx(0.18, abs=0.06)


def test_stages_follow_from_what_is_recorded(alive: list[Sequence[Event]]) -> None:
    """Every score is complete; a tube and ventilation show in the items that ask for them."""
    scores = [event.data["findings"] for life in alive for event in life if event.kind == "alsfrs_r"]

    assert all(Function.read(findings) is not None for findings in scores)
    assert any("cutting_5b" in findings for findings in scores)
    assert {findings["ventilation"] for findings in scores} == {2, 4}


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
