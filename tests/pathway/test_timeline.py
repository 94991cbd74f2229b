"""Reading timelines, and every worked patient of the catalogue."""

import json
from pathlib import Path
from typing import Any

import pytest

from pathway.registry import rules
from pathway.timeline import TimelineError, alerts, parse, parse_facts
from tests.pathway.build import day

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

    assert set(rules()) == named


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
