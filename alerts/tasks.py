"""Celery tasks: each says "look now" to one service. Losing or repeating one changes nothing.

Neither sends the other: beat asks for both every minute, so that a broker which
goes away in between leaves nothing half done.
"""

from celery import shared_task

from alerts.services.deliver import deliver_due
from alerts.services.runs import sweep_and_note


@shared_task(name="alerts.tasks.sweep")
def sweep() -> None:
    """Find what fell due."""
    sweep_and_note()


@shared_task(name="alerts.tasks.deliver")
def deliver() -> None:
    """Send what waits in the outbox."""
    deliver_due()
