"""Rows that say who saw which charts, and seals that make tampering visible."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now


class ChartRead(models.Model):
    """One request, task or command that showed charts of one clinic."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    request_id = models.UUIDField(default=uuid.uuid4)
    user_id = models.UUIDField(null=True)
    clinic_id = models.UUIDField()
    purpose = models.CharField(max_length=200)
    patient_ids = ArrayField(models.UUIDField())

    class Meta:
        indexes = [
            GinIndex(fields=["patient_ids"], name="chart_read_patients"),
            models.Index(fields=["clinic_id", "at"], name="chart_read_clinic_at"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} at {self.at:%Y-%m-%d %H:%M}"


class Seal(models.Model):
    """A block of audit rows of one clinic, hashed together with the seal before it."""

    id = models.BigAutoField(primary_key=True)
    sealed_at = models.DateTimeField(db_default=Now())
    clinic_id = models.UUIDField()
    table = models.CharField(max_length=100)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    digest = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic_id", "table", "first_id"], name="one_seal_per_block")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.first_id}-{self.last_id}"
