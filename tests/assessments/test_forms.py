"""The log forms take what people type, and say how to mend what is wrong."""

from datetime import date

import pytest

from assessments.forms import form_for
from assessments.services import log_assessment
from patients.models import Patient
from teams.models import User
from tests.factories import a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db

ON = "2026-03-12"


@pytest.fixture
def patient() -> Patient:
    return a_patient(a_clinic(), height_cm=168, baseline_weight_g=68_000)


@pytest.fixture
def user(patient: Patient) -> User:
    return a_member(patient.clinic, "nutrition")


@pytest.mark.parametrize("typed", ["63.1", "63,1", " 63.1 kg"])
def test_a_weight_is_typed_in_kg_and_kept_in_grams(typed: str, patient: Patient, user: User) -> None:
    form = form_for("nutrition_review")(
        {"happened_on": ON, "weight_g": typed, "intake": "mouth"}, patient=patient, user=user
    )

    assert form.is_valid()
    fact = form.submit()
    assert fact is not None
    assert (fact.findings, fact.happened_on, fact.recorded_by) == (
        {"weight_g": 63_100, "intake": "mouth"},
        date(2026, 3, 12),
        user,
    )


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("631", "631\xa0kg is above the 250\xa0kg this form accepts. Did you mean 63.1?"),
        ("heavy", "Enter figures only, such as 63.1."),
        ("63.15", "One decimal is enough, such as 63.1."),
        ("9" * 400, "Enter figures only, such as 63.1."),
        ("9" * 5000, "Enter figures only, such as 63.1."),
        ("1e400000", "Enter figures only, such as 63.1."),
    ],
)
def test_a_wrong_weight_stays_typed_beside_how_to_mend_it(
    typed: str, problem: str, patient: Patient, user: User
) -> None:
    form = form_for("nutrition_review")({"happened_on": ON, "weight_g": typed}, patient=patient, user=user)

    assert form.errors == {"weight_g": [problem]}
    assert form["weight_g"].value() == typed


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        ("2199-01-01", "1 Jan 2199 is in the future. Enter the day it happened."),
        ("1926-03-12", "12 Mar 1926 is before the date of birth. Check the year."),
        (
            "2006-02-15",
            "15 Feb 2006 is more than 20 years before joining on 2 Mar 2026. Check the year.",
        ),
    ],
)
def test_a_day_outside_the_life_so_far_is_refused(
    day: str, problem: str, patient: Patient, user: User
) -> None:
    form = form_for("bulbar_status")({"happened_on": day}, patient=patient, user=user)

    assert form.errors == {"happened_on": [problem]}


@pytest.mark.parametrize(("day", "onset_on"), [("2006-03-02", None), ("1990-01-01", date(2009, 12, 31))])
def test_results_from_before_joining_are_welcome(
    day: str, onset_on: date | None, patient: Patient, user: User
) -> None:
    patient.onset_on, patient.diagnosed_on = onset_on, None

    form = form_for("bulbar_status")({"happened_on": day, "impaired": "no"}, patient=patient, user=user)

    assert form.is_valid(), form.errors


def test_an_unmeasured_weight_needs_its_reason(patient: Patient, user: User) -> None:
    form = form_for("nutrition_review")(
        {"happened_on": ON, "weight_unobtainable": "on"}, patient=patient, user=user
    )

    assert form.errors == {"weight_unobtainable_reason": ["Say why, so that the review counts."]}


def test_a_review_without_a_weight_is_recorded(patient: Patient, user: User) -> None:
    form = form_for("nutrition_review")({"happened_on": ON, "intake": "tube"}, patient=patient, user=user)

    assert form.is_valid()
    fact = form.submit()
    assert fact is not None
    assert fact.findings == {"intake": "tube"}


def test_values_are_worked_out_while_typing_and_the_last_weight_is_a_hint(
    patient: Patient, user: User
) -> None:
    log_assessment(
        patient_id=patient.pk,
        user=user,
        kind="nutrition_review",
        findings={"weight_g": 64_900},
        on=date(2026, 3, 2),
    )

    form = form_for("nutrition_review")({"weight_g": "63.1"}, patient=patient, user=user)

    assert [each.value for each in form.computed()] == [
        "22.4",
        "\u22121.8\xa0kg (\u22122.8%)",
        "\u22124.9\xa0kg (\u22127.2%)",
    ]
    assert form.fields["weight_g"].help_text == "64.9\xa0kg on 2 Mar 2026"
    assert "height_cm" not in form.fields


def test_height_is_asked_while_nobody_knows_it(user: User, patient: Patient) -> None:
    patient.height_cm = None

    form = form_for("nutrition_review")({"weight_g": "80", "height_cm": "200"}, patient=patient, user=user)

    assert tuple(form.computed()[0]) == ("BMI", "20.0")


def test_yes_no_and_not_answered_are_three_things(patient: Patient, user: User) -> None:
    form = form_for("resp_assessment")({"happened_on": ON, "symptoms": "no"}, patient=patient, user=user)

    assert form.is_valid()
    assert form.findings().answers() == {"symptoms": False}


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {"note": "Seated", "fvc_unobtainable_reason": "Mask leaks"},
            {
                "fvc_pct": [
                    "Nothing was filled in. Enter a measurement or an answer, or say why FVC could not "
                    "be measured."
                ]
            },
        ),
        (
            {"fvc_unobtainable": "on"},
            {"fvc_unobtainable_reason": ["Say why, so that the assessment counts."]},
        ),
        (
            {"fvc_pct": "58", "fvc_unobtainable": "on", "fvc_unobtainable_reason": "Mask leaks"},
            {"fvc_pct": ["Enter the FVC, or tick that it could not be measured, not both."]},
        ),
        ({"fvc_unobtainable": "on", "fvc_unobtainable_reason": "Mask leaks"}, {}),
        ({"fvc_pct": "0"}, {}),
        ({"mip": "45"}, {}),
        ({"sleep_disordered_breathing": "no"}, {}),
    ],
)
def test_a_respiratory_assessment_finds_something(
    typed: dict[str, str], errors: dict[str, list[str]], patient: Patient, user: User
) -> None:
    form = form_for("resp_assessment")({"happened_on": ON, **typed}, patient=patient, user=user)

    assert form.errors == errors


def test_of_a_respiratory_assessment_elsewhere_it_may_be_known_only_that_it_was_done(
    patient: Patient, user: User
) -> None:
    form = form_for("resp_assessment")(
        {"happened_on": ON, "done_elsewhere": "Lakeside"}, patient=patient, user=user, elsewhere=True
    )

    assert form.errors == {}


def test_a_respiratory_assessment_without_fvc_may_be_brought_in(patient: Patient, user: User) -> None:
    fact = log_assessment(
        patient_id=patient.pk, user=user, kind="resp_assessment", findings={}, on=date(2026, 3, 12)
    )

    assert fact.read().event_data()["fvc_pct"] is None


def test_work_done_elsewhere_says_where(patient: Patient, user: User) -> None:
    data = {"happened_on": ON, "positive": "yes"}

    bare = form_for("swallow_screen")(data, patient=patient, user=user, elsewhere=True)
    full = form_for("swallow_screen")(
        data | {"done_elsewhere": "Lakeside"}, patient=patient, user=user, elsewhere=True
    )

    assert bare.errors == {"done_elsewhere": ["Fill this in."]}
    assert full.is_valid()
    fact = full.submit()
    assert fact is not None
    assert fact.done_elsewhere == "Lakeside"


def test_somebody_logging_the_same_meanwhile_is_shown_and_can_be_overruled(
    patient: Patient, user: User
) -> None:
    opened = form_for("bulbar_status")(patient=patient, user=user)
    other = log_assessment(
        patient_id=patient.pk,
        user=user,
        kind="bulbar_status",
        findings={"impaired": True},
        on=date(2026, 3, 11),
    )
    data = {"happened_on": ON, "impaired": "no", "version": opened.version}

    second = form_for("bulbar_status")(data, patient=patient, user=user)
    over = form_for("bulbar_status")(data | {"over": "1"}, patient=patient, user=user)

    assert not second.is_valid()
    assert second.conflict == other
    assert second["impaired"].value() == "no"
    assert over.is_valid()
