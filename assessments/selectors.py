"""Reading assessments. Every selector starts from ``visible_to``."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from assessments.findings import Background, Earlier
from assessments.models import Assessment
from patients.models import Patient
from patients.selectors import visible_to
from teams.models import User

LATEST_FIRST = ("-happened_on", "-recorded_on", "-entry")


def history(*, user: User, patient_id: UUID, kind: str) -> QuerySet[Assessment]:
    """Assessments of one kind that stand, latest first."""
    return _standing(user, patient_id).filter(kind=kind).order_by(*LATEST_FIRST)


def latest(*, user: User, patient_id: UUID) -> Mapping[str, Assessment]:
    """The latest assessment of each kind that stands."""
    rows = _standing(user, patient_id).order_by("kind", *LATEST_FIRST).distinct("kind")
    return {row.kind: row for row in rows}


def background_of(patient: Patient, rows: Iterable[Assessment]) -> Background:
    """What a new assessment is worked out against; ``rows`` are earlier ones, latest first."""
    return Background(
        height_cm=patient.height_cm,
        baseline_weight_g=patient.baseline_weight_g,
        earlier=[Earlier(row.happened_on, row.read()) for row in rows],
    )


def _standing(user: User, patient_id: UUID) -> QuerySet[Assessment]:
    patients = visible_to(user).filter(pk=patient_id)
    return Assessment.objects.in_force().filter(patient__in=patients)
