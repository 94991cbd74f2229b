"""The whole chain: services, reconcile, sweep and alerts give what the rules alone give."""

import json
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings

from exchange.replay import replay, through_rules
from exchange.services.replaying import through_database
from pathway.catalogue import DISCIPLINES
from patients.models import Patient
from teams.models import Clinic
from tests.pathway.build import USUAL
from tests.pathway.lives import life as life_number
from tests.pathway.lives import timelines

PUBLIC = json.loads((Path(__file__).parents[1] / "data" / "timelines.json").read_text())["timelines"]


def expected(timeline: dict[str, Any]) -> list[dict[str, Any]]:
    """What a public timeline expects, to the day."""
    kept = ("rule", "subject", "opens_on", "closes_on")
    return sorted(
        ({name: alert[name] for name in kept} for alert in timeline["expected_alerts"]),
        key=lambda alert: (alert["opens_on"], alert["rule"], alert["subject"]),
    )


@pytest.mark.parametrize("timeline", PUBLIC, ids=lambda timeline: timeline["id"])
def test_every_public_timeline_through_the_rules(timeline: dict[str, Any]) -> None:
    assert through_rules(timeline)["alerts"] == expected(timeline)


@pytest.mark.django_db
@pytest.mark.parametrize("timeline", PUBLIC, ids=lambda timeline: timeline["id"])
def test_every_public_timeline_through_the_database(timeline: dict[str, Any]) -> None:
    answer = through_database(timeline)

    assert answer["alerts"] == expected(timeline)
    assert (answer["refused"], answer["not_recorded"]) == ([], {})


@pytest.mark.django_db
@pytest.mark.parametrize("timeline", PUBLIC, ids=lambda timeline: timeline["id"])
def test_under_all_rules_both_ways_agree(timeline: dict[str, Any]) -> None:
    widened = {**timeline, "rules_in_scope": "ALL"}

    assert through_database(widened)["alerts"] == through_rules(widened)["alerts"]


@pytest.mark.django_db
def test_what_services_refuse_is_listed_and_nothing_is_kept() -> None:
    timeline = {
        "id": "T1",
        "patient": {"enrolled_on": "2026-01-01", "onset_region": "nowhere", "clinic_tz": "Europe/London"},
        "as_of": "2026-03-01",
        "events": [
            {"id": "heavy", "type": "nutrition_review", "date": "2026-01-05", "data": {"weight_kg": 631}},
            {"id": "lost", "type": "equipment_status", "date": "2026-01-06", "data": {"id": "Q9"}},
            {"id": "moon", "type": "horoscope", "date": "2026-01-07", "data": {"sign": "Leo"}},
        ],
    }

    answer = through_database(timeline)

    assert [each["id"] for each in answer["refused"]] == ["heavy", "lost"]
    assert "Did you mean 63.1?" in answer["refused"][0]["reason"]
    assert answer["not_recorded"] == {"horoscope": 1}
    assert [alert["rule"] for alert in answer["alerts"]] == [
        "NUTR-3M",
        "PALL-REF",
        "TEAM-GAP",
        "RESP-3M",
    ]
    assert (Clinic.objects.count(), Patient.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_an_alert_that_closes_and_opens_again_on_one_day_is_one() -> None:
    review = {"id": "a", "type": "nutrition_review", "date": "2026-03-10", "data": {"weight_kg": 70}}
    void = {"id": "v", "type": "void", "date": "2026-03-10", "data": {"ref": "a"}}
    timeline = {
        "id": "T2",
        "patient": {"enrolled_on": "2026-01-01", "clinic_tz": "America/New_York"},
        "as_of": "2026-04-01",
        "rules_in_scope": ["NUTR-3M"],
        "events": [review, void],
    }

    found = replay({"timelines": [timeline]}, one=through_database)["timelines"][0]["alerts"]

    assert found == [{"rule": "NUTR-3M", "subject": "", "opens_on": "2026-02-01", "closes_on": None}]


@pytest.mark.django_db
def test_the_command_goes_through_the_database(tmp_path: Path) -> None:
    file = tmp_path / "timelines.json"
    file.write_text(json.dumps({"timelines": PUBLIC[:1]}))
    out = StringIO()

    call_command("replay", str(file), "--through", "database", stdout=out)

    assert json.loads(out.getvalue())["timelines"][0]["alerts"] == expected(PUBLIC[0])


def test_the_public_timelines_are_about_every_rule() -> None:
    assert {alert["rule"] for timeline in PUBLIC for alert in expected(timeline)} == USUAL


@pytest.mark.django_db
def test_a_diagnosis_after_joining_counts_from_its_day() -> None:
    timeline = {
        "id": "T3",
        "patient": {
            "enrolled_on": "2026-01-01",
            "diagnosis_date": "2026-02-10",
            "clinic_tz": "Europe/London",
        },
        "as_of": "2026-04-01",
        "rules_in_scope": ["PALL-REF"],
        "events": [],
    }

    found = through_database(timeline)

    assert found["alerts"] == through_rules(timeline)["alerts"]
    assert found["alerts"] == [
        {"rule": "PALL-REF", "subject": "", "opens_on": "2026-03-13", "closes_on": None}
    ]


@pytest.mark.django_db
def test_a_seat_taken_before_it_was_left_but_entered_later_is_empty() -> None:
    left = {"id": "a", "type": "team_unassign", "date": "2026-03-10", "data": {"discipline": "neurology"}}
    late = {"id": "b", "type": "team_assign", "date": "2026-03-01", "recorded_on": "2026-03-12"}
    others = [
        {"id": code, "type": "team_assign", "date": "2026-01-05", "data": {"discipline": code}}
        for code in DISCIPLINES
        if code != "neurology"
    ]
    timeline = {
        "id": "T4",
        "patient": {"enrolled_on": "2026-01-01", "clinic_tz": "America/New_York"},
        "as_of": "2026-04-01",
        "rules_in_scope": ["TEAM-GAP"],
        "events": [*others, left, {**late, "data": {"discipline": "neurology"}}],
    }

    found = through_database(timeline)

    assert found["alerts"] == through_rules(timeline)["alerts"]
    assert [alert["closes_on"] for alert in found["alerts"]] == [None]


def _agree(life: dict[str, Any]) -> Counter[str]:
    """Recording what the services accept gives the rules' answer to just that; says what was seen."""
    found = through_database(life)
    refused = {each["id"] for each in found["refused"]}
    kept = [
        event
        for event in life["events"]
        if event["id"] not in refused and event["type"] not in found["not_recorded"]
    ]

    assert found["alerts"] == through_rules({**life, "events": kept})["alerts"]
    return Counter([*_opened_and_closed(found["alerts"]), *(event["type"] for event in kept)])


def _opened_and_closed(alerts: list[dict[str, Any]]) -> list[str]:
    closed = [f"{alert['rule']} closed" for alert in alerts if alert["closes_on"]]
    return [*(f"{alert['rule']} opened" for alert in alerts), *closed]


def _varied() -> Iterator[dict[str, Any]]:
    """The first lives in which, by the rules, each rule opens and closes at least twice: some forty."""
    found: Counter[str] = Counter()
    for life in map(life_number, range(600)):
        what = set(_opened_and_closed(through_rules(life)["alerts"]))
        if any(found[each] < 2 for each in what):
            found.update(what)
            yield life


@pytest.mark.django_db
def test_both_ways_agree_on_lives_under_every_rule() -> None:
    seen: Counter[str] = Counter()

    for life in _varied():
        seen.update(_agree(life))

    wanted = [f"{rule} {what}" for rule in sorted(USUAL) for what in ("opened", "closed")]
    wanted += [
        "void",
        "decline",
        "withdraw_decline",
        "deferral",
        "withdraw_deferral",
        "status_change",
        "referral_update",
    ]
    assert {each for each in wanted if not seen[each]} == set()


@pytest.mark.full
@pytest.mark.django_db
def test_both_ways_agree_on_hundreds_of_random_lives() -> None:
    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(timelines())
    def agree(life: dict[str, Any]) -> None:
        _agree(life)

    agree()
