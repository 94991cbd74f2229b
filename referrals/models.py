"""Referrals and their status history."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.tracking import track_writes
from patients.facts import Fact
from teams.models import Discipline


class ReferralStatus(models.TextChoices):
    """Where a referral stands."""

    SENT = "sent", _("Sent")
    SCHEDULED = "scheduled", _("Scheduled")
    SEEN = "seen", _("Seen")
    CANCELLED = "cancelled", _("Cancelled")


@track_writes(projections=["status", "status_on", "appointment_on"])
class Referral(Fact):
    """A referral placed on ``happened_on``; ``status`` and ``appointment_on`` follow its latest change."""

    discipline = models.ForeignKey(
        Discipline, on_delete=models.PROTECT, related_name="+", verbose_name=_("referred to")
    )
    provider = models.CharField(_("provider"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=ReferralStatus.choices,
        default=ReferralStatus.SENT,
        editable=False,
    )
    status_on = models.DateField(_("status since"), editable=False)
    appointment_on = models.DateField(_("appointment"), null=True, editable=False)

    class Meta(Fact.Meta):
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        indexes = [models.Index(fields=["patient"], name="referral_patient")]

    def __str__(self) -> str:
        return gettext("Referral to %(discipline)s") % {"discipline": self.discipline.name.lower()}


@track_writes()
class ReferralStatusChange(Fact):
    """The referral was scheduled, the person was seen, or it was cancelled."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="changes")
    status = models.CharField(_("status"), max_length=20, choices=ReferralStatus.choices)
    appointment_on = models.DateField(_("appointment"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("referral status change")
        indexes = [models.Index(fields=["patient"], name="referral_change_patient")]

    def __str__(self) -> str:
        return f"{self.referral}: {self.get_status_display().lower()}"
