"""Every rule is complete, and its worked examples hold."""

from dataclasses import FrozenInstanceError, asdict, replace
from typing import Any

import pytest

from pathway.catalogue import DISCIPLINES, TOPICS
from pathway.due import COORDINATOR
from pathway.registry import by_code, rules
from pathway.rule import Example, Rule
from tests.pathway.build import USUAL, alerts, life

EXAMPLES = [
    pytest.param(rule.code, example, id=f"{rule.code}: {example.says}")
    for rule in rules().values()
    for example in rule.examples
]


def test_the_rules_are_found_in_the_order_of_their_codes() -> None:
    assert list(rules()) == [
        "COG-SCREEN",
        "DMT-12M",
        "DYSPH-PLAN",
        "EDV-CYCLE",
        "EOL-TALK",
        "EQ-AGE",
        "EQ-RETURN",
        "EQ-STAGE",
        "EXEC-SAFE",
        "HOSP-INFO",
        "MDT-VISIT",
        "NIV-ADH",
        "NIV-BACKUP",
        "NIV-TRIG",
        "NUTR-3M",
        "PALL-REF",
        "PEG-DISC",
        "PEG-FVC30",
        "PEG-PLACE",
        "RAD-PLAN",
        "REF-STALL",
        "RESP-3M",
        "RIL-BASE",
        "RIL-HEP",
        "RIL-LFT",
        "SIAL-STEP",
        "SWAL-SCREEN",
        "SWAL-VFSS",
        "TEAM-GAP",
    ]


def test_twenty_six_are_on_as_shipped_and_three_wait_to_be_turned_on() -> None:
    assert len(USUAL) == 26
    assert set(rules()) - USUAL == {"DMT-12M", "EQ-RETURN", "HOSP-INFO"}
    assert {code for code, rule in rules().items() if rule.quiet} == {"EQ-RETURN"}


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.code)
def test_a_rule_says_all_there_is_to_say(rule: Rule[Any]) -> None:
    assert rule.title
    assert rule.verb
    assert rule.closes
    assert rule.version >= 1
    assert rule.source
    assert all(source.text for source in rule.source)
    assert rule.severities
    assert rule.statuses
    assert rule.owner in {*DISCIPLINES, COORDINATOR}
    assert set(rule.informed) <= set(DISCIPLINES)
    assert rule.decline_topic in {*TOPICS, ""}
    assert rule.examples
    assert "%(" not in str(rule.in_words())


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.code)
def test_examples_show_a_rule_both_open_and_met(rule: Rule[Any]) -> None:
    outcomes = {bool(example.alerts) for example in rule.examples}
    closings = {closes for example in rule.examples for _subject, _opens, closes in example.alerts}

    assert True in outcomes
    assert False in outcomes or None not in closings or len(closings) > 1


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_worked_example(code: str, example: Example) -> None:
    raws = [{"id": f"e{place}", **raw} for place, raw in enumerate(example.events)]

    facts = life(*raws, **example.patient)

    assert alerts(facts, code, example.as_of) == list(example.alerts)


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.code)
def test_parameters_cannot_be_changed_in_place(rule: Rule[Any]) -> None:
    with pytest.raises(FrozenInstanceError):
        rule.parameters.window_days = 1


def test_a_code_used_twice_is_an_error() -> None:
    rule = rules()["NUTR-3M"]

    with pytest.raises(ValueError, match="Two rules are called NUTR-3M"):
        by_code([rule, replace(rule, version=2)])


def test_the_catalogues_defaults() -> None:
    defaults = {code: asdict(rule.parameters) for code, rule in rules().items()}

    assert defaults["NUTR-3M"] == {
        "interval_months": 3,
        "initial_days": 30,
        "grace_days": 0,
        "urgent_after_days": 14,
    }
    assert defaults["PALL-REF"] == {"window_days": 30}


@pytest.mark.parametrize(
    ("code", "subject", "usual"),
    [
        ("SIAL-STEP", "step1", {"line": "1"}),
        ("SIAL-STEP", "step2", {"line": "2"}),
        ("SIAL-STEP", "", {}),
        ("NIV-TRIG", "", {"item": "bpap"}),
        ("NIV-TRIG", "any", {"item": "bpap"}),
        ("MDT-VISIT", "", {}),
    ],
)
def test_the_record_that_meets_the_work_usually_says(code: str, subject: str, usual: dict[str, str]) -> None:
    assert rules()[code].usual_record(subject) == usual


def test_rules_are_ordered_by_their_codes_whatever_their_files_are_called() -> None:
    first, second = rules()["COG-SCREEN"], rules()["TEAM-GAP"]

    assert list(by_code([second, first]).items()) == [("COG-SCREEN", first), ("TEAM-GAP", second)]
    with pytest.raises(TypeError):
        by_code([first])["COG-SCREEN"] = second  # type: ignore[index]


def test_looking_into_the_folder_again_finds_the_same() -> None:
    found_anew = rules.__wrapped__

    assert found_anew() == rules()
