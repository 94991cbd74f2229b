"""What every recorded fact has: when it happened, when and by whom it was recorded, whether it stands."""

import uuid
from typing import ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

FactModel = TypeVar("FactModel", bound="Fact")


class FactQuerySet(models.QuerySet[FactModel]):
    """Queries shared by all facts."""

    def in_force(self) -> "FactQuerySet[FactModel]":
        """Facts that are not marked entered in error."""
        return self.filter(voided_at__isnull=True)


class Fact(models.Model):
    """A dated, stamped statement about one patient.

    Facts are never edited. A wrong one is marked entered in error (``voided_*``)
    and the state before it returns; the mark itself can be taken back.
    ``happened_on`` and ``recorded_on`` are the clinic's local dates; ``entry`` is
    the order of recording within the patient, across all kinds of facts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField(_("date"))
    recorded_on = models.DateField(_("recorded on"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entry = models.PositiveIntegerField(_("order of recording"))
    done_elsewhere = models.CharField(_("done elsewhere"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_on = models.DateField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    void_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = FactQuerySet.as_manager()

    may_be_ahead: ClassVar[bool] = False
    """Whether ``happened_on`` may lie in the future (an assignment from next week)."""

    class Meta:
        abstract = True
        ordering = ["happened_on", "entry"]

    @property
    def is_voided(self) -> bool:
        """Whether the fact is marked entered in error."""
        return self.voided_at is not None
