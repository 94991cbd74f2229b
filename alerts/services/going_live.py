"""A clinic's first day moves: which overdue work is catch-up is judged again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from alerts.services.settle import CATCH_UP_DAYS, settle
from pathway import clock
from patients.models import Patient
from teams.models import Clinic

_MARK = """
WITH marked AS (
  UPDATE worklist_caretask t
  SET catch_up = NOT t.catch_up
  FROM teams_clinic c
  WHERE c.id = %(clinic)s AND t.clinic_id = c.id AND t.closed_at IS NULL AND t.wake_at IS NULL
    AND t.catch_up <> COALESCE((t.alert_at AT TIME ZONE c.time_zone)::date <= c.live_on, FALSE)
  RETURNING t.id, t.patient_id, t.catch_up AND t.assigned_to_id IS NULL AS waits
), timed AS (
  UPDATE alerts_alert a
  SET escalates_from = CASE WHEN m.waits THEN %(later)s ELSE %(now)s END,
    escalate_at = CASE WHEN a.escalated < 2 THEN %(now)s END
  FROM marked m WHERE a.task_id = m.id AND a.closed_at IS NULL
)
SELECT DISTINCT patient_id FROM marked
"""


@transaction.atomic
def mark_catch_up_anew(*, clinic: Clinic) -> int:
    """Judge which open overdue work of a clinic is catch-up by its first day as it now stands.

    Returns for how many people something changed. Side effects: work that is catch-up no
    longer counts from now on for the ladder and is told of like any other; work that has
    become catch-up waits.
    """
    held = Patient.objects.filter(clinic=clinic).order_by("pk").select_for_update(no_key=True)
    list(held.values_list("pk", flat=True))
    now = clock.now()
    ahead = max((clinic.live_on - clinic.today()).days, 0) if clinic.live_on else 0
    given: dict[str, Any] = {
        "clinic": clinic.pk,
        "now": now,
        "later": now + timedelta(days=ahead + CATCH_UP_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MARK, given)
        changed: list[UUID] = [row[0] for row in cursor.fetchall()]
    if changed:
        settle(patient_ids=changed)
    return len(changed)
