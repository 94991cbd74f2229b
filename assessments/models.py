"""Assessments: one table, a ``kind`` and its ``findings``, because kinds grow."""

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.findings import Findings
from assessments.registry import kinds
from assessments.specs import Words
from audit.tracking import track_writes
from patients.facts import Fact


def number_within(finding: str, low: int, high: int) -> models.Q:
    """Condition: the finding is absent, or a number in the range."""
    return models.Q((f"findings__{finding}__gte", low), (f"findings__{finding}__lte", high))


@track_writes()
class Assessment(Fact):
    """Findings of one assessment; the kind's file in ``assessments/kinds`` says what they hold."""

    kind = models.CharField(_("kind"), max_length=40)
    findings = models.JSONField(_("findings"), blank=True)
    schema_version = models.PositiveSmallIntegerField(default=1, editable=False)

    class Meta(Fact.Meta):
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        indexes = [models.Index(fields=["patient", "kind", "happened_on"], name="assessment_patient_kind")]
        constraints = [
            models.CheckConstraint(
                condition=number_within("weight_g", 20_000, 250_000), name="weight_within_20_and_250_kg"
            ),
            models.CheckConstraint(
                condition=number_within("fvc_pct", 0, 150), name="fvc_within_0_and_150_percent"
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def label(self) -> Words:
        """What this kind of assessment is called."""
        return kinds()[self.kind].label

    def read(self) -> Findings:
        """The findings, brought up to today's schema."""
        return kinds()[self.kind].load(self.findings, self.schema_version)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Left to the database: the findings' own checks come first and say more."""
