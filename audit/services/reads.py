"""Writing down who was shown which charts, and who was turned away."""

import uuid

from audit.actor import Actor
from audit.models import ChartRead, Denial

LONGEST_PURPOSE = 200


def write_chart_reads(*, actor: Actor) -> None:
    """Store which charts the actor was shown: one row per clinic, naming each patient."""
    for clinic_id, patient_ids in actor.shown.items():
        if patient_ids:
            ChartRead.objects.create(
                request_id=actor.request_id,
                user_id=actor.user_id,
                clinic_id=clinic_id,
                purpose=actor.purpose[:LONGEST_PURPOSE],
                patient_ids=sorted(patient_ids),
            )
    actor.shown.clear()


def write_denial(*, actor: Actor, clinic_id: uuid.UUID | None, status: int) -> None:
    """Store that the actor asked for something by its id and was answered ``status``.

    Raises:
        ValueError: nobody is signed in.
    """
    if actor.user_id is None:
        raise ValueError("Only somebody signed in can be turned away from one thing.")
    Denial.objects.create(
        request_id=actor.request_id,
        user_id=actor.user_id,
        clinic_id=clinic_id,
        purpose=actor.purpose[:LONGEST_PURPOSE],
        status=status,
    )
