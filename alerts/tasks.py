"""Celery tasks: each says "look now" to one service. Losing or repeating one changes nothing."""

from celery import shared_task

from alerts.services import deliver as delivering
from alerts.services import sweep as sweeping


@shared_task(name="alerts.tasks.sweep")
def sweep() -> None:
    """Find what fell due and hand the outbox out."""
    sweeping.sweep()
    deliver.delay()


@shared_task(name="alerts.tasks.deliver")
def deliver() -> None:
    """Send what waits in the outbox."""
    delivering.deliver_due()
