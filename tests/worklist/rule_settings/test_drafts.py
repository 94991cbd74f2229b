"""What a draft keeps, what it refuses, and who else is told."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from patients.models import Patient
from teams.models import User
from tests.worklist.rule_settings.changes import draft, put_in_force
from worklist.models import RuleRun, RuleSetting, RunKind, SettingState
from worklist.selectors.settings import settings_of_clinic
from worklist.services.rule_settings import (
    discard_draft,
    draft_setting,
    repeat_preview,
)

pytestmark = pytest.mark.django_db


def test_a_draft_keeps_what_differs_and_starts_its_preview(patient: Patient, lead: User) -> None:
    made = draft(
        patient,
        lead,
        parameters={"interval_months": 4, "grace_days": 0},
        owner="nutrition",
        severities={"attention": "attention", "urgent": "critical"},
    )

    assert (made.version, made.state, made.revision) == (1, SettingState.DRAFT, None)
    assert made.parameters == {"interval_months": 4}
    assert (made.owner, made.severities) == ("", {"urgent": "critical"})
    run = RuleRun.objects.get(setting=made)
    assert (run.kind, run.total, run.rules) == (RunKind.PREVIEW, 1, ["NUTR-3M"])
    assert settings_of_clinic(patient.clinic_id).setting("NUTR-3M").version == 0


def test_numbers_by_item_keep_the_items_that_differ(patient: Patient, lead: User) -> None:
    made = draft(patient, lead, "EQ-AGE", parameters={"by_item": {"suction": 3, "bpap": 7}, "default": 30})

    assert made.parameters == {"by_item": {"suction": 3}}


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"parameters": {"interval_months": 99}}, {"interval_months"}),
        ({"owner": "radiology"}, {"owner"}),
        ({"severities": {"attention": "dire"}}, {"severities__attention"}),
        ({"severities": {"critical": "urgent"}}, {"severities__critical"}),
    ],
)
def test_what_may_not_be_set_is_said_by_field(
    patient: Patient, lead: User, values: dict[str, Any], errors: set[str]
) -> None:
    with pytest.raises(ValidationError) as refused:
        draft(patient, lead, **values)

    assert set(refused.value.message_dict) == errors
    assert not RuleSetting.objects.exists()


def test_a_draft_that_changes_nothing_is_refused(patient: Patient, lead: User) -> None:
    with pytest.raises(ValidationError, match="how the rule is set now"):
        draft(patient, lead, parameters={"interval_months": 3})
    put_in_force(patient, lead, parameters={"interval_months": 4})
    with pytest.raises(ValidationError, match="how the rule is set now"):
        draft(patient, lead, parameters={"interval_months": 4})
    assert draft(patient, lead).version == 2  # back to the rule as shipped


def test_the_second_of_two_people_is_told(patient: Patient, lead: User) -> None:
    draft(patient, lead, parameters={"interval_months": 4})

    with pytest.raises(ValidationError, match="meanwhile"):
        draft_setting(
            clinic=patient.clinic, rule="NUTR-3M", user=lead, seen=0, parameters={"interval_months": 2}
        )


def test_a_later_draft_takes_the_place_of_an_earlier_one(patient: Patient, lead: User) -> None:
    first = draft(patient, lead, parameters={"interval_months": 4})
    second = draft(patient, lead, parameters={"interval_months": 5})

    first.refresh_from_db()
    assert (first.state, second.state, second.version) == (SettingState.SUPERSEDED, SettingState.DRAFT, 2)
    assert [run.setting for run in RuleRun.objects.all()] == [second]


def test_a_draft_given_up_is_gone(patient: Patient, lead: User) -> None:
    made = draft(patient, lead, parameters={"interval_months": 4})

    discard_draft(clinic=patient.clinic, rule="NUTR-3M", version=made.version)

    assert not RuleRun.objects.exists()
    with pytest.raises(ValidationError, match="meanwhile"):
        repeat_preview(clinic=patient.clinic, rule="NUTR-3M", version=made.version)
