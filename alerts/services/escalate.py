"""Taking the steps of the ladder: what nobody answered goes to the coordinator, then to the lead.

When a step is due says ``alerts.selectors.ladder``. Each is taken once and is a row of its own.

Every alert notes when to look at it next, never later than its step is due. So whatever
postpones a step (closed days, a snooze, a call with a day to call again) is found here, by
one statement, when the look comes; only what brings a step forward sets another look.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from alerts.selectors.ladder import JUDGED
from alerts.services.outbox import MEMBERS, OUTBOX
from pathway import clock
from worklist.models import EQUIPMENT_RULES

BATCH = 2000

# Task and alert are read where they are locked, so that the rows judged are the newest. The task comes
# first, as everywhere: whoever holds it may be about to change its alert. Nobody is waited for: who
# holds a task changes it, and has the alert looked at again if that matters.
_HELD = """
  SELECT t.id, t.severity, t.rule, t.subject
  FROM worklist_caretask t JOIN alerts_alert a ON a.task_id = t.id
  WHERE a.closed_at IS NULL AND a.escalate_at <= %(now)s AND t.closed_at IS NULL
  ORDER BY a.escalate_at LIMIT %(batch)s FOR NO KEY UPDATE OF t SKIP LOCKED
"""

_DUE = """
  SELECT a.id, a.task_id, a.clinic_id, a.escalated, a.escalates_from, t.severity, t.rule, t.subject
  FROM held t JOIN alerts_alert a ON a.task_id = t.id
  WHERE a.closed_at IS NULL AND a.escalate_at <= %(now)s FOR NO KEY UPDATE OF a SKIP LOCKED
"""

# A clinic without a coordinator passes on to its lead at once; without a lead, to its coordinators again.
_STEPPED = """
  SELECT j.*, gen_random_uuid() AS escalation_id, CASE WHEN j.escalated = 0
      AND j.clinic_id IN (SELECT clinic_id FROM members WHERE role = 'coordinator')
    THEN 1 ELSE 2 END AS step
  FROM judged j WHERE j.due_at <= %(now)s
"""

_RECIPIENTS = """
  SELECT s.id AS alert_id, s.escalation_id, s.clinic_id, s.severity, s.step,
    m.user_id, m.email_digest, m.email_critical
  FROM stepped s JOIN members m ON m.clinic_id = s.clinic_id
  WHERE m.role = CASE WHEN s.step = 2 AND s.clinic_id IN (SELECT clinic_id FROM members WHERE role = 'lead')
    THEN 'lead' ELSE 'coordinator' END
"""

# "IS TRUE" has the planner look each one up in a hash: it takes few steps to be due, and would compare all
# with all.
_ESCALATE = f"""
WITH held AS MATERIALIZED ({_HELD}
), due AS MATERIALIZED ({_DUE}
), judged AS MATERIALIZED ({JUDGED}
), opened AS (
  SELECT id, clinic_id, FALSE AS catch_up, severity FROM judged WHERE due_at <= %(now)s
), members AS MATERIALIZED ({MEMBERS}
), stepped AS MATERIALIZED ({_STEPPED}
), later AS (
  UPDATE alerts_alert a SET escalate_at = j.due_at FROM judged j WHERE a.id = j.id AND j.due_at > %(now)s
), passed_on AS (
  UPDATE alerts_alert a SET escalated = s.step, escalate_at = CASE WHEN s.step < 2 THEN s.lead_at END
  FROM stepped s WHERE a.id = s.id
), awoken AS (
  UPDATE alerts_snooze z SET ended_at = %(now)s, end_reason = 'escalated'
  FROM stepped s WHERE z.alert_id = s.id AND z.ended_at IS NULL
), awake AS (
  UPDATE worklist_caretask t SET snoozed_until = NULL
  FROM stepped s WHERE t.id = s.task_id AND t.snoozed_until IS NOT NULL
), taken AS (
  INSERT INTO alerts_escalation (id, alert_id, step, taken_at)
  SELECT escalation_id, id, step, %(now)s FROM stepped
  ON CONFLICT DO NOTHING
  RETURNING id
), recipients AS ({_RECIPIENTS}
), told AS (
  INSERT INTO alerts_escalation_told (escalation_id, user_id)
  SELECT DISTINCT escalation_id, user_id FROM recipients
  WHERE (escalation_id IN (SELECT id FROM taken)) IS TRUE
), {OUTBOX}
SELECT (SELECT count(*) FROM judged), (SELECT count(*) FROM taken), (SELECT count(*) FROM delivered),
  EXISTS (SELECT FROM stepped WHERE step < 2 AND lead_at <= %(now)s)
"""


@dataclass(frozen=True, slots=True)
class PassedOn:
    """What one batch did: alerts looked at, steps taken, emails put into the outbox.

    ``again``: the step after the one taken may be due at once.
    """

    looked_at: int
    taken: int
    deliveries: int
    again: bool

    @property
    def more(self) -> bool:
        """Whether as much was done as one batch may, or something is left to do at once."""
        return self.again or self.looked_at == BATCH


def escalate() -> PassedOn:
    """Take the next step of the ladder for alerts whose time has come, at most one batch.

    Side effects, in the caller's transaction: escalations, outbox rows for those told,
    and snoozes that ended with the step. Alerts held by somebody else are left.
    """
    pause = timedelta(seconds=settings.CRITICAL_PAUSE_SECONDS)
    given: dict[str, Any] = {
        "now": clock.now(),
        "batch": BATCH,
        "pause": pause,
        "equipment": list(EQUIPMENT_RULES),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ESCALATE, given)
        return PassedOn(*cursor.fetchone())
