"""The one receiver of ``chart_changed``: reconcile the patient in the same transaction."""

from typing import Any

from django.dispatch import receiver

from patients.models import Patient
from patients.signals import chart_changed
from teams.models import User
from worklist.services.postpone import is_postponed
from worklist.services.reconcile import reconcile_safely


@receiver(chart_changed, dispatch_uid="worklist_reconcile")
def reconcile_changed_chart(*, patient: Patient, user: User | None, **_kwargs: Any) -> None:
    """Bring care tasks up to date unless an import postpones it."""
    if not is_postponed():
        reconcile_safely(patient=patient, user=user)
