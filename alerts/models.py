"""Alerts on overdue care tasks, who has read them, and the outbox of emails about them."""

import secrets
import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models import Patient, Status
from teams.models import Clinic
from worklist.models import CareTask, CloseReason


class Step(models.IntegerChoices):
    """Whom overdue work has reached."""

    OWNER = 0, _("Owner")
    COORDINATOR = 1, _("Coordinator")
    LEAD = 2, _("Clinical lead")


class Alert(models.Model):
    """A care task is overdue. Only its work, a choice, a correction or a status closes it.

    ``opens_on`` is the clinic-local day the work counted as overdue, whenever the
    sweep ran. Whether it was already true when the clinic went live stands on the task.
    ``clinic`` and ``patient`` repeat the task's; the database checks the task's own.

    ``escalated`` is the last step of the ladder taken, ``escalate_at`` when to look whether
    the next one is due (never too late; null after the last), ``escalates_from`` from when
    its days count, and ``escalates_as`` the severity that was found when that was set.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.ForeignKey(CareTask, on_delete=models.PROTECT, related_name="alerts")
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    rule = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=40, blank=True)
    opens_on = models.DateField()
    opened_at = models.DateTimeField()
    closes_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=20, choices=CloseReason.choices, blank=True)
    escalated = models.PositiveSmallIntegerField(choices=Step.choices, default=Step.OWNER, db_default=0)
    escalates_from = models.DateTimeField(null=True)
    escalates_as = models.PositiveSmallIntegerField(default=0, db_default=0)
    escalate_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(closed_at__isnull=True), name="one_open_alert_per_task"
            )
        ]
        indexes = [
            models.Index(
                fields=["clinic", "opens_on"],
                condition=models.Q(closed_at__isnull=True),
                name="alert_clinic_open",
            ),
            models.Index(fields=["clinic", "closed_at"], name="alert_clinic_closed"),
            models.Index(fields=["patient"], name="alert_patient"),
            models.Index(
                fields=["escalate_at"],
                condition=models.Q(closed_at__isnull=True, escalate_at__isnull=False),
                name="alert_to_escalate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} since {self.opens_on}"

    @property
    def opened_after_death(self) -> bool:
        """Whether the person had died before it opened: kept in the log, left out of measures."""
        died_on = self.patient.status_on if self.patient.status == Status.DECEASED else None
        return died_on is not None and self.opens_on > died_on


class AlertRead(models.Model):
    """A person has acknowledged an alert: they have seen it. It stops nothing else.

    Taken back, it keeps its row.
    """

    id = models.BigAutoField(primary_key=True)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "user"],
                condition=models.Q(taken_back_at__isnull=True),
                name="one_read_per_person",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="read_is_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="read_is_not_rewritten", fields=["alert", "user", "read_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} read"


class SnoozeReason(models.TextChoices):
    """Why somebody has an alert wait."""

    BOOKED = "booked", _("Visit or call booked")
    RESULT = "result", _("Waiting for a result")
    OTHERS = "others", _("Waiting for a payer, vendor or another clinic")
    PERSON = "person", _("Person away, in hospital or unwell")
    OTHER = "other", _("Another reason")


class SnoozeEnd(models.TextChoices):
    """Why a snooze ended before its day, or what followed it."""

    BY_HAND = "by_hand", _("Ended by hand")
    WORSE = "worse", _("Became more severe")
    ANEW = "anew", _("Overdue anew")
    CLOSED = "closed", _("Closed")
    ESCALATED = "escalated", _("Passed on")
    REPLACED = "replaced", _("Snoozed again")


class Snooze(models.Model):
    """An open alert waits until a day, by whom and why. What it says is kept; it may end early.

    ``severity`` and ``anchor`` are the task's when it was snoozed: another anchor or a
    higher severity is news, and ends it. ``latest_on`` is the day up to which it and
    those before it may hold back the alert's escalation. While ``ended_at`` is null the
    alert is back on ``until``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="snoozes")
    snoozed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    snoozed_at = models.DateTimeField()
    until = models.DateField(_("snooze until"))
    latest_on = models.DateField()
    reason = models.CharField(_("reason"), max_length=20, choices=SnoozeReason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    severity = models.PositiveSmallIntegerField()
    anchor = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    end_reason = models.CharField(max_length=20, choices=SnoozeEnd.choices, blank=True)

    class Meta:
        verbose_name = _("snooze")
        verbose_name_plural = _("snoozes")
        constraints = [
            models.UniqueConstraint(
                fields=["alert"], condition=models.Q(ended_at__isnull=True), name="one_snooze_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) ^ ~models.Q(end_reason=""),
                name="ended_snoozes_say_why",
            ),
            models.CheckConstraint(
                condition=models.Q(severity__lt=3) | ~models.Q(note=""), name="critical_snoozes_say_why"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="snooze_is_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="snooze_is_not_rewritten",
                fields=[
                    "alert", "snoozed_by", "snoozed_at", "until", "latest_on", "reason", "note",
                    "severity", "anchor",
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.alert_id} until {self.until}"


class Escalation(models.Model):
    """A step of the ladder that was taken: an alert nobody answered was passed on, once per step."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, db_index=False, related_name="escalations")
    step = models.PositiveSmallIntegerField(choices=Step.choices)
    taken_at = models.DateTimeField()
    told = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints = [models.UniqueConstraint(fields=["alert", "step"], name="one_escalation_per_step")]
        triggers = [
            pgtrigger.Protect(name="escalation_is_kept", operation=pgtrigger.Delete | pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} step {self.step}"


class DeliveryKind(models.TextChoices):
    """What an email is for."""

    DIGEST = "digest", _("Daily digest")
    CRITICAL = "critical", _("Critical work")


class DeliveryState(models.TextChoices):
    """Where an email stands."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("No longer needed")
    FAILED = "failed", _("Given up")


def random_message_id() -> str:
    """A Message-ID that says nothing about the alert, the patient or the clinic."""
    return f"<{secrets.token_hex(16)}@alscare.invalid>"


class Delivery(models.Model):
    """One email to one person: an outbox row, written in the transaction that made it needed.

    ``message_id`` is drawn once, so that a mail repeated after a crash can be
    recognised. A worker claims a row by a committed lease (``leased_until``) and
    marks it sent only after the server accepted the mail. ``tried_at`` is the first try.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=DeliveryKind.choices)
    alert = models.ForeignKey(
        Alert, on_delete=models.PROTECT, db_index=False, null=True, related_name="deliveries"
    )
    step = models.PositiveSmallIntegerField(default=0)
    digest_on = models.DateField(null=True)
    not_before = models.DateTimeField()
    message_id = models.CharField(max_length=80, unique=True, default=random_message_id)
    state = models.CharField(max_length=20, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    leased_until = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "recipient", "kind", "step"],
                condition=models.Q(alert__isnull=False),
                name="one_delivery_per_alert_and_step",
            ),
            models.UniqueConstraint(
                fields=["clinic", "recipient", "digest_on"],
                condition=models.Q(digest_on__isnull=False),
                name="one_digest_per_morning",
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(state="waiting"), name="delivery_waiting"),
            models.Index(
                fields=["clinic", "finished_at"],
                condition=models.Q(state="failed"),
                name="delivery_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class AlertNotice(models.Model):
    """A person was told of an alert by an email that the server accepted; nobody is told twice."""

    id = models.BigAutoField(primary_key=True)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, db_index=False, related_name="notices")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, db_index=False, related_name="notices")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "user"], name="one_notice_per_person")]

    def __str__(self) -> str:
        return f"{self.alert_id} told"


class MailTrouble(models.Model):
    """A mail server refused mail to a member for good; it stands until it takes one again.

    One open row per member, however many emails were refused.
    """

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "member"],
                condition=models.Q(ended_at__isnull=True),
                name="one_mail_trouble_per_member",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} since {self.since}"


class LastRun(models.Model):
    """When a job that must run all the time last came to its end; nothing but monitoring reads it."""

    name = models.CharField(primary_key=True, max_length=20)
    finished_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.finished_at}"
