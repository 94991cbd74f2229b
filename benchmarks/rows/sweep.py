"""The sweep: a minute in which nothing is due, and what a day brings."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

from alerts.models import Alert, Delivery, Escalation
from alerts.services import sweep as sweeping
from alerts.services.sweep import SweepResult, sweep
from benchmarks.cohort import TODAY, at_noon
from benchmarks.copying import FLOORS
from benchmarks.timing import Measured, asking, pages_of, timed
from pathway import clock
from worklist.models import CareTask
from worklist.services.reconcile import reconcile_stale

MOST_PAGES = 24
"""A probe walks down one index, at most four pages and a little more for entries no longer in use."""

EVEN = ("worklist_caretask", "alerts_alert")
WRITTEN = (
    "worklist_caretask", "alerts_alert", "alerts_delivery", "patients_patient", "alerts_escalation",
    "alerts_escalation_told",
)  # fmt: skip

_PROBE = "SELECT EXISTS (SELECT 1 FROM worklist_caretask WHERE closed_at IS NULL AND wake_at <= %s)"

_ALERTS = """
INSERT INTO floor.alerts_alert
  (id, task_id, clinic_id, patient_id, rule, subject, opens_on, opened_at, close_reason, escalated,
  escalates_as, escalates_from, escalate_at)
SELECT gen_random_uuid(), t.id, t.clinic_id, t.patient_id, t.rule, t.subject,
  (t.alert_at AT TIME ZONE c.time_zone)::date, %(now)s, '', 0, t.severity, %(now)s,
  %(now)s + interval '3 days'
FROM worklist_caretask t JOIN teams_clinic c ON c.id = t.clinic_id WHERE t.id = ANY (%(tasks)s)
"""
_MAILS = """
INSERT INTO floor.alerts_delivery (id, clinic_id, recipient_id, kind, alert_id, step, digest_on, not_before,
  message_id, state, attempts, last_error, created_at)
SELECT gen_random_uuid(), clinic_id, recipient_id, kind, alert_id, step, digest_on, not_before,
  '<' || gen_random_uuid() || '@alscare.invalid>', 'waiting', 0, '', %(now)s
FROM alerts_delivery WHERE id = ANY (%(mails)s)
"""
_SEVERITIES = """
UPDATE floor.worklist_caretask f SET severity = t.severity, rises = t.rises, rises_at = t.rises_at
FROM worklist_caretask t WHERE f.id = t.id AND t.id = ANY (%(rising)s)
"""
_STEPPED = """
UPDATE floor.alerts_alert f
SET escalated = a.escalated, escalates_as = a.escalates_as, escalate_at = a.escalate_at
FROM alerts_alert a WHERE f.id = a.id AND a.id = ANY (%(alerts)s)
"""
_STEPS = """
INSERT INTO floor.alerts_escalation (id, alert_id, step, taken_at)
SELECT id, alert_id, step, taken_at FROM alerts_escalation WHERE id = ANY (%(steps)s)
"""
_TOLD = """
INSERT INTO floor.alerts_escalation_told (id, escalation_id, user_id)
SELECT id, escalation_id, user_id FROM alerts_escalation_told WHERE escalation_id = ANY (%(steps)s)
"""

_OTHER = """
DELETE FROM floor.{table} f WHERE NOT EXISTS (
  SELECT FROM {table} t WHERE t.id = f.id AND t.closed_at IS NOT DISTINCT FROM f.closed_at)
"""
_NEW = """
INSERT INTO floor.{table}
SELECT * FROM {table} t WHERE NOT EXISTS (SELECT FROM floor.{table} f WHERE f.id = t.id)
"""


def last_day() -> date:
    """The day up to which alerts have been opened."""
    last = Alert.objects.aggregate(last=Max("opened_at"))["last"]
    return max(last.date(), TODAY) if last else TODAY


def idle(rounds: int) -> Measured:
    """Nothing is due: the database's time of one sweep, against one index probe."""
    row = Measured("sweep, nothing due")
    with clock.set_to(at_noon(last_day())):
        _catch_up()
        _autovacuum()
        row.expect(CareTask.objects.filter(wake_at__gt=clock.now()).exists(), "no work lies ahead")
        for _round in range(rounds):
            row.round(partial(_idle_sweep, row), _probe)
    return row


def _idle_sweep(row: Measured) -> float:
    with asking() as asked:
        result = sweep()
    row.expect(result == SweepResult(), "something was due")
    if "pages" not in row.counts:
        row.count("pages", pages_of(asked.statements), MOST_PAGES)
    return asked.seconds


def _probe() -> float:
    with asking() as asked, connection.cursor() as cursor:
        cursor.execute(_PROBE, [clock.now()])
        cursor.fetchone()
    return asked.seconds


def of_a_day(rounds: int) -> list[Measured]:
    """What a day brings: severities that rise and steps of the ladder, then newly due work.

    The floors repeat what the product wrote, by hand-written statements that judge nothing.
    """
    steps, newly = Measured("sweep, a day's steps of the ladder"), Measured("sweep, a day's newly due work")
    for _round in range(rounds):
        with clock.set_to(at_noon(last_day() + timedelta(days=1))):
            _reconcile_the_day()
            _even_floors()
            _autovacuum()
            _steps_of_the_day(steps)
            _newly_due(newly)
    return [steps, newly]


def _steps_of_the_day(row: Measured) -> None:
    rising = _ids(CareTask.objects.filter(closed_at__isnull=True, rises_at__lte=clock.now()))
    done = SweepResult()
    product = timed(partial(_rise_and_step, done))
    taken = Escalation.objects.filter(taken_at=clock.now())
    if not taken:  # a day on which the clinics are closed
        return
    changed = Alert.objects.filter(Q(task__in=rising, closed_at__isnull=True) | Q(escalations__in=taken))
    given = {"rising": rising, "alerts": _ids(changed), "steps": _ids(taken), "mails": _mails()}
    statements = (_SEVERITIES, _STEPPED, _STEPS, _TOLD, _MAILS)
    row.repeated(product, timed(partial(_write, statements, given)))
    row.notes |= {"severities a day": done.raised, "steps a day": done.escalated, "emails": done.deliveries}


def _rise_and_step(result: SweepResult) -> None:
    sweeping._raise(result)
    sweeping._escalate(result)


def _newly_due(row: Measured) -> None:
    tasks, earlier = _due(), set(_mails())
    row.expect(bool(tasks), "nothing was due")
    if not tasks:
        return
    product = timed(partial(_sweep_of, row, len(tasks)))
    given = {"tasks": tasks, "mails": list(set(_mails()) - earlier)}
    row.repeated(product, timed(partial(_write, (_ALERTS, _MAILS), given)))
    row.notes |= {"alerts a day": len(tasks), "emails a day": len(given["mails"])}


def _write(statements: Sequence[str], given: Mapping[str, list[Any]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"now": clock.now(), **given})


def _ids(rows: "QuerySet[Any]") -> list[Any]:
    return list(rows.values_list("pk", flat=True).distinct())


def _mails() -> list[UUID]:
    return _ids(Delivery.objects.filter(created_at=clock.now()))


def _sweep_of(row: Measured, tasks: int) -> None:
    opened = sweep().opened
    row.expect(opened == tasks, f"opened {opened} of {tasks}")


def _even_floors() -> None:
    """Bring what was written since into the floors' tables, so that the same rows can be changed there."""
    with connection.cursor() as cursor:
        for table in EVEN:
            cursor.execute(_OTHER.format(table=table))
            cursor.execute(_NEW.format(table=table))


def _catch_up() -> None:
    """Leave nothing for the sweep to find."""
    while sweep() != SweepResult():
        pass


def _autovacuum() -> None:
    """Do what PostgreSQL does by itself in the hours of a real day, which pass in a second here."""
    with connection.cursor() as cursor:
        for table in WRITTEN:
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        for table in FLOORS:
            cursor.execute(f"VACUUM (ANALYZE) floor.{table}")


def _reconcile_the_day() -> None:
    """Recalculating charts whose day has come is a row of its own; here only what falls due counts."""
    while reconcile_stale():
        pass


def _due() -> list[UUID]:
    return _ids(CareTask.objects.filter(closed_at__isnull=True, wake_at__lte=clock.now()))
