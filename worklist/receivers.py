"""The one receiver of ``chart_changed``: care tasks follow the chart in the same transaction."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from assessments.models import Assessment
from equipment.models import VendorContact
from patients.facts import Fact
from patients.models import Patient
from patients.signals import chart_changed
from teams.models import User
from worklist.services import calls, pregnancy
from worklist.services.postpone import is_postponed
from worklist.services.reconcile import reconcile_safely


@receiver(chart_changed, dispatch_uid="worklist_reconcile")
def reconcile_changed_chart(
    *, patient: Patient, user: User | None, corrected: Sequence[Fact], **_kwargs: Any
) -> None:
    """Bring care tasks up to date unless an import postpones it; what a fact asked for follows its mark."""
    for fact in corrected:
        if isinstance(fact, VendorContact):
            calls.follow_correction(contact=fact, user=user)
        elif isinstance(fact, Assessment):
            pregnancy.follow_correction(fact=fact, user=user)
    if not is_postponed():
        reconcile_safely(patient=patient, user=user, store=False)
