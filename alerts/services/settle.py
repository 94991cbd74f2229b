"""Alerts follow their care tasks: one statement opens and closes them, one raises severities.

The sweep's cost follows what fell due since it last ran: it starts from the
partial index on ``wake_at``, which is null for every task already alerted. A row
lock that skips what others hold keeps concurrent runs apart, and the unique
constraints behind it keep them right even without the lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from alerts.services.outbox import MEMBERS, OUTBOX
from pathway import clock

BATCH = 2000
CATCH_UP_DAYS = 30
"""Catch-up work is passed on so many days after the first day or after it was listed, or once assigned."""

# Says in SQL what worklist.selectors.tasks.belongs_to says for one member.
_RECIPIENTS = """
  SELECT o.id AS alert_id, o.clinic_id, o.severity, 0 AS step, m.user_id, m.email_digest, m.email_critical
  FROM opened o JOIN members m ON m.clinic_id = o.clinic_id
  WHERE NOT o.catch_up AND (
    m.holder_id = o.owner_id
    OR (o.owner_id IS NULL AND EXISTS (
      SELECT 1 FROM teams_membership_disciplines d
      WHERE d.membership_id = m.id AND d.discipline_id = o.discipline_id))
    OR (o.owner_id IS NULL AND m.role = 'coordinator' AND ((o.clinic_id, o.discipline_id) IN (
      SELECT other.clinic_id, d.discipline_id
      FROM members other JOIN teams_membership_disciplines d ON d.membership_id = other.id)) IS NOT TRUE))
"""

_TELL = f"""members AS ({MEMBERS}
), recipients AS ({_RECIPIENTS}
), {OUTBOX}"""

# The array holds the planner to the primary key: joined to ``due``, it takes more to be due than is,
# and reads the whole table.
_WAKE = """woken AS (
  UPDATE worklist_caretask t
  SET wake_at = NULL, catch_up = COALESCE((t.alert_at AT TIME ZONE c.time_zone)::date <= c.live_on, FALSE)
  FROM teams_clinic c WHERE t.id = ANY (ARRAY(SELECT id FROM due)) AND c.id = t.clinic_id
  RETURNING t.id, t.clinic_id, t.patient_id, t.rule, t.subject, t.severity, t.owner_id, t.discipline_id,
    t.catch_up, t.rises_at, (t.alert_at AT TIME ZONE c.time_zone)::date AS opens_on,
    CASE WHEN t.catch_up AND t.assigned_to_id IS NULL
      THEN %(catch_up)s + GREATEST(c.live_on - (%(now)s AT TIME ZONE c.time_zone)::date, 0)
      ELSE 0 END AS waits,
    CASE t.severity WHEN 3 THEN 0 WHEN 2 THEN c.urgent_to_coordinator ELSE c.attention_to_coordinator END
      AS days,
    (%(now)s AT TIME ZONE c.time_zone)::date AS today, c.time_zone
), inserted AS (
  INSERT INTO alerts_alert (id, task_id, clinic_id, patient_id, rule, subject, opens_on, opened_at,
    close_reason, escalated, escalates_as, escalates_from, escalate_at)
  SELECT gen_random_uuid(), id, clinic_id, patient_id, rule, subject, opens_on, %(now)s, '', 0, severity,
    %(now)s + make_interval(days => waits), (today + waits + days)::timestamp AT TIME ZONE time_zone
  FROM woken
  ON CONFLICT DO NOTHING
  RETURNING id, task_id, escalate_at
), fresh AS (
  SELECT i.id, w.clinic_id, w.catch_up, w.severity, w.owner_id, w.discipline_id
  FROM inserted i JOIN woken w ON w.id = i.task_id
)"""

_COUNTS = """
SELECT (SELECT count(*) FROM woken), (SELECT count(*) FROM inserted), (SELECT count(*) FROM delivered),
  EXISTS (SELECT FROM inserted WHERE escalate_at <= %(now)s)
"""

_OPEN = f"""
WITH due AS (
  SELECT id FROM worklist_caretask WHERE closed_at IS NULL AND wake_at <= %(until)s
  ORDER BY wake_at LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED
), {_WAKE}, opened AS (SELECT * FROM fresh), {_TELL}
{_COUNTS}"""

_RAISE = f"""
WITH rising AS (
  SELECT id FROM worklist_caretask WHERE closed_at IS NULL AND rises_at <= %(now)s
  ORDER BY rises_at LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED
), raised AS (
  UPDATE worklist_caretask t
  SET severity = GREATEST(severity, (rises -> 0 ->> 1)::int), rises = rises - 0,
    rises_at = (rises -> 1 ->> 0)::timestamptz,
    snoozed_until = CASE WHEN (rises -> 0 ->> 1)::int <= severity THEN snoozed_until END
  WHERE t.id = ANY (ARRAY(SELECT id FROM rising))
  RETURNING t.id, t.clinic_id, t.severity, t.owner_id, t.discipline_id, t.catch_up, t.rises_at
), awoken AS (
  UPDATE alerts_snooze s SET ended_at = %(now)s, end_reason = 'worse'
  FROM raised r JOIN alerts_alert a ON a.task_id = r.id AND a.closed_at IS NULL
  WHERE s.alert_id = a.id AND s.ended_at IS NULL AND s.severity < r.severity
), judged AS (
  UPDATE alerts_alert a
  SET escalates_as = r.severity, escalate_at = CASE WHEN a.escalated < 2 THEN %(now)s END
  FROM raised r
  WHERE a.task_id = r.id AND a.closed_at IS NULL AND a.escalates_as <> r.severity
  RETURNING a.id
), opened AS (
  SELECT a.id, r.clinic_id, r.catch_up, r.severity, r.owner_id, r.discipline_id
  FROM raised r JOIN alerts_alert a ON a.task_id = r.id AND a.closed_at IS NULL
), {_TELL}
SELECT (SELECT count(*) FROM raised), (SELECT count(*) FROM delivered),
  EXISTS (SELECT FROM raised WHERE rises_at <= %(now)s), EXISTS (SELECT FROM judged)
"""

# What ends a snooze: its work, a higher severity, or a need that hangs on another fact. Whatever may
# bring the next step of the ladder forward has it looked at again: that, or who catch-up work goes to.
_CHANGED = """awoken AS (
  UPDATE alerts_snooze s
  SET ended_at = %(now)s, end_reason = CASE WHEN t.closed_at IS NOT NULL THEN 'closed'
    WHEN t.severity > s.severity THEN 'worse' ELSE 'anew' END
  FROM alerts_alert a JOIN worklist_caretask t ON t.id = a.task_id
  WHERE s.alert_id = a.id AND s.ended_at IS NULL AND a.patient_id = ANY (%(patients)s)
    AND (t.closed_at IS NOT NULL OR t.severity > s.severity OR t.anchor <> s.anchor)
  RETURNING a.id, a.task_id
), awake AS (
  UPDATE worklist_caretask SET snoozed_until = NULL WHERE id = ANY (ARRAY(SELECT task_id FROM awoken))
), judged AS (
  UPDATE alerts_alert a
  SET escalates_as = t.severity, escalate_at = CASE WHEN a.escalated < 2 THEN %(now)s END,
    escalates_from = CASE WHEN t.catch_up AND t.assigned_to_id IS NOT NULL
      THEN LEAST(a.escalates_from, %(now)s) ELSE a.escalates_from END
  FROM worklist_caretask t
  WHERE t.id = a.task_id AND a.patient_id = ANY (%(patients)s) AND a.closed_at IS NULL
    AND t.closed_at IS NULL AND (a.escalates_as <> t.severity OR a.id IN (SELECT id FROM awoken)
      OR (t.catch_up AND t.assigned_to_id IS NOT NULL AND a.escalates_from > %(now)s))
)"""

_CLOSED = """closed AS (
  UPDATE alerts_alert a
  SET closed_at = t.closed_at, closes_on = t.closed_on, close_reason = t.close_reason
  FROM worklist_caretask t
  WHERE t.id = a.task_id AND a.closed_at IS NULL AND t.closed_at IS NOT NULL
    AND a.patient_id = ANY (%(patients)s)
)"""

# Planning who is told takes longer than all else about one patient, and most changes are no news.
_SETTLE_QUIETLY = f"WITH {_CLOSED}, {_CHANGED} SELECT 0, 0, 0, FALSE"

# Alerts already open count as opened too: their tasks may have become critical or changed hands.
_SETTLE = f"""
WITH {_CLOSED}, {_CHANGED}, due AS (
  SELECT id FROM worklist_caretask
  WHERE closed_at IS NULL AND wake_at <= %(until)s AND patient_id = ANY (%(patients)s)
  FOR NO KEY UPDATE SKIP LOCKED
), {_WAKE}, opened AS (
  SELECT * FROM fresh
  UNION ALL
  SELECT a.id, t.clinic_id, t.catch_up, t.severity, t.owner_id, t.discipline_id
  FROM alerts_alert a JOIN worklist_caretask t ON t.id = a.task_id
  WHERE a.patient_id = ANY (%(patients)s) AND a.closed_at IS NULL AND t.closed_at IS NULL
), {_TELL}
{_COUNTS}"""


@dataclass(frozen=True, slots=True)
class Settled:
    """What one batch did: tasks woken, alerts opened, emails put into the outbox.

    ``unanswered``: the next step of the ladder may be due for some of these alerts at once.
    """

    woken: int
    alerts: int
    deliveries: int
    unanswered: bool

    @property
    def more(self) -> bool:
        """Whether as much was done as one batch may."""
        return self.woken == BATCH


@dataclass(frozen=True, slots=True)
class Raised:
    """What one batch did: severities raised, emails put into the outbox.

    ``again``: some of these tasks have come to a further severity already.
    ``unanswered``: the next step of the ladder may be due for some of their alerts at once.
    """

    raised: int
    deliveries: int
    again: bool
    unanswered: bool

    @property
    def more(self) -> bool:
        """Whether as much was done as one batch may, or something is left to do at once."""
        return self.again or self.raised == BATCH


def open_due() -> Settled:
    """Open alerts for tasks past due now, at most one batch.

    Side effects: alerts, and outbox rows for owners, in the caller's transaction. An
    alert's day is the task's stored day, never the sweep's.
    """
    return Settled(*_run(_OPEN, until=clock.now()))


def raise_severities() -> Raised:
    """Raise tasks to their next severity whose day has come, at most one batch.

    Side effects, in the caller's transaction: work that becomes critical is mailed to its
    owners, alerts are looked at for the next step of the ladder, and snoozes end.
    """
    return Raised(*_run(_RAISE))


def settle(*, patient_ids: Sequence[UUID], until: datetime | None = None, news: bool = True) -> Settled:
    """Close alerts of closed tasks of these patients, and open those past due at ``until`` (now).

    Side effects: as ``open_due``; whoever has come to own an open alert gets outbox rows
    too, but for changes that are no ``news``. Emails of closed alerts are dropped when
    their time comes.
    """
    statement = _SETTLE if news else _SETTLE_QUIETLY
    return Settled(*_run(statement, until=until or clock.now(), patients=list(patient_ids)))


def _run(statement: str, **parameters: Any) -> tuple[Any, ...]:
    """The one row that a statement answers with."""
    always: dict[str, Any] = {
        "now": clock.now(),
        "batch": BATCH,
        "pause": timedelta(seconds=settings.CRITICAL_PAUSE_SECONDS),  # a value voided meanwhile pages nobody
        "catch_up": CATCH_UP_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, always | parameters)
        return tuple(cursor.fetchone())
