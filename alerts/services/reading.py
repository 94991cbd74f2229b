"""Marking alerts read; reading an alert never closes it."""

from collections.abc import Iterable

from alerts.models import Alert, AlertRead
from pathway import clock
from teams.models import User


def mark_read(*, alerts: Iterable[Alert], user: User) -> None:
    """Note that this person has seen these alerts; doing it twice changes nothing."""
    now = clock.now()
    reads = [AlertRead(alert=alert, user=user, read_at=now) for alert in alerts]
    AlertRead.objects.bulk_create(reads, ignore_conflicts=True)


def mark_unread(*, alert: Alert, user: User) -> None:
    """Put the alert back among this person's unread ones."""
    AlertRead.objects.filter(alert=alert, user=user).delete()
