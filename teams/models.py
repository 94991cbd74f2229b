"""Clinics, the nine disciplines, users and their membership of clinics."""

import uuid
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from audit.tracking import track_writes
from pathway import clock


class UserManager(BaseUserManager["User"]):
    """Users are created with an email address; there is no user name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password they must set one through the emailed link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create somebody who may configure everything, yet opens no chart without a clinical role."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick to deactivate; work assigned to them goes back.")
    )
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    date_joined = models.DateTimeField(_("added"), default=clock.now, editable=False)

    objects = UserManager()

    open_memberships: "Sequence[Membership] | None" = None
    """The memberships that open something, where they were read with the user; None: not read."""

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name as shown to colleagues."""
        return self.name

    def get_short_name(self) -> str:
        """The name as shown to colleagues."""
        return self.name


def check_time_zone(value: str) -> None:
    """Raise ValidationError unless ``value`` names a time zone."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(value)s is not a time zone; write it like America/New_York."), params={"value": value}
        )


def every_weekday() -> list[int]:
    """Monday to Friday."""
    return [0, 1, 2, 3, 4]


def days_field(
    name: Any, default: int, least: int, most: int
) -> "models.PositiveSmallIntegerField[int, int]":
    """A setting in whole days, within what makes sense for it."""
    return models.PositiveSmallIntegerField(
        name,
        default=default,
        db_default=default,
        validators=[MinValueValidator(least), MaxValueValidator(most)],
    )


class Clinic(models.Model):
    """A clinic: its local time, its open days and the day it started to work with alscare."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=150, unique=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="America/New_York", validators=[check_time_zone]
    )
    open_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)]),
        verbose_name=_("open days"),
        default=every_weekday,
        help_text=_("0 is Monday, 6 is Sunday; digests go out on these days."),
    )
    live_on = models.DateField(
        _("live on"),
        null=True,
        blank=True,
        help_text=_("Work already overdue on this day is catch-up work, counted apart."),
    )
    absent = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("not available here"),
        default=list,
        blank=True,
        help_text=_("Disciplines this clinic does not have; nobody is asked to fill their seats."),
    )
    digest_at = models.TimeField(
        _("digest at"), default=time(7), help_text=_("Local time of the daily email.")
    )
    quiet_from = models.TimeField(
        _("quiet from"),
        null=True,
        blank=True,
        help_text=_("Local time from which no mail leaves, critical mail included."),
    )
    quiet_until = models.TimeField(
        _("quiet until"), null=True, blank=True, help_text=_("Local time at which mail leaves again.")
    )
    may_mute_critical = models.BooleanField(
        _("members may switch off critical mail"),
        default=False,
        db_default=False,
        help_text=_("Who has switched it off keeps it off when this is unticked."),
    )
    attention_to_coordinator = days_field(_("attention: coordinator told after (days)"), 7, 1, 60)
    attention_to_lead = days_field(_("attention: clinical lead told after (days)"), 14, 1, 90)
    urgent_to_coordinator = days_field(_("urgent: coordinator told after (days)"), 3, 1, 30)
    urgent_to_lead = days_field(_("urgent: clinical lead told after (days)"), 7, 1, 60)
    critical_to_lead = days_field(_("critical: clinical lead told after (days)"), 2, 1, 14)
    attention_snooze = days_field(_("attention: snoozed for at most (days)"), 14, 1, 30)
    urgent_snooze = days_field(_("urgent: snoozed for at most (days)"), 7, 1, 14)
    critical_snooze = days_field(_("critical: snoozed for at most (days)"), 2, 1, 5)

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    attention_to_lead__gte=models.F("attention_to_coordinator"),
                    urgent_to_lead__gte=models.F("urgent_to_coordinator"),
                ),
                name="coordinator_is_told_before_the_lead",
                violation_error_message=_("The clinical lead is told on the same day or later."),
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~models.Q(quiet_from=models.F("quiet_until")),
                name="quiet_hours_begin_and_end",
                violation_error_message=_("Quiet hours need a beginning and another end, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def today(self) -> date:
        """The clinic-local date."""
        return clock.today(self.time_zone)

    def local_date(self, moment: datetime) -> date:
        """The clinic-local date of a moment."""
        return clock.local_date(moment, self.time_zone)

    def is_quiet(self, hour: time) -> bool:
        """Whether no mail leaves at this local time."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None:
            return False
        return start <= hour < end if start < end else hour >= start or hour < end

    def quiet_end(self, moment: datetime) -> datetime | None:
        """When the quiet hours around a moment end, in UTC; None when they do not hold then."""
        local = moment.astimezone(zoneinfo.ZoneInfo(self.time_zone))
        if self.quiet_until is None or not self.is_quiet(local.time()):
            return None
        day = local.date() if local.time() < self.quiet_until else local.date() + timedelta(days=1)
        return datetime.combine(day, self.quiet_until, tzinfo=local.tzinfo).astimezone(UTC)

    def start_of(self, day: date) -> datetime:
        """The start of a clinic-local day, in UTC."""
        return clock.start_of_day(day, self.time_zone)


class Discipline(models.Model):
    """One of the nine disciplines of ALS care, or one a clinic added."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=60)
    short_name = models.CharField(_("short name"), max_length=20)
    practitioner = models.CharField(_("practitioner"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_core = models.BooleanField(_("one of the nine"), default=False, editable=False)

    class Meta:
        verbose_name = _("discipline")
        verbose_name_plural = _("disciplines")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member does in a clinic beside their discipline."""

    MEMBER = "member", _("Team member")
    COORDINATOR = "coordinator", _("Coordinator")
    LEAD = "lead", _("Clinical lead")
    ADMIN = "admin", _("Admin")


CLINICAL_ROLES = (Role.MEMBER, Role.COORDINATOR, Role.LEAD)


@dataclass(frozen=True, slots=True)
class Cover:
    """Whom a member stands in for: their users, their memberships, and their roles."""

    users: tuple[uuid.UUID, ...] = ()
    seats: tuple[uuid.UUID, ...] = ()
    roles: frozenset[str] = frozenset()


@track_writes()
class Membership(models.Model):
    """A user in a clinic, with a role and disciplines. Inactive rows open nothing.

    From ``away_from`` until ``away_until``, both included, the work is the deputy's too; without
    an end, until it is ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("user")
    )
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("clinic")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MEMBER)
    title = models.CharField(_("job title"), max_length=80, blank=True)
    disciplines = models.ManyToManyField(
        Discipline, related_name="memberships", blank=True, verbose_name=_("disciplines")
    )
    is_active = models.BooleanField(_("active"), default=True)
    email_digest = models.BooleanField(_("daily email"), default=True)
    digest_at = models.TimeField(
        _("daily email at"), null=True, blank=True, help_text=_("Local time; empty: the clinic’s.")
    )
    email_critical = models.BooleanField(_("email for critical work"), default=True)
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    deputy = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("deputy"),
    )

    cover: "Cover | None" = None
    """Whom the member stands in for today, where that was read with the row; None: not read."""

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["user", "clinic"], name="one_membership_per_user_and_clinic"),
            models.CheckConstraint(
                condition=models.Q(away_from__isnull=True) | models.Q(deputy__isnull=False),
                name="who_is_away_has_a_deputy",
                violation_error_message=_("Name a deputy for the time away."),
            ),
            models.CheckConstraint(
                condition=models.Q(away_until__isnull=True) | models.Q(away_until__gte=models.F("away_from")),
                name="away_until_follows_away_from",
                violation_error_message=_("The last day away is the first day or a later one."),
            ),
            models.CheckConstraint(
                condition=~models.Q(deputy=models.F("user")),
                name="nobody_is_their_own_deputy",
                violation_error_message=_("Name somebody else as the deputy."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.clinic}"

    @property
    def is_clinical(self) -> bool:
        """Whether the role opens charts; an admin's does not."""
        return self.role in CLINICAL_ROLES

    @property
    def sees_whole_clinic(self) -> bool:
        """Whether their lists start with everybody's work: coordinators and clinical leads."""
        return self.role in (Role.COORDINATOR, Role.LEAD)


class DefaultSeat(models.Model):
    """Who fills a discipline's seat for new and imported patients: a member, a team, an outside provider."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, related_name="default_seats", verbose_name=_("clinic")
    )
    discipline = models.ForeignKey(Discipline, on_delete=models.PROTECT, verbose_name=_("discipline"))
    member = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("member")
    )
    outside_provider = models.CharField(_("team or outside provider"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("default seat")
        verbose_name_plural = _("default seats")
        constraints = [
            models.UniqueConstraint(fields=["clinic", "discipline"], name="one_default_per_seat"),
            models.CheckConstraint(
                condition=models.Q(member__isnull=False) ^ ~models.Q(outside_provider=""),
                name="default_seat_is_member_or_outside",
                violation_error_message=_("Name either a member, or a team or outside provider."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.discipline}: {self.member or self.outside_provider}"
