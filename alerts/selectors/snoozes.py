"""How long an alert may be snoozed, and who had what wait, why."""

from datetime import date, timedelta

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from alerts.models import Alert, Snooze
from teams.models import Clinic
from worklist.models import EQUIPMENT_RULES, CareTask, Severity


def latest_day(clinic: Clinic, severity: Severity) -> date:
    """The latest day until which an alert of this severity may be snoozed today."""
    days = {
        Severity.ATTENTION: clinic.attention_snooze,
        Severity.URGENT: clinic.urgent_snooze,
        Severity.CRITICAL: clinic.critical_snooze,
    }
    return clinic.today() + timedelta(days=days[severity])


def alerts_on_card(alert: Alert) -> QuerySet[Alert]:
    """The open alerts that are one card with this one: all on its equipment request, else itself."""
    if alert.rule not in EQUIPMENT_RULES:
        return Alert.objects.filter(pk=alert.pk)
    return Alert.objects.filter(
        patient=alert.patient_id, rule__in=EQUIPMENT_RULES, subject=alert.subject, closed_at__isnull=True
    )


def with_snooze(tasks: QuerySet[CareTask]) -> QuerySet[CareTask]:
    """Annotate ``snooze``: who snoozed the work, when and why; None where nobody did."""
    running = Snooze.objects.filter(alert__task=OuterRef("pk"), ended_at__isnull=True)
    return tasks.annotate(snooze=Case(When(snoozed_until__isnull=False, then=_said(running)), default=None))


def snooze_of_alert() -> Case:
    """What ``with_snooze`` annotates, for alerts."""
    running = Snooze.objects.filter(alert=OuterRef("pk"), ended_at__isnull=True)
    return Case(When(task__snoozed_until__isnull=False, then=_said(running)), default=None)


def _said(running: QuerySet[Snooze]) -> Subquery:
    said = JSONObject(
        by=F("snoozed_by__name"),
        by_id=F("snoozed_by"),
        at=F("snoozed_at"),
        reason=F("reason"),
        note=F("note"),
    )
    return Subquery(running.values(said=said)[:1])
