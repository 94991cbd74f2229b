"""Alerts follow their care tasks: one statement opens and closes them, for some patients or all.

The sweep's cost follows what fell due since it last ran: it starts from the
partial index on ``wake_at``, which is null for every task already alerted. A row
lock that skips what others hold keeps concurrent runs apart, and the unique
constraints behind it keep them right even without the lock. Outbox rows are
inserted in one order, so that two runs wait for each other but never in a circle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from pathway import clock

BATCH = 2000

# The next two mornings on which the clinic is open. The second is for a transaction that began
# before the first morning's email was counted and commits after it.
_MORNINGS = """
  SELECT c.id AS clinic_id, m.day, m.at
  FROM (SELECT DISTINCT clinic_id FROM opened WHERE NOT catch_up) AS o
  JOIN teams_clinic c ON c.id = o.clinic_id
  CROSS JOIN LATERAL (
    SELECT d::date AS day, ((d::date + c.digest_at) AT TIME ZONE c.time_zone) AS at
    FROM generate_series((%(now)s AT TIME ZONE c.time_zone)::date::timestamp,
                         (%(now)s AT TIME ZONE c.time_zone)::date::timestamp + interval '14 days',
                         interval '1 day') AS d
    WHERE EXTRACT(isodow FROM d)::int - 1 = ANY (c.open_days)
      AND ((d::date + c.digest_at) AT TIME ZONE c.time_zone) > %(now)s
    ORDER BY d LIMIT 2
  ) AS m
"""

_MEMBERS = """
  SELECT m.id, m.clinic_id, m.user_id, m.role, m.email_digest, m.email_critical
  FROM teams_membership m JOIN teams_user u ON u.id = m.user_id AND u.is_active
  WHERE m.is_active AND m.role <> 'admin' AND m.clinic_id IN (SELECT clinic_id FROM opened)
"""

# Says in SQL what worklist.selectors.tasks.belongs_to says for one member.
_RECIPIENTS = """
  SELECT o.id AS alert_id, o.clinic_id, o.severity, m.user_id, m.email_digest, m.email_critical
  FROM opened o JOIN members m ON m.clinic_id = o.clinic_id
  WHERE NOT o.catch_up AND (
    m.user_id = o.owner_id
    OR (o.owner_id IS NULL AND EXISTS (
      SELECT 1 FROM teams_membership_disciplines d
      WHERE d.membership_id = m.id AND d.discipline_id = o.discipline_id))
    OR (o.owner_id IS NULL AND m.role = 'coordinator' AND NOT EXISTS (
      SELECT 1 FROM teams_membership_disciplines d JOIN members other ON other.id = d.membership_id
      WHERE other.clinic_id = o.clinic_id AND d.discipline_id = o.discipline_id)))
"""

_DELIVER = """
  INSERT INTO alerts_delivery (id, clinic_id, recipient_id, kind, alert_id, step, digest_on, not_before,
    message_id, state, attempts, last_error, created_at)
  SELECT gen_random_uuid(), clinic_id, user_id, kind, alert_id, 0, digest_on, not_before,
    '<' || replace(gen_random_uuid()::text, '-', '') || '@alscare.invalid>', 'waiting', 0, '', %(now)s
  FROM (
    SELECT r.clinic_id, r.user_id, 'digest' AS kind, NULL::uuid AS alert_id,
      morning.day AS digest_on, morning.at AS not_before
    FROM (SELECT DISTINCT clinic_id, user_id FROM recipients WHERE email_digest) AS r
    JOIN mornings AS morning ON morning.clinic_id = r.clinic_id
    WHERE NOT EXISTS (
      SELECT 1 FROM alerts_delivery known WHERE known.clinic_id = r.clinic_id
        AND known.recipient_id = r.user_id AND known.digest_on = morning.day)
    UNION ALL
    SELECT r.clinic_id, r.user_id, 'critical', r.alert_id, NULL, %(now)s + %(pause)s
    FROM recipients r WHERE r.email_critical AND r.severity = 3
  ) AS needed
  ORDER BY clinic_id, user_id, digest_on, alert_id
  ON CONFLICT DO NOTHING
  RETURNING id
"""

# Worked out once per clinic, not once per recipient.
_OUTBOX = f"""mornings AS MATERIALIZED ({_MORNINGS}
), members AS ({_MEMBERS}
), recipients AS ({_RECIPIENTS}
), delivered AS ({_DELIVER}
)"""

# The array holds the planner to the primary key: joined to ``due``, it takes more to be due than is,
# and reads the whole table.
_WAKE = """woken AS (
  UPDATE worklist_caretask t
  SET wake_at = NULL, catch_up = COALESCE((t.alert_at AT TIME ZONE c.time_zone)::date <= c.live_on, FALSE)
  FROM teams_clinic c WHERE t.id = ANY (ARRAY(SELECT id FROM due)) AND c.id = t.clinic_id
  RETURNING t.id, t.clinic_id, t.patient_id, t.rule, t.subject, t.severity, t.owner_id, t.discipline_id,
    t.catch_up, t.rises_at, (t.alert_at AT TIME ZONE c.time_zone)::date AS opens_on
), inserted AS (
  INSERT INTO alerts_alert (id, task_id, clinic_id, patient_id, rule, subject, opens_on, opened_at,
    close_reason)
  SELECT gen_random_uuid(), id, clinic_id, patient_id, rule, subject, opens_on, %(now)s, '' FROM woken
  ON CONFLICT DO NOTHING
  RETURNING id, task_id
), fresh AS (
  SELECT i.id, w.clinic_id, w.catch_up, w.severity, w.owner_id, w.discipline_id
  FROM inserted i JOIN woken w ON w.id = i.task_id
)"""

_COUNTS = (
    "SELECT (SELECT count(*) FROM woken), (SELECT count(*) FROM inserted), (SELECT count(*) FROM delivered)"
)

# A severity rises in the next batch where the work is alerted in this one: a statement changes a row once.
_SWEEP = f"""
WITH due AS (
  SELECT id FROM worklist_caretask WHERE closed_at IS NULL AND wake_at <= %(until)s
  ORDER BY wake_at LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED
), {_WAKE}, rising AS (
  SELECT id FROM worklist_caretask
  WHERE closed_at IS NULL AND rises_at <= %(now)s AND (wake_at IS NULL OR wake_at > %(until)s)
  ORDER BY rises_at LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED
), raised AS (
  UPDATE worklist_caretask t
  SET severity = GREATEST(severity, (rises -> 0 ->> 1)::int), rises = rises - 0,
    rises_at = (rises -> 1 ->> 0)::timestamptz
  WHERE t.id = ANY (ARRAY(SELECT id FROM rising))
  RETURNING t.id, t.clinic_id, t.severity, t.owner_id, t.discipline_id, t.catch_up, t.rises_at
), opened AS (
  SELECT * FROM fresh
  UNION ALL
  SELECT a.id, r.clinic_id, r.catch_up, r.severity, r.owner_id, r.discipline_id
  FROM raised r JOIN alerts_alert a ON a.task_id = r.id AND a.closed_at IS NULL
), {_OUTBOX}
{_COUNTS}, (SELECT count(*) FROM raised),
  EXISTS (SELECT FROM woken WHERE rises_at <= %(now)s)
    OR EXISTS (SELECT FROM raised WHERE rises_at <= %(now)s)
"""

# Alerts already open count as opened too: their tasks may have become critical or changed hands.
_SETTLE = f"""
WITH closed AS (
  UPDATE alerts_alert a
  SET closed_at = t.closed_at, closes_on = t.closed_on, close_reason = t.close_reason
  FROM worklist_caretask t
  WHERE t.id = a.task_id AND a.closed_at IS NULL AND t.closed_at IS NOT NULL
    AND a.patient_id = ANY (%(patients)s)
), due AS (
  SELECT id FROM worklist_caretask
  WHERE closed_at IS NULL AND wake_at <= %(until)s AND patient_id = ANY (%(patients)s)
  FOR NO KEY UPDATE SKIP LOCKED
), {_WAKE}, opened AS (
  SELECT * FROM fresh
  UNION ALL
  SELECT a.id, t.clinic_id, t.catch_up, t.severity, t.owner_id, t.discipline_id
  FROM alerts_alert a JOIN worklist_caretask t ON t.id = a.task_id
  WHERE a.patient_id = ANY (%(patients)s) AND a.closed_at IS NULL AND t.closed_at IS NULL
), {_OUTBOX}
{_COUNTS}
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """What one batch did: tasks woken, alerts opened, emails put into the outbox, severities raised.

    ``rises_again``: some of these tasks have come to a further severity already.
    """

    woken: int
    alerts: int
    deliveries: int
    raised: int = 0
    rises_again: bool = False

    @property
    def more(self) -> bool:
        """Whether as much was done as one batch may, or something is left to do at once."""
        return self.woken == BATCH or self.raised == BATCH or self.rises_again


def open_and_raise() -> Settled:
    """Open alerts for tasks past due now, and raise tasks to their next severity whose day has come.

    At most one batch of each. Side effects: alerts, severities, and outbox rows for
    owners, in the caller's transaction; work that becomes critical is mailed. An
    alert's day is the task's stored day, never the sweep's.
    """
    return _run(_SWEEP, until=clock.now())


def settle(*, patient_ids: Sequence[UUID], until: datetime | None = None) -> Settled:
    """Close alerts of closed tasks of these patients, and open those past due at ``until`` (now).

    Side effects: as ``open_and_raise``, but for severities; whoever has come to own an open alert gets
    outbox rows too. Emails of closed alerts are dropped when their time comes.
    """
    return _run(_SETTLE, until=until or clock.now(), patients=list(patient_ids))


def _run(statement: str, **parameters: Any) -> Settled:
    pause = timedelta(seconds=settings.CRITICAL_PAUSE_SECONDS)  # a value voided meanwhile pages nobody
    always: dict[str, Any] = {"now": clock.now(), "batch": BATCH, "pause": pause}
    with connection.cursor() as cursor:
        cursor.execute(statement, always | parameters)
        return Settled(*cursor.fetchone())
