"""Acknowledging alerts: they have been seen. It closes nothing, and stops no step of the ladder."""

from collections.abc import Iterable

from alerts.models import Alert, AlertRead
from pathway import clock
from teams.models import User


def mark_read(*, alerts: Iterable[Alert], user: User) -> None:
    """Note that this person has seen these alerts; doing it twice changes nothing."""
    now = clock.now()
    reads = [AlertRead(alert=alert, user=user, read_at=now) for alert in alerts]
    AlertRead.objects.bulk_create(reads, ignore_conflicts=True)


def mark_unread(*, alerts: Iterable[Alert], user: User) -> None:
    """Put the alerts back among this person's unread ones; that they had seen them stays on record."""
    seen = AlertRead.objects.filter(alert__in=alerts, user=user, taken_back_at__isnull=True)
    seen.update(taken_back_at=clock.now())
