"""Reading assessments. Every selector starts from ``visible_to``."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from assessments.findings import Background, Earlier
from assessments.models import Assessment
from patients.models import Patient
from patients.selectors import visible_to
from teams.models import User

LATEST_FIRST = ("-happened_on", "-recorded_on", "-entry")


def latest(*, user: User, patient_id: UUID) -> Mapping[str, Assessment]:
    """The latest assessment of each kind that stands."""
    rows = standing(user, patient_id).order_by("kind", *LATEST_FIRST).distinct("kind")
    return {row.kind: row for row in rows}


def histories(*, user: User, patient_id: UUID, kinds: Collection[str]) -> Mapping[str, list[Assessment]]:
    """Assessments of each of these kinds that stand, latest first."""
    rows: dict[str, list[Assessment]] = {kind: [] for kind in kinds}
    for row in standing(user, patient_id).filter(kind__in=kinds).order_by(*LATEST_FIRST):
        rows[row.kind].append(row)
    return rows


def background_of(
    patient: Patient, rows: Iterable[Assessment], beside: Mapping[str, Iterable[Assessment]] | None = None
) -> Background:
    """What a new assessment is worked out against; ``rows`` are earlier ones, latest first."""
    return Background(
        height_cm=patient.height_cm,
        baseline_weight_g=patient.baseline_weight_g,
        earlier=_earlier(rows),
        beside={kind: _earlier(others) for kind, others in (beside or {}).items()},
    )


def _earlier(rows: Iterable[Assessment]) -> list[Earlier]:
    return [Earlier(row.happened_on, row.read()) for row in rows]


def standing(user: User, patient_id: UUID) -> QuerySet[Assessment]:
    """Assessments of a patient that are not marked entered in error."""
    patients = visible_to(user).filter(pk=patient_id)
    return Assessment.objects.in_force().filter(patient__in=patients)
