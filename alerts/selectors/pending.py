"""Whether the sweep has anything to do: one query of index probes, so an idle minute costs nothing."""

from dataclasses import dataclass

from django.db import connection

from pathway import clock

_PENDING = """
SELECT
  EXISTS (SELECT 1 FROM patients_patient
    WHERE reconciled_version < chart_version
      AND (reconcile_after IS NULL OR reconcile_after <= %(now)s))
  OR EXISTS (SELECT 1 FROM patients_patient
    WHERE look_again_at <= %(now)s AND (reconcile_after IS NULL OR reconcile_after <= %(now)s)),
  EXISTS (SELECT 1 FROM worklist_caretask WHERE closed_at IS NULL AND wake_at <= %(now)s),
  EXISTS (SELECT 1 FROM worklist_caretask WHERE closed_at IS NULL AND rises_at <= %(now)s),
  EXISTS (SELECT 1 FROM teams_membership m JOIN teams_user u ON u.id = m.user_id
    JOIN worklist_caretask t ON t.owner_id = m.user_id AND t.clinic_id = m.clinic_id
    WHERE NOT (m.is_active AND u.is_active AND m.role <> 'admin') AND t.closed_at IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for the sweep."""

    stale: bool
    due: bool
    rising: bool
    left_behind: bool


def pending() -> Pending:
    """Probe the partial indexes for waiting work."""
    with connection.cursor() as cursor:
        cursor.execute(_PENDING, {"now": clock.now()})
        return Pending(*cursor.fetchone())
