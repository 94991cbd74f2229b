"""The sweep: find what fell due since it last ran. Late, twice or twice at once gives the same alerts."""

from dataclasses import asdict, dataclass

import structlog
from django.db import transaction

from alerts.selectors.pending import pending
from alerts.services.escalate import escalate
from alerts.services.settle import open_and_raise
from worklist.services.reconcile import reconcile_stale

logger = structlog.get_logger(__name__)

MOST_BATCHES = 500
"""A bound on one sweep (a million tasks); whatever is left, the next minute takes."""


@dataclass(slots=True)
class SweepResult:
    """What one sweep did."""

    reconciled: int = 0
    opened: int = 0
    raised: int = 0
    escalated: int = 0
    deliveries: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


def sweep() -> SweepResult:
    """Reconcile patients that are behind, open alerts, raise severities, pass on what nobody answered.

    Side effects: care tasks, alerts and outbox rows; each batch commits by itself,
    so an interrupted sweep loses nothing and the next one carries on.
    """
    result = SweepResult()
    found = pending()
    if found.stale:
        _reconcile(result)
        found = pending()
    unanswered = found.unanswered
    if found.due or found.rising:
        unanswered |= _open_and_raise(result)
    if unanswered:
        _escalate(result)
    logger.info("sweep", **result.as_dict())
    return result


def _reconcile(result: SweepResult) -> None:
    for _batch in range(MOST_BATCHES):
        done = reconcile_stale()
        result.reconciled += done
        if not done:
            return


def _open_and_raise(result: SweepResult) -> bool:
    """Returns whether an alert may have to be passed on at once."""
    unanswered = False
    for _batch in range(MOST_BATCHES):
        with transaction.atomic():
            settled = open_and_raise()
        result.opened += settled.alerts
        result.raised += settled.raised
        result.deliveries += settled.deliveries
        unanswered |= settled.unanswered
        if not settled.more:
            break
    return unanswered


def _escalate(result: SweepResult) -> None:
    for _batch in range(MOST_BATCHES):
        with transaction.atomic():
            passed_on = escalate()
        result.escalated += passed_on.taken
        result.deliveries += passed_on.deliveries
        if not passed_on.looked_at:
            return
