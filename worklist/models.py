"""Care tasks: work that is due, from the rules or agreed by people."""

import uuid

import pgtrigger
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
    RULE_OFF = "rule_off", _("Rule switched off")
    SETTING_CHANGED = "setting_changed", _("Rule settings changed")


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

    ``rule_version`` and ``setting_version`` say which rule and which of the clinic's
    settings of it the task follows; 0 is the rule as shipped. ``filled_from`` is a digest
    of what the rule said: while it says the same, nothing about the task need change.

    ``snoozed_until`` is the start of the local day on which overdue work that somebody
    snoozed is back in the lists of what is to do; who did and why stands with its alert.

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
    snoozed_until = models.DateTimeField(null=True)
    reason = models.JSONField(default=dict)
    steps = models.JSONField(default=list)
    evidence = ArrayField(models.CharField(max_length=80), default=list)
    rule_version = models.PositiveSmallIntegerField(default=0)
    setting_version = models.PositiveSmallIntegerField(default=0)
    filled_from = models.CharField(max_length=32, blank=True)
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
            models.Index(fields=["clinic"], condition=models.Q(catch_up=True), name="task_catch_up"),
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


class SettingState(models.TextChoices):
    """Where a version of a rule's setting stands."""

    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("In force")
    SUPERSEDED = "superseded", _("Superseded")


class RuleSetting(models.Model):
    """One version of what a clinic set about a rule, or about the terms all rules share.

    What a version says is never changed: another version takes its place. ``version``
    counts the versions of one rule in one clinic, drafts included; ``revision`` counts
    the clinic's activations, of whatever rule. ``parameters`` and ``severities`` hold
    what differs from the rule as shipped.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+", verbose_name=_("clinic"))
    rule = models.CharField(_("rule"), max_length=20)
    version = models.PositiveSmallIntegerField(_("version"))
    enabled = models.BooleanField(_("switched on"), default=True)
    parameters = models.JSONField(_("numbers"), default=dict)
    owner = models.CharField(_("owner"), max_length=40, blank=True)
    severities = models.JSONField(_("severities"), default=dict)
    drafted_at = models.DateTimeField(_("drafted"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    state = models.CharField(
        _("state"), max_length=20, choices=SettingState.choices, default=SettingState.DRAFT
    )
    revision = models.PositiveIntegerField(null=True)
    activated_at = models.DateTimeField(_("in force since"), null=True)
    activated_on = models.DateField(null=True)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("put in force by"),
    )
    why = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("rule setting")
        verbose_name_plural = _("rule settings")
        constraints = [
            models.UniqueConstraint(fields=["clinic", "rule", "version"], name="one_setting_per_version"),
            models.UniqueConstraint(fields=["clinic", "revision"], name="one_setting_per_revision"),
            models.UniqueConstraint(
                fields=["clinic", "rule"], condition=models.Q(state="active"), name="one_active_setting"
            ),
            models.UniqueConstraint(
                fields=["clinic", "rule"], condition=models.Q(state="draft"), name="one_draft_of_a_setting"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="active")
                | (models.Q(revision__isnull=False, activated_on__isnull=False) & ~models.Q(why="")),
                name="active_settings_say_since_when_and_why",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="setting_is_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="setting_is_not_rewritten",
                fields=[
                    "clinic", "rule", "version", "enabled", "parameters", "owner", "severities",
                    "drafted_at", "drafted_by",
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule}, version {self.version}"


class RunKind(models.TextChoices):
    """What a run over a clinic's patients is for."""

    RECALCULATION = "recalculation", _("Recalculation")
    PREVIEW = "preview", _("Preview")


class RuleRun(models.Model):
    """A run over a clinic's patients for one setting: to put it into effect, or to preview it.

    ``rules`` are those it touches, ``revision`` the clinic's activations it builds on, and
    ``day`` the clinic-local day it was asked for. Its patients are in batches, each
    claimed by a row lock and marked done in the transaction that did it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    setting = models.ForeignKey(RuleSetting, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=20, choices=RunKind.choices)
    rules = ArrayField(models.CharField(max_length=20))
    revision = models.PositiveIntegerField(default=0)
    day = models.DateField()
    total = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("run over the patients")
        verbose_name_plural = _("runs over the patients")
        constraints = [
            models.UniqueConstraint(fields=["setting", "kind"], name="one_run_per_setting_and_kind"),
        ]
        indexes = [
            models.Index(
                fields=["clinic"], condition=models.Q(finished_at__isnull=True), name="rule_run_going_on"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.total}"


class RunBatch(models.Model):
    """Some patients of a run; ``result`` is what a preview found about them."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(RuleRun, on_delete=models.CASCADE, related_name="batches")
    patients = ArrayField(models.UUIDField())
    size = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(done_at__isnull=True), name="run_batch_to_do")
        ]

    def __str__(self) -> str:
        return f"{self.size} patients"
