"""Writing assessments."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.findings import Findings
from assessments.models import Assessment
from assessments.registry import kinds
from patients.charting import charting
from teams.models import User


def log_assessment(
    *,
    patient_id: UUID,
    user: User | None,
    kind: str,
    findings: Findings | Mapping[str, Any],
    on: date,
    note: str = "",
    done_elsewhere: str = "",
    recorded_on: date | None = None,
    external_id: str = "",
) -> Assessment:
    """Record what was found on ``on``; care tasks that it meets close in the same transaction.

    Incomplete findings are kept, and close nothing. ``done_elsewhere`` says where it
    was done and how that is known. ``recorded_on`` and ``external_id`` come from an import.

    Raises:
        ValidationError: unknown kind, a value out of range (by its name, with how to
            mend it), or a day that has not come.
    """
    if kind not in kinds():
        raise ValidationError({"kind": _("%(kind)s is not a kind of assessment.") % {"kind": kind}})
    wanted = kinds()[kind]
    values = findings.answers() if isinstance(findings, Findings) else findings
    fact = Assessment(
        kind=kind,
        findings=wanted.findings.checked(values).answers(),
        schema_version=wanted.schema_version,
        happened_on=on,
        note=note,
        done_elsewhere=done_elsewhere,
        external_id=external_id,
    )
    with charting(patient_id=patient_id, user=user) as chart:
        return chart.record(fact, recorded_on=recorded_on)
