"""Whether the product does what it is there for: database, broker, migrations, sweep and mail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from kombu.exceptions import OperationalError

from alerts.selectors.health import Signs, signs
from alscare.celery import app

T = TypeVar("T")
logger = structlog.get_logger(__name__)

MISSED_SWEEPS = 5
"""As many periods without a sweep are worth waking somebody."""
SHORTEST_PATIENCE = 5 * 60.0
"""Seconds that a sweep may take or be late, however short its period."""
LONGEST_MAIL_AGE = 60 * 60.0
"""Seconds that a mail may be late: as long as the longest pause between two tries."""
UNREACHABLE = (DatabaseError, OperationalError, OSError)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. ``value`` is a count or seconds; None: it could not be asked."""

    name: str
    ok: bool
    value: float | None


def checks() -> list[Check]:
    """Ask everything once; what cannot be asked does not hold. Nothing here names a patient."""
    return [*_checks()]


def longest_sweep_age() -> float:
    """Seconds since the last sweep after which it is missed."""
    return max(MISSED_SWEEPS * settings.SWEEP_SECONDS, SHORTEST_PATIENCE)


def _checks() -> Iterator[Check]:
    unapplied = _asked("migrations", _unapplied)
    found = _asked("signs", signs) if unapplied is not None else None
    yield Check("database", unapplied is not None, None if unapplied is None else 1)
    broker = _asked("broker", _ping_broker)
    yield Check("broker", broker is not None, broker)
    yield Check("migrations", unapplied == 0, unapplied)
    yield from _signs(found)


def _signs(found: Signs | None) -> Iterator[Check]:
    swept = found.sweep_age if found else None
    yield Check("sweep_age_seconds", swept is not None and swept <= longest_sweep_age(), swept)
    late = found.mail_age if found else None
    yield Check("oldest_undelivered_seconds", late is not None and late <= LONGEST_MAIL_AGE, late)
    yield Check("undelivered", found is not None, found.undelivered if found else None)
    yield Check("given_up", found is not None, found.given_up if found else None)


def _asked(name: str, ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except UNREACHABLE as error:
        logger.warning("check_failed", check=name, error=type(error).__name__)
        return None


def _unapplied() -> float:
    """How many migrations of this version the database lacks."""
    return len(_migrations() - MigrationRecorder(connection).applied_migrations().keys())


@lru_cache(1)
def _migrations() -> frozenset[tuple[str, str]]:
    """Every migration that belongs to the code that runs; read from the disk once."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _ping_broker() -> float:
    """Opening a channel pings the server, within the time limits of the settings."""
    with app.connection_for_write(settings.CELERY_BROKER_URL, connect_timeout=1) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
        return 1
