"""Rows that say who saw which charts and who was turned away, and seals that make tampering visible."""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now


def append_only() -> pgtrigger.Protect:
    """A trigger that refuses to change or delete rows, whoever asks."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


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
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.purpose} at {self.at:%Y-%m-%d %H:%M}"


class Denial(models.Model):
    """Somebody signed in asked for one thing by its id and was answered 403 or 404.

    Written alike whether or not the thing exists, so that neither the answer nor
    its time tells. ``purpose`` holds the method and the path, and so the id.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    request_id = models.UUIDField(default=uuid.uuid4)
    user_id = models.UUIDField()
    clinic_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["user_id", "at"], name="denial_user_at")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.status} {self.purpose} at {self.at:%Y-%m-%d %H:%M}"


class Seal(models.Model):
    """A block of rows of one audit table, hashed together with the seal before it.

    Seals are numbered from 1 without gaps and make one chain for the installation.
    Within a table each block starts one id after the block before, so that no row
    can be slipped in between. ``columns`` are those the table had when sealed.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    table = models.CharField(max_length=100)
    columns = ArrayField(models.CharField(max_length=63))
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "first_id"], name="one_seal_per_block"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.number}: {self.table} {self.first_id}-{self.last_id}"
