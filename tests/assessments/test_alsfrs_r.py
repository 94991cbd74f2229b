"""The ALSFRS-R as it is typed, summed up and staged."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessments.findings import Background, Earlier
from assessments.forms import form_for
from assessments.kinds.alsfrs_r import AlsfrsrScore
from assessments.registry import kinds
from assessments.services import log_assessment
from patients.models import Patient
from teams.models import User
from tests.factories import a_clinic, a_member, a_patient

SCORES: dict[str, int] = {
    "speech": 4, "salivation": 3, "swallowing": 3, "handwriting": 2, "cutting_5a": 3, "dressing": 2,
    "turning": 3, "walking": 2, "stairs": 2, "dyspnea": 3, "orthopnea": 3, "ventilation": 4,
}  # fmt: skip
WITH_GASTROSTOMY = {name: value for name, value in SCORES.items() if name != "cutting_5a"} | {"cutting_5b": 1}


def test_a_complete_score_is_summed_up_with_subscores_and_stages() -> None:
    score = AlsfrsrScore.checked(SCORES)

    assert score.summary() == "34 of 48"
    assert list(score.lines()) == [
        "Bulbar 10, fine motor 7, gross motor 7, respiratory 10",
        "King’s stage 3",
        "MiToS stage 0",
    ]


def test_with_a_gastrostomy_item_5b_counts() -> None:
    score = AlsfrsrScore.checked(WITH_GASTROSTOMY)

    assert score.summary() == "32 of 48"
    assert score.lines()[1] == "King’s stage 4A"


def test_a_score_with_items_missing_has_no_total() -> None:
    score = AlsfrsrScore.checked({"speech": 4, "walking": 0})

    assert score.summary() == "2 of 12 items, no total"
    assert list(score.lines()) == []
    assert list(score.computed(Background())) == []


def test_item_5_is_answered_one_way() -> None:
    with pytest.raises(ValidationError) as refused:
        AlsfrsrScore.checked(SCORES | {"cutting_5b": 3})

    assert refused.value.message_dict == {
        "cutting_5b": ["Answer 5a or 5b, not both: 5b only once there is a gastrostomy."]
    }


@pytest.mark.parametrize("told", [SCORES, WITH_GASTROSTOMY, {"speech": 3}, {}])
def test_items_come_back_from_what_the_rules_read(told: dict[str, Any]) -> None:
    assert AlsfrsrScore.from_event_data(told).event_data() == told


def test_change_is_per_month_against_the_last_complete_score_before_the_day() -> None:
    earlier = [
        Earlier(date(2026, 4, 1), AlsfrsrScore(**(SCORES | {"speech": 0}))),
        Earlier(date(2026, 3, 1), AlsfrsrScore(speech=3)),
        Earlier(date(2026, 1, 1), AlsfrsrScore(**(SCORES | {"walking": 4, "stairs": 4}))),
    ]
    background = Background(on=date(2026, 3, 12), earlier=earlier)

    computed = AlsfrsrScore(**SCORES).computed(background)

    assert [tuple(each) for each in computed] == [
        ("Total", "34 of 48"),
        ("Bulbar", "10"),
        ("Fine motor", "7"),
        ("Gross motor", "7"),
        ("Respiratory", "10"),
        ("A month since 1 Jan 2026", "\u22121.7"),
        ("King’s stage", "3"),
        ("MiToS stage", "0"),
    ]
    assert AlsfrsrScore().last(background) == "38 of 48 on 1 Jan 2026"


@pytest.fixture
def patient(db: None) -> Patient:
    return a_patient(a_clinic())


@pytest.fixture
def user(patient: Patient) -> User:
    return a_member(patient.clinic)


def typed(**items: Any) -> dict[str, str]:
    return {"happened_on": "2026-03-12", **{name: str(value) for name, value in items.items()}}


def test_items_are_chosen_by_what_they_mean(patient: Patient, user: User) -> None:
    form = form_for("alsfrs_r")(typed(**SCORES), patient=patient, user=user)

    assert form.is_valid(), form.errors
    fact = form.submit()
    assert fact is not None
    assert fact.findings == SCORES
    choices = form.fields["walking"].choices  # type: ignore[attr-defined]
    assert list(choices)[1] == ("4", "4  Normal")
    assert list(choices)[-1] == ("0", "0  No purposeful leg movement")


@pytest.mark.parametrize(
    ("items", "errors"),
    [
        ({}, {"__all__": ["Answer at least one item."]}),
        ({"cutting_5a": 3, "cutting_5b": 3}, {"cutting_5b": [
            "Answer 5a or 5b, not both: 5b only once there is a gastrostomy."]}),
        ({"walking": 5}, {"walking": ["Select a valid choice. 5 is not one of the available choices."]}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(
    items: dict[str, int], errors: dict[str, list[str]], patient: Patient, user: User
) -> None:
    form = form_for("alsfrs_r")(typed(**items), patient=patient, user=user)

    assert form.errors == errors


def test_a_recorded_gastrostomy_makes_5b_the_item_to_answer(patient: Patient, user: User) -> None:
    before = form_for("alsfrs_r")(patient=patient, user=user)
    log_assessment(
        patient_id=patient.pk, user=user, kind="gastrostomy_placed", findings={}, on=date(2026, 3, 2)
    )

    after = form_for("alsfrs_r")(patient=patient, user=user)

    def asked(form: Any) -> list[tuple[bool, str]]:
        return [
            (form.fields[f"cutting_{n}"].expected, form.fields[f"cutting_{n}"].help_text)
            for n in ("5a", "5b")
        ]

    assert asked(before) == [(True, ""), (False, "Instead of 5a. No gastrostomy is recorded here.")]
    assert asked(after) == [(False, ""), (True, "Gastrostomy placed 2 Mar 2026.")]


def test_it_looks_at_no_more_than_it_says() -> None:
    assert {code: kind.looks_at for code, kind in kinds().items() if kind.looks_at} == {
        "alsfrs_r": ("gastrostomy_placed",)
    }
