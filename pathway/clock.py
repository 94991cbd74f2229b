"""The one clock.

Everything that needs to know the time asks here, so that a test or a replay can
hold the whole product at one moment. Dates are the clinic's own: a moment only
becomes a day together with the clinic's time zone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_held: ContextVar[datetime | None] = ContextVar("clock_held_at", default=None)


def now() -> datetime:
    """The present moment in UTC, or the moment the clock is held at."""
    return _held.get() or datetime.now(UTC)


def today(time_zone: str) -> date:
    """The calendar day it is now in ``time_zone`` (an IANA name)."""
    return local_date(now(), time_zone)


def local_date(moment: datetime, time_zone: str) -> date:
    """The calendar day on which ``moment`` (aware) falls in ``time_zone``."""
    _require_aware(moment)
    return moment.astimezone(ZoneInfo(time_zone)).date()


def start_of_day(day: date, time_zone: str) -> datetime:
    """The first instant of ``day`` in ``time_zone``, as UTC.

    Where midnight does not exist (clocks go forward at 00:00) that is the moment
    of the change.
    """
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (aware) within the block; blocks may nest.

    The hold belongs to the current thread or task only.
    """
    _require_aware(moment)
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)


def _require_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone is not a moment.")
