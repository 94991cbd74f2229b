"""The sweep: a minute in which nothing is due, and the night in which a day's work falls due."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from alerts.models import Alert
from alerts.services.sweep import SweepResult, sweep
from benchmarks.cohort import TODAY, at_noon
from benchmarks.timing import Measured, asking, pages_of, timed
from pathway import clock
from worklist.models import CareTask
from worklist.services.reconcile import reconcile_stale

MOST_PAGES = 24
"""A probe walks down one index, at most four pages and a little more for entries no longer in use."""

WRITTEN = ("worklist_caretask", "alerts_alert", "alerts_delivery", "patients_patient")

_PROBE = "SELECT EXISTS (SELECT 1 FROM worklist_caretask WHERE closed_at IS NULL AND wake_at <= %s)"

_INSERT = """
INSERT INTO floor.alerts_alert
  (id, task_id, clinic_id, patient_id, rule, subject, opens_on, opened_at, close_reason)
SELECT gen_random_uuid(), t.id, t.clinic_id, t.patient_id, t.rule, t.subject,
  (t.alert_at AT TIME ZONE c.time_zone)::date, %s, ''
FROM worklist_caretask t JOIN teams_clinic c ON c.id = t.clinic_id WHERE t.id = ANY (%s)
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


def newly_due(rounds: int) -> Measured:
    """A day's newly due work, alerts and deliveries, against a bare INSERT of the same alerts."""
    row = Measured("sweep, a day's newly due work")
    for _round in range(rounds):
        with clock.set_to(at_noon(last_day() + timedelta(days=1))):
            _reconcile_the_day()
            _autovacuum()
            tasks = _due()
            row.expect(bool(tasks), "nothing was due")
            if not tasks:
                continue
            row.round(
                partial(timed, partial(_sweep_of, row, len(tasks))), partial(timed, partial(_bare, tasks))
            )
            row.notes["alerts a day"] = len(tasks)
    return row


def _catch_up() -> None:
    """Leave nothing for the sweep to find."""
    while sweep() != SweepResult():
        pass


def _autovacuum() -> None:
    """Do what PostgreSQL does by itself in the hours of a real day, which pass in a second here."""
    with connection.cursor() as cursor:
        for table in WRITTEN:
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _reconcile_the_day() -> None:
    """Recalculating charts whose day has come is a row of its own; here only what falls due counts."""
    while reconcile_stale():
        pass


def _due() -> list[UUID]:
    due = CareTask.objects.filter(closed_at__isnull=True, wake_at__lte=clock.now())
    return list(due.order_by("wake_at").values_list("pk", flat=True))


def _sweep_of(row: Measured, tasks: int) -> None:
    result = sweep()
    row.expect(result.opened == tasks, f"opened {result.opened} of {tasks}")
    row.notes["deliveries a day"] = result.deliveries
    row.notes["severities raised a day"] = result.raised


def _bare(tasks: list[UUID]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_INSERT, [clock.now(), tasks])
