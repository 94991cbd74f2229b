"""Reading timelines, and every worked patient of the catalogue."""

import json
from pathlib import Path
from typing import Any

import pytest

from pathway.settings import COMMON, ClinicSettings, RuleSetting
from pathway.timeline import TimelineError, alerts, episodes, parse, parse_facts
from tests.pathway.build import USUAL, day

PATIENT = {"enrolled_on": "2026-01-01", "onset_region": "bulbar", "clinic_tz": "America/New_York"}

WORKED = json.loads((Path(__file__).parents[1] / "data" / "timelines.json").read_text())["timelines"]


@pytest.mark.parametrize("raw", WORKED, ids=lambda raw: raw["id"])
def test_worked_patient(raw: dict[str, Any]) -> None:
    expected = [
        {name: alert[name] for name in ("rule", "subject", "opens_on", "closes_on")}
        for alert in raw["expected_alerts"]
    ]

    found = alerts(parse(raw))

    assert found == sorted(expected, key=lambda each: (each["opens_on"], each["rule"], each["subject"]))


def test_the_worked_patients_exercise_every_rule() -> None:
    named = {alert["rule"] for raw in WORKED for alert in raw["expected_alerts"]}

    assert named == USUAL


def test_a_moment_becomes_the_clinics_day() -> None:
    at_night = {"id": "a", "type": "clinic_visit", "at_utc": "2026-05-21T03:30:00Z", "data": {}}
    dated = {"id": "b", "type": "clinic_visit", "date": "2026-05-20", "at_utc": "2026-06-01T12:00:00Z"}
    naive = {"id": "c", "type": "clinic_visit", "at_utc": "2026-05-21T03:30:00"}

    facts = parse_facts(PATIENT, [at_night, dated, naive])

    assert {(event.on, event.recorded_on) for event in facts.events} == {
        (day("2026-05-20"), day("2026-05-20"))
    }


def test_order_of_entry_is_the_day_recorded_then_the_place_in_the_file() -> None:
    events = [
        {"id": "third", "type": "clinic_visit", "date": "2026-01-05", "recorded_on": "2026-01-09"},
        {"id": "first", "type": "clinic_visit", "date": "2026-01-07"},
        {"id": "fourth", "type": "clinic_visit", "date": "2026-01-09", "recorded_on": None},
        {"id": "second", "type": "clinic_visit", "date": "2026-01-07"},
    ]

    facts = parse_facts(PATIENT, events)

    assert [event.id for event in facts.events] == ["first", "second", "third", "fourth"]
    assert [event.entry for event in facts.events] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "nutrition_review",
        {},
        {"type": "clinic_visit"},
        {"type": None, "date": "2026-01-05"},
        {"type": "clinic_visit", "date": None},
        {"type": "clinic_visit", "date": "2026-02-30"},
        {"type": "clinic_visit", "date": "9999-12-31"},
        {"type": "clinic_visit", "date": "2026-01-05", "recorded_on": "later"},
        {"type": "clinic_visit", "at_utc": "midnight"},
        {"type": "clinic_visit", "at_utc": 5},
        {"type": "clinic_visit", "at_utc": "0001-01-01T00:00:00Z"},
    ],
)
def test_a_record_that_cannot_be_dated_or_named_is_passed_over(raw: object) -> None:
    assert parse_facts(PATIENT, [raw]).events == []


def test_a_record_without_an_id_or_data_is_kept() -> None:
    (event,) = parse_facts(PATIENT, [{"type": "clinic_visit", "date": "2026-01-05", "data": None}]).events

    assert (event.id, event.data) == ("#0", {})


def test_the_patients_own_data() -> None:
    facts = parse_facts({**PATIENT, "diagnosis_date": "2025-12-01", "baseline_weight_kg": 80.05}, [])

    assert (facts.enrolled_on, facts.diagnosed_on) == (day("2026-01-01"), day("2025-12-01"))
    assert (facts.onset_region, facts.baseline_weight_g) == ("bulbar", 80_050)


def test_what_is_missing_of_the_patients_own_data_is_left_open() -> None:
    facts = parse_facts({"enrolled_on": "2026-01-01"}, [])

    assert (facts.diagnosed_on, facts.onset_region, facts.baseline_weight_g) == (None, "unknown", None)


AT_JOINING = {"COG-SCREEN", "MDT-VISIT", "NUTR-3M", "PALL-REF", "RESP-3M", "SWAL-SCREEN", "TEAM-GAP"}
"""What falls overdue in a year of a life with bulbar onset about which nothing is recorded."""


@pytest.mark.parametrize(
    ("scope", "codes"),
    [
        ("ALL", AT_JOINING),
        (None, AT_JOINING),
        (["NUTR-3M", "NIV-TRIG", "NO-SUCH"], {"NUTR-3M"}),
        ([], set()),
    ],
)
def test_rules_outside_the_scope_are_left_out(scope: object, codes: set[str]) -> None:
    raw = {"id": "T", "patient": PATIENT, "as_of": "2026-12-31", "events": [], "rules_in_scope": scope}

    assert {alert["rule"] for alert in alerts(parse(raw))} == codes


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"id": "T1"}, "Timeline T1 has no patient"),
        ({"id": "T1", "patient": PATIENT}, "Timeline T1 has no as_of date"),
        ({"id": "T1", "patient": {}, "as_of": "2026-12-31"}, "Timeline T1: the patient has no enrolled_on"),
        (
            {"id": "T1", "patient": {**PATIENT, "clinic_tz": "New York"}, "as_of": "2026-12-31"},
            "Timeline T1: 'New York' is not a time zone",
        ),
        ({"patient": {}}, "Timeline without an id has no as_of date"),
    ],
)
def test_a_timeline_that_cannot_be_read_says_why(raw: dict[str, Any], message: str) -> None:
    with pytest.raises(TimelineError, match=message):
        parse(raw)


def test_a_moment_without_an_offset_is_utc_and_one_with_an_offset_is_not() -> None:
    facts = parse_facts(
        PATIENT,
        [
            {"id": "naive", "type": "clinic_visit", "at_utc": "2026-05-21T03:30:00"},
            {"id": "east", "type": "clinic_visit", "at_utc": "2026-05-21T07:30:00+09:00"},
            {"id": "west", "type": "clinic_visit", "at_utc": "2026-05-20T23:30:00-05:00"},
        ],
    )

    assert {event.id: event.on for event in facts.events} == {
        "naive": day("2026-05-20"),
        "east": day("2026-05-20"),
        "west": day("2026-05-21"),
    }


def test_without_a_time_zone_the_clinics_day_is_that_of_utc() -> None:
    facts = parse_facts(
        {"enrolled_on": "2026-01-01"},
        [
            {"type": "clinic_visit", "at_utc": "2026-05-21T00:00:00Z"},
            {"type": "clinic_visit", "at_utc": "2026-05-21T23:59:59Z"},
        ],
    )

    assert [event.on for event in facts.events] == [day("2026-05-21"), day("2026-05-21")]


def test_a_timeline_keeps_its_name_and_last_day() -> None:
    timeline = parse({"id": "T1", "patient": PATIENT, "as_of": "2026-12-31", "events": None})

    assert (timeline.id, timeline.as_of, timeline.facts.events) == ("T1", day("2026-12-31"), [])


def test_episodes_come_in_the_order_of_their_opening_and_follow_the_clinics_settings() -> None:
    facts = parse_facts(
        {"enrolled_on": "2026-01-01"},
        [{"type": "decline", "date": "2026-01-10", "data": {"topic": "nutrition_review"}}],
    )
    settings = ClinicSettings.of(
        {
            "PALL-REF": RuleSetting(parameters={"window_days": 40}),
            COMMON: RuleSetting(parameters={"reoffer_months": {"nutrition_review": 1}}),
        }
    )

    shipped, changed = episodes(facts, day("2026-05-01")), episodes(facts, day("2026-05-01"), settings)

    assert [(each.rule, each.opens_on.isoformat()) for each in shipped] == [
        ("PALL-REF", "2026-02-01"),
        ("TEAM-GAP", "2026-02-01"),
        ("RESP-3M", "2026-02-15"),
        ("COG-SCREEN", "2026-04-02"),
        ("NUTR-3M", "2026-04-10"),
        ("MDT-VISIT", "2026-04-16"),
    ]
    assert [(each.rule, each.opens_on.isoformat()) for each in changed[:4]] == [
        ("TEAM-GAP", "2026-02-01"),
        ("NUTR-3M", "2026-02-10"),
        ("PALL-REF", "2026-02-11"),
        ("RESP-3M", "2026-02-15"),
    ]
