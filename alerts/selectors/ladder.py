"""When the next step of the ladder is due: owner, coordinator, clinical lead.

Days count from when the alert could first be notified: the first morning email after it
opened, or at once for critical work. They end on a day on which the clinic is open, but for
critical work, which goes on any day. A snooze holds a step back, and so does the day to call
again about equipment, no longer than a snooze may last.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from alerts.models import Step
from teams.models import Clinic
from worklist.models import EQUIPMENT_RULES, CareTask, Severity


def _first_open(day: str) -> str:
    """A lateral join's query: the first day from ``day`` on which the clinic ``c`` is open."""
    return f"""
    SELECT {day} + min(ahead) AS day FROM generate_series(0, 6) AS ahead
    WHERE EXTRACT(isodow FROM {day} + ahead)::int - 1 = ANY (c.open_days)"""


_DAYS = """
    SELECT held_at_most, to_lead, CASE d.escalated WHEN 0 THEN to_coordinator ELSE to_lead END AS days
    FROM (SELECT
      CASE d.severity WHEN 3 THEN c.critical_snooze WHEN 2 THEN c.urgent_snooze
        ELSE c.attention_snooze END AS held_at_most,
      CASE d.severity WHEN 3 THEN 0 WHEN 2 THEN c.urgent_to_coordinator
        ELSE c.attention_to_coordinator END AS to_coordinator,
      CASE d.severity WHEN 3 THEN c.critical_to_lead WHEN 2 THEN c.urgent_to_lead
        ELSE c.attention_to_lead END AS to_lead)
"""

# Until which day a snooze, or the latest call about the equipment, holds the step back.
_HELD = """
    SELECT GREATEST(
      (SELECT LEAST(s.until, s.latest_on) FROM alerts_snooze s
        WHERE s.alert_id = d.id AND s.ended_at IS NULL),
      (SELECT LEAST(v.next_call_on, v.happened_on + step.held_at_most)
        FROM equipment_vendorcontact v
        WHERE v.request_id = CASE WHEN d.rule = ANY (%(equipment)s) THEN d.subject::uuid END
          AND v.voided_at IS NULL
        ORDER BY v.happened_on DESC, v.entry DESC LIMIT 1)) AS until
"""

# Takes ``due``: alerts with what their tasks say. Says when each one's next step is due (``due_at``), and
# the start of a day before which the lead's is not (``lead_at``). Offsets have what stands before them
# worked out once, not wherever it is used.
JUDGED = f"""
  SELECT d.*, CASE WHEN d.severity = 3
      THEN GREATEST(since.at + make_interval(days => step.days), held.until::timestamp)
      ELSE COALESCE(open.day, counted.day)::timestamp END AT TIME ZONE c.time_zone AS due_at,
    (CASE WHEN d.severity = 3 THEN since.at::date ELSE told.day END + step.to_lead)::timestamp
      AT TIME ZONE c.time_zone AS lead_at
  FROM due d JOIN teams_clinic c ON c.id = d.clinic_id
  CROSS JOIN LATERAL (SELECT d.escalates_from AT TIME ZONE c.time_zone AS at) AS since
  CROSS JOIN LATERAL ({_DAYS}) AS step
  CROSS JOIN LATERAL ({_HELD} OFFSET 0) AS held
  CROSS JOIN LATERAL (
    SELECT since.at::date + CASE WHEN since.at::time < c.digest_at THEN 0 ELSE 1 END AS day
  ) AS morning
  LEFT JOIN LATERAL ({_first_open("morning.day")}) AS first ON TRUE
  CROSS JOIN LATERAL (SELECT COALESCE(first.day, morning.day) AS day) AS told
  CROSS JOIN LATERAL (SELECT GREATEST(told.day + step.days, held.until) AS day OFFSET 0) AS counted
  LEFT JOIN LATERAL ({_first_open("counted.day")}) AS open ON TRUE
"""

_NEXT = f"""
WITH due AS (
  SELECT a.id, a.clinic_id, a.escalated, a.escalates_from, t.severity, t.rule, t.subject
  FROM alerts_alert a JOIN worklist_caretask t ON t.id = a.task_id
  WHERE a.task_id = %(task)s AND a.closed_at IS NULL AND a.escalated < 2 AND a.escalates_from IS NOT NULL
), judged AS ({JUDGED})
SELECT escalated + 1, due_at FROM judged
"""


def days_to_steps(clinic: Clinic) -> Mapping[Severity, tuple[int, int]]:
    """Days until the coordinator and until the clinical lead is told, as ``_DAYS`` reads them."""
    return {
        Severity.ATTENTION: (clinic.attention_to_coordinator, clinic.attention_to_lead),
        Severity.URGENT: (clinic.urgent_to_coordinator, clinic.urgent_to_lead),
        Severity.CRITICAL: (0, clinic.critical_to_lead),
    }


def next_step(task: CareTask) -> tuple[Step, datetime] | None:
    """Whom the task's open alert goes to next, and when, as things stand; None after the last step."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"task": task.pk, "equipment": list(EQUIPMENT_RULES)})
        row = cursor.fetchone()
    return (Step(row[0]), row[1]) if row else None
