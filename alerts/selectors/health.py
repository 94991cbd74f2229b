"""Signs that alerts are found and mail leaves: for operators, without any patient."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from pathway import clock

# A mail tried in vain gets a later hour each time, so what tells how late it is is its first try.
_SIGNS = """
SELECT
  (SELECT finished_at FROM alerts_lastrun WHERE name = 'sweep'),
  late.since, late.mails,
  (SELECT count(*) FROM alerts_delivery WHERE state = 'failed')
FROM (
  SELECT min(COALESCE(tried_at, not_before)) AS since, count(*) AS mails FROM alerts_delivery
  WHERE state = 'waiting' AND (not_before <= %(now)s OR tried_at IS NOT NULL)
) AS late
"""


@dataclass(frozen=True, slots=True)
class Signs:
    """Ages in seconds. ``sweep_age`` is None before the first sweep; ``mail_age`` is 0 when none is late.

    ``undelivered`` counts emails whose time has come, ``given_up`` those refused for good.
    """

    sweep_age: float | None
    mail_age: float
    undelivered: int
    given_up: int


def signs() -> Signs:
    """How long ago the last sweep ended, and for how long the oldest email has been late, in one query."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_SIGNS, {"now": now})
        swept, late, undelivered, given_up = cursor.fetchone()
    return Signs(_age(swept, now), _age(late, now) or 0.0, undelivered, given_up)


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max((now - moment).total_seconds(), 0.0)
