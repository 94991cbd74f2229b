"""Writing to the audit trail."""

from audit.actor import Actor
from audit.models import ChartRead


def write_chart_reads(*, actor: Actor) -> None:
    """Store which charts the actor was shown: one row per clinic, naming each patient."""
    if not actor.shown:
        return
    ChartRead.objects.bulk_create(
        ChartRead(
            request_id=actor.request_id,
            user_id=actor.user_id,
            clinic_id=clinic_id,
            purpose=actor.purpose[:200],
            patient_ids=sorted(patient_ids),
        )
        for clinic_id, patient_ids in actor.shown.items()
        if patient_ids
    )
    actor.shown.clear()
