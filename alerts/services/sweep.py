"""The sweep: find what fell due since it last ran. Late, twice or twice at once gives the same alerts."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TypeVar

import structlog
from django.db import transaction

from alerts.selectors.pending import pending
from alerts.services.escalate import PassedOn, escalate
from alerts.services.settle import Raised, Settled, open_due, raise_severities
from worklist.services.reconcile import reconcile_stale

Done = TypeVar("Done", Settled, Raised, PassedOn)

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
    if found.due:
        unanswered |= _open(result)
    if found.rising:
        unanswered |= _raise(result)
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


def _open(result: SweepResult) -> bool:
    """Returns whether an alert may have to be passed on at once."""
    unanswered = False
    for settled in _batches(open_due):
        result.opened += settled.alerts
        result.deliveries += settled.deliveries
        unanswered |= settled.unanswered
    return unanswered


def _raise(result: SweepResult) -> bool:
    """Returns whether an alert may have to be passed on at once."""
    unanswered = False
    for raised in _batches(raise_severities):
        result.raised += raised.raised
        result.deliveries += raised.deliveries
        unanswered |= raised.unanswered
    return unanswered


def _escalate(result: SweepResult) -> None:
    for passed_on in _batches(escalate):
        result.escalated += passed_on.taken
        result.deliveries += passed_on.deliveries


def _batches(service: Callable[[], Done]) -> Iterator[Done]:
    """What a service did, batch by batch, each in a transaction of its own, until nothing is left."""
    for _batch in range(MOST_BATCHES):
        with transaction.atomic():
            done = service()
        yield done
        if not done.more:
            return
