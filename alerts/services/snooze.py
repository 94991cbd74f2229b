"""Having an alert wait until a day: with a reason, no longer than its severity allows."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alerts.models import Alert, Snooze, SnoozeEnd, SnoozeReason
from alerts.selectors.snoozes import alerts_on_card, latest_day
from pathway import clock
from patients.models import Patient
from teams.models import User
from worklist.models import CareTask, Severity


@transaction.atomic
def snooze(*, alert_id: UUID, user: User, until: date, reason: str, note: str = "") -> Sequence[Snooze]:
    """Have an open alert wait until a day; the other alerts on its equipment request wait with it.

    Until then it is in nobody's inbox, email or list of what is to do, and is not passed
    on; it stays overdue. It comes back early when it becomes more severe or is overdue
    anew. Side effects: a snooze that was running is ended as replaced; the care tasks'
    ``snoozed_until``.

    Raises:
        ValidationError: the alert is closed, the day is not ahead or beyond what its
            severity allows, no such reason, or no note where there must be one.
    """
    alerts = _locked(alert_id)
    clinic, worst = alerts[0].task.clinic, max(alert.task.severity for alert in alerts)
    _check(clinic_today=clinic.today(), latest=latest_day(clinic, Severity(worst)), until=until)
    note = note.strip()
    if reason not in SnoozeReason.values:
        raise ValidationError({"reason": _("Choose one of the reasons.")})
    if not note and (worst == Severity.CRITICAL or reason == SnoozeReason.OTHER):
        critical = _("Critical work is snoozed only with a note: say what happens until then.")
        raise ValidationError({"note": critical if worst == Severity.CRITICAL else _("Say which reason.")})
    _end(alerts, SnoozeEnd.REPLACED)
    made = [_begin(alert, user, until, reason, note) for alert in alerts]
    back_at = clinic.start_of(until)
    CareTask.objects.filter(alerts__in=alerts).update(snoozed_until=back_at)
    return made


@transaction.atomic
def end_snooze(*, alert_id: UUID, user: User) -> None:
    """Bring a snoozed alert back now; ending what has ended changes nothing.

    Side effects: the snooze keeps its row; the next step of the ladder is looked at.

    Raises:
        ValidationError: the alert is closed.
    """
    alerts = _locked(alert_id)
    if _end(alerts, SnoozeEnd.BY_HAND, user=user):
        CareTask.objects.filter(alerts__in=alerts).update(snoozed_until=None)
        unfinished = Alert.objects.filter(pk__in=[alert.pk for alert in alerts], escalate_at__isnull=False)
        unfinished.update(escalate_at=clock.now())


def _locked(alert_id: UUID) -> list[Alert]:
    """The open alerts on the card, locked in the order of all: patient, tasks, alerts."""
    alert = Alert.objects.only("patient_id").get(pk=alert_id)
    Patient.objects.select_for_update(no_key=True).only("pk").get(pk=alert.patient_id)
    alert.refresh_from_db()
    if alert.closed_at is not None:
        raise ValidationError(_("This alert has closed meanwhile."))
    ids = list(alerts_on_card(alert).values_list("pk", flat=True))
    tasks = (
        CareTask.objects.filter(alerts__in=ids).order_by("pk").select_for_update(no_key=True, of=("self",))
    )
    list(tasks.values_list("pk", flat=True))
    alerts = Alert.objects.filter(pk__in=ids).order_by("pk").select_related("task__clinic")
    return list(alerts.select_for_update(no_key=True, of=("self",)))


def _check(*, clinic_today: date, latest: date, until: date) -> None:
    if until <= clinic_today:
        raise ValidationError({"until": _("Choose a day after today.")})
    if until > latest:
        said = _("%(day)s at the latest, for work of this severity.") % {"day": date_format(latest, "j M Y")}
        raise ValidationError({"until": said})


def _begin(alert: Alert, user: User, until: date, reason: str, note: str) -> Snooze:
    """The row; together the snoozes of an alert hold its escalation back no longer than one may last."""
    clinic, task = alert.task.clinic, alert.task
    first = alert.snoozes.aggregate(at=Min("snoozed_at"))["at"] or clock.now()
    latest = latest_day(clinic, Severity(task.severity)) - clinic.today()
    return Snooze.objects.create(
        alert=alert,
        snoozed_by=user,
        snoozed_at=clock.now(),
        until=until,
        latest_on=clinic.local_date(first) + latest,
        reason=reason,
        note=note,
        severity=task.severity,
        anchor=task.anchor,
    )


def _end(alerts: Sequence[Alert], why: SnoozeEnd, *, user: User | None = None) -> int:
    running = Snooze.objects.filter(alert__in=alerts, ended_at__isnull=True)
    return running.update(ended_at=clock.now(), ended_by=user, end_reason=why)
