"""Whether the sweep has anything to do: one query of index probes, so an idle minute costs nothing."""

from dataclasses import dataclass

from django.db import connection

from pathway import clock

# The order in the first probe holds the planner to the index: it takes a third of all charts to be
# behind, since it cannot compare two columns, and would read the table to find the first.
_PENDING = """
SELECT
  (SELECT id FROM patients_patient
    WHERE reconciled_version < chart_version AND (reconcile_after IS NULL OR reconcile_after <= %(now)s)
    ORDER BY reconcile_after LIMIT 1) IS NOT NULL
  OR EXISTS (SELECT 1 FROM patients_patient
    WHERE look_again_at <= %(now)s AND (reconcile_after IS NULL OR reconcile_after <= %(now)s)),
  EXISTS (SELECT 1 FROM worklist_caretask WHERE closed_at IS NULL AND wake_at <= %(now)s),
  EXISTS (SELECT 1 FROM worklist_caretask WHERE closed_at IS NULL AND rises_at <= %(now)s),
  EXISTS (SELECT 1 FROM alerts_alert WHERE closed_at IS NULL AND escalate_at <= %(now)s)
"""


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for the sweep."""

    stale: bool
    due: bool
    rising: bool
    unanswered: bool


def pending() -> Pending:
    """Probe the partial indexes for waiting work."""
    with connection.cursor() as cursor:
        cursor.execute(_PENDING, {"now": clock.now()})
        return Pending(*cursor.fetchone())
