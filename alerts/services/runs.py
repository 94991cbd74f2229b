"""The sweep as it is asked for every minute: done, and noted as done for those who watch."""

from django.db import connection

from alerts.services.sweep import SweepResult, sweep
from pathway import clock

# One statement that waits for nobody and for no disk: a row that somebody holds is being noted by them,
# and a note lost in a crash is made again the next minute.
_NOTE = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)), mine AS (
  SELECT name FROM alerts_lastrun, quick WHERE name = %(name)s FOR NO KEY UPDATE OF alerts_lastrun SKIP LOCKED
), noted AS (
  UPDATE alerts_lastrun AS run SET finished_at = GREATEST(finished_at, %(now)s)
  FROM mine WHERE run.name = mine.name
)
INSERT INTO alerts_lastrun (name, finished_at)
SELECT %(name)s, %(now)s FROM quick WHERE NOT EXISTS (SELECT FROM alerts_lastrun WHERE name = %(name)s)
ON CONFLICT DO NOTHING
"""


def sweep_and_note() -> SweepResult:
    """Sweep, then note when that ended.

    Side effects: as ``sweep``, and one small row (``LastRun``); a sweep that fails is not noted.
    """
    result = sweep()
    note_run(name="sweep")
    return result


def note_run(*, name: str) -> None:
    """Note that a job has come to its end now."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"name": name, "now": clock.now()})
