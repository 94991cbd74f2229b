"""Reading for the patient page and the list of patients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Max, Q

from equipment.selectors import LimitedRequest, requests_open_to, with_limits
from pages.selectors import for_rows
from patients.models import Patient
from referrals.selectors import TimedReferral, referrals_open_to, with_update_due
from teams.models import Membership, User
from worklist.models import CareTask
from worklist.selectors.tasks import ROW, is_overdue, tasks_of_clinic, tasks_of_patient


@dataclass(frozen=True, slots=True)
class OverdueOfPatient:
    """How much of a patient's work is overdue, and the worst severity; 0 when all is catch-up work."""

    count: int
    severity: int


def overdue_of(membership: Membership, patient_ids: Sequence[UUID]) -> Mapping[UUID, OverdueOfPatient]:
    """The overdue work of each of these patients of the clinic; those without any are left out."""
    rows = (
        tasks_of_clinic(membership=membership)
        .filter(is_overdue(), patient__in=patient_ids)
        .values_list("patient")
        .annotate(count=Count(ROW, distinct=True), worst=Max("severity", filter=Q(catch_up=False)))
        .order_by()
    )
    return {patient: OverdueOfPatient(count, severity or 0) for patient, count, severity in rows}


def work_on_patient(membership: Membership, patient: Patient) -> list[CareTask]:
    """All open work on a patient, worst first; ``informs_me`` marks what the member is told of, not asked."""
    mine = ArraySubquery(membership.disciplines.values("code"))
    tasks = for_rows(tasks_of_patient(patient=patient))
    return list(tasks.annotate(informs_me=ExpressionWrapper(Q(informed__overlap=mine), BooleanField())))


def requests_of_patient(user: User, patient: Patient) -> "list[LimitedRequest]":
    """All equipment requests of a patient, past a limit first; ended ones last."""
    rows = with_limits(requests_open_to(user).filter(patient=patient), today=patient.clinic.today())
    return list(rows.order_by("-is_late", "-days_over", "happened_on", "pk"))


def referrals_of_patient(user: User, patient: Patient) -> "list[TimedReferral]":
    """All referrals of a patient, those waiting for an update first."""
    rows = with_update_due(referrals_open_to(user).filter(patient=patient))
    return list(rows.order_by(F("update_due_on").asc(nulls_last=True), "-status_on", "pk"))
