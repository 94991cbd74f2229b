"""Putting a setting in force: what it takes, what is kept of it, and how it is read."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from patients.models import Patient
from teams.models import User
from tests.factories import a_clinic
from tests.worklist.records import at, day
from tests.worklist.rule_settings.changes import draft, put_in_force
from worklist.models import RuleRun, RuleSetting, SettingState
from worklist.selectors.settings import settings_in_force, settings_of_clinic, settings_on
from worklist.services.rule_settings import (
    activate_setting,
)
from worklist.services.runs import work_off

pytestmark = pytest.mark.django_db


def test_it_takes_a_reason_and_a_finished_preview(patient: Patient, lead: User) -> None:
    made = draft(patient, lead, parameters={"interval_months": 4})
    asked: dict[str, Any] = {
        "clinic": patient.clinic,
        "rule": "NUTR-3M",
        "version": made.version,
        "user": lead,
    }

    with pytest.raises(ValidationError, match="Say why"):
        activate_setting(**asked, why=" ")
    with pytest.raises(ValidationError, match="preview is not finished"):
        activate_setting(**asked, why="Agreed.")
    work_off()
    with at("2026-05-04 23:30"):
        active = activate_setting(**asked, why=" Agreed. ")

    assert (active.state, active.revision, active.why) == (SettingState.ACTIVE, 1, "Agreed.")
    assert (active.activated_by, active.activated_on) == (lead, day("2026-05-04"))
    with pytest.raises(ValidationError, match="meanwhile"):
        activate_setting(**asked, why="Agreed.")


def test_one_version_is_in_force_and_the_earlier_ones_are_kept(patient: Patient, lead: User) -> None:
    put_in_force(patient, lead, parameters={"interval_months": 4})
    put_in_force(patient, lead, "PALL-REF", parameters={"window_days": 14})
    put_in_force(patient, lead, parameters={"interval_months": 2})

    kept = RuleSetting.objects.order_by("revision").values_list("rule", "version", "revision", "state")
    assert list(kept) == [
        ("NUTR-3M", 1, 1, "superseded"),
        ("PALL-REF", 1, 2, "active"),
        ("NUTR-3M", 2, 3, "active"),
    ]
    in_force = settings_of_clinic(patient.clinic_id)
    assert in_force.setting("NUTR-3M").parameters == {"interval_months": 2}


def test_the_database_keeps_the_history(patient: Patient, lead: User) -> None:
    kept = put_in_force(patient, lead, parameters={"interval_months": 4})
    rows = RuleSetting.objects.filter(pk=kept.pk)

    changes: list[dict[str, Any]] = [
        {"parameters": {}},
        {"enabled": False},
        {"owner": "neurology"},
        {"version": 7},
    ]
    for change in changes:
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            rows.update(**change)
    RuleRun.objects.all().delete()
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        rows.delete()
    copy = RuleSetting(
        clinic=patient.clinic,
        rule="NUTR-3M",
        version=2,
        state=SettingState.ACTIVE,
        drafted_at=kept.drafted_at,
        drafted_by=lead,
        revision=2,
        activated_on=day("2026-05-04"),
        why="Twice.",
    )
    with pytest.raises(IntegrityError, match="one_active_setting"), transaction.atomic():
        copy.save()


def test_settings_are_read_by_one_query_however_many_clinics(patient: Patient, lead: User) -> None:
    put_in_force(patient, lead, parameters={"initial_days": 90})
    clinics = [patient.clinic_id, *(a_clinic().pk for _ in range(3))]

    with CaptureQueriesContext(connection) as queries:
        found = settings_in_force(clinics)
    assert len(queries) == 1
    assert [found[clinic].revision for clinic in clinics] == [1, 0, 0, 0]
    with CaptureQueriesContext(connection) as queries:
        settings_on(day("2026-03-01"), clinics)
    assert len(queries) == 1
