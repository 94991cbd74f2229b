"""Care tasks: work that is due, from the rules or agreed by people."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models import Patient
from teams.models import Clinic, Discipline


class Severity(models.IntegerChoices):
    """How much harm a delay can do. Stored as numbers so that lists sort worst first."""

    ATTENTION = 1, _("Attention")
    URGENT = 2, _("Urgent")
    CRITICAL = 3, _("Critical")


class CloseReason(models.TextChoices):
    """Why a care task closed; the alert on it closes with the same reason."""

    DONE = "done", _("Done")
    SATISFIED = "satisfied", _("Recorded")
    DECLINED = "declined", _("Declined")
    DEFERRED = "deferred", _("Deferred")
    STATUS_CHANGE = "status_change", _("Status changed")
    NOT_APPLICABLE = "not_applicable", _("No longer applies")
    VOIDED = "voided", _("Entered in error")
    WITHDRAWN = "withdrawn", _("Withdrawn")


EQUIPMENT_RULES = ("EQ-STAGE", "EQ-AGE")
"""Rules whose subject is an equipment request."""


class CareTask(models.Model):
    """One piece of due work for one patient.

    ``due_on`` is the last day on time; ``overdue_on`` the first clinic-local day it
    counts as overdue, and ``alert_at`` the start of that day (never before the day
    of the reconcile that made it). ``wake_at`` equals ``alert_at`` until the sweep
    has raised the alert, then it is null. ``owner`` is the person it was assigned
    to, else the person in the discipline's seat, else null: the discipline's queue.
    ``discipline`` null means the nurse coordinator.

    Foreign keys have no indexes of their own: each would cost every change of a
    task, and the indexes below serve all reading.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+", db_index=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_tasks", db_index=False)
    rule = models.CharField(_("rule"), max_length=20, blank=True)
    subject = models.CharField(max_length=40, blank=True)
    anchor = models.CharField(max_length=80, blank=True)
    title = models.CharField(_("what to do"), max_length=200)
    title_params = models.JSONField(default=dict)
    verb = models.CharField(max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)
    due_on = models.DateField(_("due"))
    overdue_on = models.DateField(_("overdue from"))
    alert_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices)
    rises = models.JSONField(default=list)
    rises_at = models.DateTimeField(null=True)
    catch_up = models.BooleanField(
        default=False, help_text="Already overdue when the clinic went live: listed and counted apart."
    )
    offer_again = models.BooleanField(default=False)
    discipline = models.ForeignKey(
        Discipline,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("discipline"),
    )
    informed = ArrayField(models.CharField(max_length=40), default=list)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("owner"),
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("assigned to"),
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    planned_on = models.DateField(_("booked for"), null=True, blank=True)
    reason = models.JSONField(default=dict)
    steps = models.JSONField(default=list)
    evidence = ArrayField(models.CharField(max_length=80), default=list)
    rule_version = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    close_reason = models.CharField(max_length=20, choices=CloseReason.choices, blank=True)

    class Meta:
        verbose_name = _("care task")
        verbose_name_plural = _("care tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "rule", "subject"],
                condition=models.Q(closed_at__isnull=True) & ~models.Q(rule=""),
                name="one_open_task_per_need",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) ^ ~models.Q(close_reason=""),
                name="closed_tasks_say_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["wake_at"],
                condition=models.Q(closed_at__isnull=True, wake_at__isnull=False),
                name="task_to_wake",
            ),
            models.Index(
                fields=["rises_at"],
                condition=models.Q(closed_at__isnull=True, rises_at__isnull=False),
                name="task_to_rise",
            ),
            models.Index(
                fields=["clinic", "due_on"],
                condition=models.Q(closed_at__isnull=True),
                name="task_clinic_open",
            ),
            models.Index(
                fields=["owner", "due_on"],
                condition=models.Q(closed_at__isnull=True),
                name="task_owner_open",
            ),
            models.Index(
                fields=["patient"],
                condition=models.Q(rule="", close_reason="status_change"),
                name="task_ended_by_status",
            ),
            models.Index(fields=["patient", "closed_at"], name="task_patient_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.rule or 'task'} due {self.due_on}"

    @property
    def row(self) -> str:
        """What a list shows as one row: the equipment request, else the task itself."""
        return self.subject if self.rule in EQUIPMENT_RULES else str(self.pk)
