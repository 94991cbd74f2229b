"""What a clinic may set about a rule, and what the engine makes of it."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from pathway import settings as module
from pathway.due import CloseReason, DueWork, Severity, Silenced
from pathway.engine import evaluate
from pathway.facts import PatientFacts
from pathway.parameter import measurement, number_of_days, of_rule, yes_or_no
from pathway.registry import rules
from pathway.settings import (
    COMMON,
    SHIPPED,
    ClinicSettings,
    CommonParameters,
    RuleSetting,
    problems,
    shipped_setting,
    touched_by,
)
from tests.pathway.build import chart, day, event, life

REVIEW = event("nutrition_review", "2026-01-10", event_id="r1", weight_kg=70)
ASKED = event("equipment_request", "2026-02-02", event_id="q1", id="S1", item="suction")


def work(facts: PatientFacts, code: str, on: str, **setting: Any) -> list[DueWork]:
    """The due work of one rule under a setting of it."""
    settings = ClinicSettings.of({code: RuleSetting(**setting)})
    return list(evaluate(chart(facts, on, settings.common), settings, only={code}).due)


def wrong(code: str, **setting: Any) -> dict[str, str]:
    """What is wrong with a setting, by field."""
    return {each.name: str(each.text) for each in problems(code, RuleSetting(**setting))}


def test_numbers_change_the_dates_and_the_arithmetic_in_words() -> None:
    (found,) = work(life(REVIEW), "NUTR-3M", "2026-02-01", parameters={"interval_months": 4, "grace_days": 7})

    assert (found.due_on, found.overdue_on) == (day("2026-05-10"), day("2026-05-18"))
    assert [str(step) for step in found.steps] == [
        "Last nutrition review: 10 Jan 2026",
        "+ 4 months",
        "Due: 10 May 2026",
        "7 days’ grace",
        "Overdue from: 18 May 2026",
    ]


def test_a_number_for_one_item_leaves_those_of_other_items() -> None:
    chair = event("equipment_request", "2026-02-02", event_id="q2", id="C1", item="power_wheelchair")

    found = work(life(ASKED, chair), "EQ-AGE", "2026-02-03", parameters={"by_item": {"suction": 3}})

    assert {each.subject: each.due_on for each in found} == {
        "S1": day("2026-02-05"),
        "C1": day("2026-05-03"),
    }


def test_a_rule_that_is_off_is_silent_and_says_so() -> None:
    off = ClinicSettings.of({"NUTR-3M": RuleSetting(enabled=False)})

    found = evaluate(chart(life(REVIEW), "2026-08-01"), off)

    assert "NUTR-3M" not in {each.rule for each in found.due}
    (silent,) = [each for each in found.silenced if each.rule == "NUTR-3M"]
    assert (silent.why, silent.until) == (CloseReason.RULE_OFF, None)
    assert "PALL-REF" in {each.rule for each in found.due}


def test_an_owner_takes_the_place_of_the_rules_own_owner() -> None:
    (review,) = work(life(REVIEW), "NUTR-3M", "2026-02-01", owner="coordinator")
    moved = event("equipment_status", "2026-02-03", id="S1", status="submitted")
    (asked,) = work(life(ASKED), "EQ-STAGE", "2026-02-03", owner="physical_therapy")
    (submitted,) = work(life(ASKED, moved), "EQ-STAGE", "2026-02-03", owner="physical_therapy")

    assert review.owner == "coordinator"
    assert asked.owner == "pulmonology"  # who asks for an item is no matter of the rule's owner
    assert submitted.owner == "physical_therapy"


def test_severities_are_read_as_the_clinic_wants_them() -> None:
    up = {Severity.ATTENTION: Severity.URGENT, Severity.URGENT: Severity.CRITICAL}
    (lifted,) = work(life(REVIEW), "NUTR-3M", "2026-02-01", severities=up)
    (level,) = work(life(REVIEW), "NUTR-3M", "2026-02-01", severities={Severity.URGENT: Severity.ATTENTION})

    assert (lifted.severity, lifted.rises) == (Severity.URGENT, ((day("2026-04-24"), Severity.CRITICAL),))
    assert (level.severity, level.rises) == (Severity.ATTENTION, ())


def test_an_offer_made_again_stays_at_attention() -> None:
    declined = event("decline", "2026-03-01", topic="nutrition_review")
    up = {Severity.ATTENTION: Severity.CRITICAL, Severity.URGENT: Severity.CRITICAL}

    (found,) = work(life(REVIEW, declined), "NUTR-3M", "2026-06-01", severities=up)

    assert (found.offer_again, found.severity) == (True, Severity.ATTENTION)


def test_the_common_terms_reach_every_rule() -> None:
    settings = ClinicSettings.of(
        {COMMON: RuleSetting(parameters={"reentry_grace_days": 3, "reoffer_months": {"nutrition_review": 1}})}
    )

    assert settings.common.reentry_grace_days == 3
    assert settings.common.reoffer_months["nutrition_review"] == 1
    assert settings.common.reoffer_months["niv"] == 3
    declined = event("decline", "2026-03-01", topic="nutrition_review")
    known = chart(life(REVIEW, declined), "2026-03-01", settings.common)
    assert known.look_again_on == day("2026-04-01")


def test_the_common_terms_are_shipped_as_the_catalogue_has_them() -> None:
    assert ClinicSettings.of({COMMON: RuleSetting()}).common.reentry_grace_days == 14
    assert CommonParameters().reoffer_months["lft"] == 1


def test_only_the_rules_asked_for_are_judged() -> None:
    found = evaluate(chart(life(REVIEW, ASKED), "2026-02-03"), only={"EQ-AGE", "NUTR-3M"})

    assert {each.rule for each in found.due} == {"EQ-AGE", "NUTR-3M"}


def test_what_a_rule_has_lost_since_is_passed_over() -> None:
    settings = ClinicSettings.of(
        {"GONE": RuleSetting(enabled=False), "NUTR-3M": RuleSetting(parameters={"gone": 1, "grace_days": 2})}
    )

    assert settings.in_force["NUTR-3M"].rule.parameters == replace(
        rules()["NUTR-3M"].parameters, grace_days=2
    )
    assert list(settings.in_force) == list(rules())


def test_as_shipped_is_the_catalogue() -> None:
    assert {code: each.rule for code, each in SHIPPED.in_force.items()} == rules()
    assert shipped_setting("NUTR-3M") == shipped_setting(COMMON) == RuleSetting()
    assert RuleSetting(version=3).says_as(RuleSetting())
    assert RuleSetting().says_as(RuleSetting(version=3))
    assert not RuleSetting(owner="neurology").says_as(RuleSetting())


def test_an_optional_rule_is_off_until_a_clinic_turns_it_on() -> None:
    facts = life()
    on = ClinicSettings.of({"DMT-12M": RuleSetting()})

    shipped = evaluate(chart(facts, "2027-01-02"))

    assert shipped_setting("DMT-12M") == RuleSetting(enabled=False)
    assert not RuleSetting().says_as(shipped_setting("DMT-12M"))
    assert "DMT-12M" not in {each.rule for each in shipped.due}
    assert Silenced("DMT-12M", "", CloseReason.RULE_OFF) in shipped.silenced
    assert "DMT-12M" in {each.rule for each in evaluate(chart(facts, "2027-01-02"), on).due}


@dataclass(frozen=True)
class Lender:
    limit: int = number_of_days(10, "Limit")


@dataclass(frozen=True)
class Borrower:
    own: float = measurement(50.0, "Own", "%", low=30, high=80)
    whether: bool = yes_or_no(True, "Whether")
    lender: Lender = field(default_factory=Lender, metadata=of_rule("LENDER"))


@pytest.fixture
def lending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rules, one of which judges by a number of the other."""
    known = rules()["NUTR-3M"]
    two = {
        "BORROWER": replace(known, code="BORROWER", parameters=Borrower()),
        "LENDER": replace(known, code="LENDER", parameters=Lender()),
    }
    monkeypatch.setattr(module, "rules", lambda: two)


@pytest.mark.usefixtures("lending")
def test_a_number_lent_to_another_rule_changes_there_too() -> None:
    settings = ClinicSettings.of({"LENDER": RuleSetting(parameters={"limit": 20})})

    assert settings.in_force["BORROWER"].rule.parameters.lender.limit == 20
    assert touched_by("LENDER") == ("BORROWER", "LENDER")
    assert touched_by("BORROWER") == ("BORROWER",)
    assert touched_by(COMMON) == ("BORROWER", "LENDER")


@pytest.mark.usefixtures("lending")
@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"own": 30}, {}),
        ({"own": 80.0}, {}),
        ({"own": 29.9}, {"own": "Enter a number from 30 to 80."}),
        ({"own": True}, {"own": "Enter a number from 30 to 80."}),
        ({"whether": False}, {}),
        ({"whether": 0}, {"whether": "Choose yes or no."}),
        ({"lender": Lender()}, {"lender": "The rule has no such number."}),
    ],
)
def test_measurements_flags_and_what_is_borrowed(parameters: dict[str, Any], said: dict[str, str]) -> None:
    assert wrong("BORROWER", parameters=parameters) == said


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"interval_months": 1}, {}),
        ({"interval_months": 12, "grace_days": 0}, {}),
        ({"interval_months": 0}, {"interval_months": "Enter a whole number from 1 to 12."}),
        ({"interval_months": 13}, {"interval_months": "Enter a whole number from 1 to 12."}),
        ({"interval_months": 2.5}, {"interval_months": "Enter a whole number from 1 to 12."}),
        ({"interval_months": "3"}, {"interval_months": "Enter a whole number from 1 to 12."}),
        ({"interval_months": float("nan")}, {"interval_months": "Enter a whole number from 1 to 12."}),
        ({"interval_years": 1}, {"interval_years": "The rule has no such number."}),
    ],
)
def test_numbers_stay_in_their_range(parameters: dict[str, Any], said: dict[str, str]) -> None:
    assert wrong("NUTR-3M", parameters=parameters) == said


@pytest.mark.parametrize(
    ("code", "parameters", "said"),
    [
        ("RAD-PLAN", {"fvc_ge": 59.9}, {}),
        (
            "RAD-PLAN",
            {"fvc_ge": 60},
            {"fvc_ge": "Enter less than 60, as set for “Band of the measured FVC: below”."},
        ),
        ("RAD-PLAN", {"fvc_ge": 70, "fvc_lt": 72.5}, {}),
        (
            "RAD-PLAN",
            {"fvc_lt": 50},
            {"fvc_ge": "Enter less than 50, as set for “Band of the measured FVC: below”."},
        ),
        ("NIV-ADH", {"earliest_day": 90}, {}),
        (
            "NIV-ADH",
            {"due_days": 60},
            {"earliest_day": "Enter at most 60, as set for “Days from the start of NIV to the review”."},
        ),
        ("PEG-PLACE", {"window_days": 14}, {}),
        (
            "PEG-PLACE",
            {"window_days": 13},
            {"short_window_days": "Enter at most 13, as set for “Days to placement”."},
        ),
        ("RIL-LFT", {"second_until_months": 3}, {}),
        (
            "RIL-LFT",
            {"second_until_months": 2},
            {"first_until_months": "Enter at most 2, as set for “Second part of the course: until month”."},
        ),
        ("RAD-PLAN", {"fvc_ge": 71}, {"fvc_ge": "Enter a number from 30 to 70."}),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(
    code: str, parameters: dict[str, Any], said: dict[str, str]
) -> None:
    assert wrong(code, parameters=parameters) == said


@pytest.mark.parametrize("code", sorted(rules()))
def test_every_rule_as_shipped_may_be_set(code: str) -> None:
    assert problems(code, RuleSetting()) == []


def test_numbers_by_item_stay_in_theirs() -> None:
    assert wrong("EQ-AGE", parameters={"by_item": {"suction": 1, "ramp": 365}}) == {}
    assert wrong("EQ-AGE", parameters={"by_item": {"suction": 0, "yacht": 9}}) == {
        "by_item.suction": "Enter a whole number from 1 to 365.",
        "by_item.yacht": "There is no such item.",
    }
    assert wrong("EQ-AGE", parameters={"by_item": 7}) == {"by_item": "Give a number for each."}
    assert wrong(COMMON, parameters={"reoffer_months": {"niv": 25}}) == {
        "reoffer_months.niv": "Enter a whole number from 1 to 24."
    }


def test_the_owner_is_a_discipline_or_the_coordinator() -> None:
    assert wrong("NUTR-3M", owner="coordinator") == wrong("NUTR-3M", owner="neurology") == {}
    assert wrong("NUTR-3M", owner="radiology") == {"owner": "Choose a discipline or the coordinator."}


def test_severities_are_those_of_the_rule_and_keep_their_order() -> None:
    attention, urgent, critical = Severity
    assert wrong("NUTR-3M", severities={attention: urgent}) == {}
    assert wrong("NUTR-3M", severities={attention: urgent, urgent: critical}) == {}
    assert wrong("NUTR-3M", severities={critical: urgent}) == {
        "severities.critical": "The rule has no such severity."
    }
    assert wrong("NUTR-3M", severities={attention: "dire"}) == {
        "severities.attention": "The rule has no such severity."
    }
    assert wrong("NUTR-3M", severities={attention: critical}) == {
        "severities": "A higher severity cannot become lower than one below it."
    }


def test_the_common_terms_have_numbers_only() -> None:
    assert wrong(COMMON, parameters={"reentry_grace_days": 60}) == {}
    assert wrong(COMMON, enabled=False) == {"": "The common terms have numbers only."}
    assert wrong(COMMON, owner="neurology") == {"": "The common terms have numbers only."}


def test_a_rule_that_does_not_exist_has_no_settings() -> None:
    with pytest.raises(KeyError):
        problems("NUTR-9M", RuleSetting())
