"""Alerts on overdue care tasks, who has read them, and the outbox of emails about them."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models import Patient
from teams.models import Clinic
from worklist.models import CareTask, CloseReason


class Alert(models.Model):
    """A care task is overdue. Only its work, a choice, a correction or a status closes it.

    ``opens_on`` is the clinic-local day the work counted as overdue, whenever the
    sweep ran. Whether it was already true when the clinic went live stands on the task.
    ``clinic`` and ``patient`` repeat the task's; the database checks the task's own.
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
        ]

    def __str__(self) -> str:
        return f"{self.rule} since {self.opens_on}"


class AlertRead(models.Model):
    """A person has seen an alert in their inbox."""

    id = models.BigAutoField(primary_key=True)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "user"], name="one_read_per_person")]

    def __str__(self) -> str:
        return f"{self.alert_id} read"


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
    marks it sent only after the server accepted the mail.
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
            models.Index(fields=["not_before"], condition=models.Q(state="waiting"), name="delivery_waiting")
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
