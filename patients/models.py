"""Patients and the facts about them that every discipline shares."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from audit.tracking import track_writes
from patients.dates import DATES, date_problems
from patients.facts import Fact
from teams.models import Clinic, Discipline


class OnsetRegion(models.TextChoices):
    """Where the disease began."""

    BULBAR = "bulbar", _("Bulbar")
    UPPER_LIMB = "upper_limb", _("Arm")
    LOWER_LIMB = "lower_limb", _("Leg")
    TRUNK = "trunk", _("Trunk")
    RESPIRATORY = "respiratory", _("Respiratory")
    UNKNOWN = "unknown", _("Not recorded")


class Status(models.TextChoices):
    """Whether and how this clinic cares for the person."""

    ACTIVE = "active", _("Active")
    HOSPICE = "hospice", _("Hospice")
    DISCHARGED = "discharged", _("Discharged")
    DECEASED = "deceased", _("Died")


@track_writes(
    projections=[
        "status",
        "status_on",
        "chart_version",
        "reconciled_version",
        "reconcile_after",
        "reconcile_failures",
        "look_again_at",
        "settings_revision",
    ]
)
class Patient(models.Model):
    """A person with ALS in the care of one clinic.

    ``chart_version`` counts the facts recorded; while ``reconciled_version`` is
    behind, care tasks are being recalculated. ``look_again_at`` is the start of the
    next local day on which a fact dated ahead takes effect. ``settings_revision`` is
    that of the clinic's rule settings under which the care tasks stand.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients", editable=False)
    mrn = models.CharField(_("MRN"), max_length=40)
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100)
    birth_on = models.DateField(_("date of birth"))
    onset_region = models.CharField(
        _("onset region"), max_length=20, choices=OnsetRegion.choices, default=OnsetRegion.UNKNOWN
    )
    onset_on = models.DateField(_("onset"), null=True, blank=True)
    diagnosed_on = models.DateField(_("diagnosed on"), null=True, blank=True)
    enrolled_on = models.DateField(_("first seen in this clinic"))
    baseline_weight_g = models.PositiveIntegerField(
        _("baseline weight (g)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(20_000), MaxValueValidator(250_000)],
    )
    height_cm = models.PositiveSmallIntegerField(
        _("height (cm)"), null=True, blank=True, validators=[MinValueValidator(90), MaxValueValidator(230)]
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    caregiver_name = models.CharField(_("caregiver"), max_length=150, blank=True)
    caregiver_phone = models.CharField(_("caregiver’s phone"), max_length=40, blank=True)
    payer = models.CharField(_("payer"), max_length=150, blank=True)
    interpreter = models.CharField(
        _("interpreter"), max_length=80, blank=True, help_text=_("Language, if needed.")
    )
    communication_needs = models.CharField(_("communication needs"), max_length=300, blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.ACTIVE, editable=False
    )
    status_on = models.DateField(_("status since"), null=True, editable=False)
    chart_version = models.PositiveIntegerField(default=1, editable=False)
    reconciled_version = models.PositiveIntegerField(default=0, editable=False)
    reconcile_after = models.DateTimeField(null=True, editable=False)
    reconcile_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    look_again_at = models.DateTimeField(null=True, editable=False)
    settings_revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = ["family_name", "given_name", "mrn"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "mrn"],
                name="one_patient_per_mrn",
                violation_error_message=_("Somebody in this clinic already has this MRN."),
            ),
            models.UniqueConstraint(
                fields=["clinic", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_patient_per_external_id",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "family_name", "given_name"], name="patient_clinic_name"),
            models.Index(
                fields=["reconcile_after", "id"],
                condition=models.Q(reconciled_version__lt=models.F("chart_version")),
                name="patient_to_reconcile",
            ),
            models.Index(
                fields=["look_again_at"],
                condition=models.Q(look_again_at__isnull=False),
                name="patient_look_again",
            ),
            GinIndex(OpClass(Upper("family_name"), "gin_trgm_ops"), name="patient_family_trgm"),
            GinIndex(OpClass(Upper("given_name"), "gin_trgm_ops"), name="patient_given_trgm"),
            GinIndex(OpClass(Upper("mrn"), "gin_trgm_ops"), name="patient_mrn_trgm"),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def clean(self) -> None:
        """Hold the dates against each other. Raises ValidationError."""
        dates = {name: getattr(self, name) for name in DATES}
        known = {name: on for name, on in dates.items() if isinstance(on, date)}
        if problems := date_problems(known, today=self.clinic.today()):
            raise ValidationError(dict(problems))

    @property
    def is_recalculating(self) -> bool:
        """Whether recorded facts are still waiting to be turned into care tasks."""
        return self.reconciled_version < self.chart_version


@track_writes()
class PatientStatusChange(Fact):
    """The person became active, elected hospice, left the clinic or died on ``happened_on``."""

    status = models.CharField(_("status"), max_length=20, choices=Status.choices)

    class Meta(Fact.Meta):
        verbose_name = _("status change")
        indexes = [models.Index(fields=["patient"], name="status_change_patient")]


@track_writes()
class CareTeamAssignment(Fact):
    """Somebody takes a discipline's seat from ``happened_on``; a member or an outside provider."""

    may_be_ahead = True

    discipline = models.ForeignKey(
        Discipline, on_delete=models.PROTECT, related_name="+", verbose_name=_("discipline")
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="care_team_assignments",
        verbose_name=_("member"),
    )
    outside_provider = models.CharField(_("outside provider"), max_length=150, blank=True)
    ended_on = models.DateField(_("until"), null=True, editable=False)
    ended_recorded_on = models.DateField(null=True, editable=False)
    ended_entry = models.PositiveIntegerField(null=True, editable=False)

    class Meta(Fact.Meta):
        verbose_name = _("care-team assignment")
        indexes = [models.Index(fields=["patient"], name="assignment_patient")]
        constraints = [
            ExclusionConstraint(
                name="no_overlap_of_one_person_in_one_seat",
                expressions=[
                    ("patient", RangeOperators.EQUAL),
                    ("discipline", RangeOperators.EQUAL),
                    ("member", RangeOperators.EQUAL),
                    (
                        models.Func(
                            "happened_on",
                            "ended_on",
                            models.Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=models.Q(voided_at__isnull=True, member__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("happened_on")),
                name="assignment_ends_after_it_starts",
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(member__isnull=False) | ~models.Q(outside_provider=""),
                name="assignment_names_somebody",
                violation_error_message=_("Name a member or an outside provider."),
            ),
        ]


@track_writes()
class Decline(Fact):
    """The person declined, or prefers not to at this time, from ``happened_on``.

    In force until ``reoffer_on`` (None: the catalogue's interval for the topic),
    or until withdrawn when ``permanent``. Source: catalogue section 3.
    """

    may_be_ahead = True

    topic = models.CharField(_("topic"), max_length=60)
    reoffer_on = models.DateField(_("offer again on"), null=True, blank=True)
    permanent = models.BooleanField(_("do not offer again"), default=False)

    class Meta(Fact.Meta):
        verbose_name = _("decline")
        indexes = [models.Index(fields=["patient"], name="decline_patient")]


@track_writes()
class DeclineWithdrawal(Fact):
    """The person changed their mind about a declined topic."""

    topic = models.CharField(_("topic"), max_length=60)

    class Meta(Fact.Meta):
        verbose_name = _("withdrawal of a decline")
        indexes = [models.Index(fields=["patient"], name="withdrawal_patient")]


class DeferralReason(models.TextChoices):
    """Why work waits although nobody declined it."""

    INPATIENT = "inpatient", _("In hospital")
    TRAVELLING = "travelling", _("Travelling")
    UNWELL = "unwell", _("Too unwell")
    AWAITING_RESULT = "awaiting_result", _("Awaiting a result")
    OTHER = "other", _("Another reason")


@track_writes()
class Deferral(Fact):
    """Work on a topic waits until ``until``; never counted or worded as a decline. Catalogue 2.3."""

    may_be_ahead = True

    topic = models.CharField(_("topic"), max_length=60)
    until = models.DateField(_("until"))
    reason = models.CharField(_("why"), max_length=20, choices=DeferralReason.choices)

    class Meta(Fact.Meta):
        verbose_name = _("deferral")
        indexes = [models.Index(fields=["patient"], name="deferral_patient")]


@track_writes()
class DeferralEnd(Fact):
    """Work that waited on a topic waits no longer: a deferral ended before its day."""

    topic = models.CharField(_("topic"), max_length=60)

    class Meta(Fact.Meta):
        verbose_name = _("end of a deferral")
        verbose_name_plural = _("ends of deferrals")
        indexes = [models.Index(fields=["patient"], name="deferral_end_patient")]
