"""Short ways to record things about one person on a day, through the real services."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.models import Alert
from assessments.models import Assessment
from assessments.services import log_assessment
from equipment.models import EquipmentItem, EquipmentRequest
from equipment.services import request_equipment
from pathway import clock
from patients.models import Patient
from teams.models import Clinic, Role, User
from tests.factories import a_member
from worklist.models import CareTask
from worklist.services.rule_settings import activate_setting, draft_setting
from worklist.services.runs import work_off

NEW_YORK = ZoneInfo("America/New_York")


def day(text: str) -> date:
    """A date from ISO text."""
    return date.fromisoformat(text)


def moment(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """A local moment: "2026-03-02 09:00"; without a time, nine in the morning."""
    read = datetime.fromisoformat(text if ":" in text else f"{text} 09:00")
    return read.replace(tzinfo=zone)


@contextmanager
def at(text: str, zone: ZoneInfo = NEW_YORK) -> Iterator[None]:
    """Hold the clock at a local moment."""
    with clock.set_to(moment(text, zone)):
        yield


def reviewed(
    patient: Patient, on: str, *, grams: int | None = 70_000, user: User | None = None
) -> Assessment:
    """A nutrition review; without ``grams`` it lacks a weight and closes nothing."""
    findings = {} if grams is None else {"weight_g": grams}
    return log_assessment(
        patient_id=patient.pk, user=user, kind="nutrition_review", findings=findings, on=day(on)
    )


def requested(patient: Patient, on: str, item: str = "suction") -> EquipmentRequest:
    """An equipment request; suction helps to breathe, so its delays are critical."""
    return request_equipment(
        patient_id=patient.pk, user=None, item=EquipmentItem.objects.get(pk=item), on=day(on)
    )


def tasks(patient: Patient, rule: str = "NUTR-3M") -> list[CareTask]:
    """Every task of a rule on a person, the first opened in front."""
    return list(
        CareTask.objects.filter(patient=patient, rule=rule).order_by("opened_at", "closed_at", "due_on")
    )


def task(patient: Patient, rule: str = "NUTR-3M") -> CareTask:
    """The open task of a rule on a person."""
    return CareTask.objects.get(patient=patient, rule=rule, closed_at__isnull=True)


def episodes(patient: Patient, *rules: str) -> list[tuple[str, str, str | None, str]]:
    """Alerts on a person as (rule, opens_on, closes_on, why), in order of opening."""
    alerts = Alert.objects.filter(patient=patient).order_by("opens_on", "rule", "closed_at")
    return [
        (
            alert.rule,
            alert.opens_on.isoformat(),
            alert.closes_on.isoformat() if alert.closes_on else None,
            alert.close_reason,
        )
        for alert in alerts
        if not rules or alert.rule in rules
    ]


def columns(care_task: CareTask) -> dict[str, Any]:
    """Everything stored about a task."""
    care_task.refresh_from_db()
    return {field.attname: getattr(care_task, field.attname) for field in care_task._meta.concrete_fields}


def turn_on(clinic: Clinic, rule: str) -> None:
    """Put an optional rule in force, and recalculate whom it touches."""
    lead = a_member(clinic, "neurology", role=Role.LEAD)
    draft_setting(clinic=clinic, rule=rule, user=lead, seen=0, enabled=True)
    work_off()
    activate_setting(clinic=clinic, rule=rule, version=1, user=lead, why="We want this one.")
    work_off()
