"""Changing how a rule is set, the way the pages do."""

from typing import Any

from patients.models import Patient
from teams.models import User
from worklist.models import RuleSetting
from worklist.services.rule_settings import (
    activate_setting,
    draft_setting,
)
from worklist.services.runs import work_off


def draft(patient: Patient, lead: User, rule: str = "NUTR-3M", **values: Any) -> RuleSetting:
    """A draft on top of whatever there is."""
    seen = RuleSetting.objects.filter(clinic=patient.clinic, rule=rule).count()
    return draft_setting(clinic=patient.clinic, rule=rule, user=lead, seen=seen, **values)


def put_in_force(patient: Patient, lead: User, rule: str = "NUTR-3M", **values: Any) -> RuleSetting:
    """Draft, preview and put in force, without recalculating."""
    made = draft(patient, lead, rule, **values)
    work_off()
    return activate_setting(
        clinic=patient.clinic, rule=rule, version=made.version, user=lead, why="As agreed by the team."
    )


def patient_now(patient: Patient) -> Patient:
    """The patient as stored."""
    return Patient.objects.get(pk=patient.pk)
