"""Work of people who left goes back to whoever holds the seat, or to the discipline's queue."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from patients.models import Patient
from teams.models import CLINICAL_ROLES, Membership
from worklist.models import CareTask

BATCH = 100


@transaction.atomic
def release_work_of_inactive(*, limit: int = BATCH) -> int:
    """Take open work from owners who may not open its patient any more; returns how many tasks.

    Side effects: up to ``limit`` patients fall behind, so that the sweep gives the
    work to whoever sits in the seat now and tells them. Patients locked by
    somebody else are left for the next time.
    """
    patients = Patient.objects.filter(pk__in=_left_behind().values("patient"))
    held = list(
        patients.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)[:limit]
    )
    if not held:
        return 0
    released = _left_behind().filter(patient__in=held).update(owner=None, assigned_to=None, assigned_by=None)
    Patient.objects.filter(pk__in=held).update(chart_version=F("chart_version") + 1)
    return released


def _left_behind() -> QuerySet[CareTask]:
    left = Membership.objects.filter(
        ~Q(role__in=CLINICAL_ROLES) | Q(is_active=False) | Q(user__is_active=False),
        user=OuterRef("owner"),
        clinic=OuterRef("clinic"),
    )
    return CareTask.objects.filter(Exists(left), closed_at__isnull=True)
