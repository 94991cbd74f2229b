"""Fill a migrated, empty database with patients: ``python -m benchmarks.fill --patients N``.

Four hundred people are drawn and reconciled by the product; the rest are copies of them.
"""

import argparse
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from tqdm import tqdm  # noqa: E402

from alerts.models import Alert, Delivery, DeliveryState  # noqa: E402
from alerts.services.sweep import sweep  # noqa: E402
from assessments.models import Assessment  # noqa: E402
from benchmarks.cohort import TODAY, Life, at_noon, draw, write  # noqa: E402
from benchmarks.copying import FLOORS, copy_everything, tables  # noqa: E402
from pathway import clock  # noqa: E402
from pathway.dates import add_days, add_months  # noqa: E402
from worklist.models import CareTask, CloseReason, Severity  # noqa: E402
from worklist.services.reconcile import reconcile_stale  # noqa: E402

DRAWN = 400
"""People who are drawn one by one; a larger clinic is a whole number of copies of theirs."""


def fill(patients: int, *, show: bool = True) -> int:
    """Fill the database; returns how many patients there are (more, to make the copies whole)."""
    drawn, copies = min(patients, DRAWN), max(-(-patients // DRAWN) - 1, 0)
    steps = drawn + copies * len(tables())
    bar: tqdm[Any] = tqdm(total=steps, desc=f"{patients} patients", disable=not show, mininterval=1)
    with bar:
        with clock.set_to(at_noon(TODAY)):
            _draw(drawn, bar)
        if copies:
            copy_everything(copies, done=bar.update)
    return drawn * (copies + 1)


def _draw(patients: int, bar: "tqdm[Any]") -> None:
    with transaction.atomic():
        lives = list(draw(patients))
        write(lives)
        tasks = [task for life in lives for task in _past_work(life)]
        CareTask.objects.bulk_create(tasks, batch_size=500)
        Alert.objects.bulk_create(_past_alerts(tasks), batch_size=500)
    while done := reconcile_stale():
        bar.update(done)
    sweep()
    Delivery.objects.update(state=DeliveryState.SENT, finished_at=clock.now())


def _past_work(life: Life) -> Iterator[CareTask]:
    """Reviews that were due and done, long closed."""
    reviews = [
        fact for fact in life.facts if isinstance(fact, Assessment) and fact.kind == "nutrition_review"
    ]
    for before, after in pairwise(reviews):
        due_on = add_months(before.happened_on, 3)
        yield CareTask(
            clinic=life.patient.clinic,
            patient=life.patient,
            rule="NUTR-3M",
            anchor=str(before.pk),
            title="Nutrition review overdue",
            due_on=due_on,
            overdue_on=add_days(due_on, 1),
            alert_at=life.patient.clinic.start_of(add_days(due_on, 1)),
            severity=Severity.ATTENTION,
            discipline_id="nutrition",
            owner=before.recorded_by,
            evidence=[str(before.pk)],
            opened_at=before.recorded_at,
            closed_at=after.recorded_at,
            closed_on=after.happened_on,
            close_reason=CloseReason.SATISFIED,
            closed_by=after.recorded_by,
        )


def _past_alerts(tasks: Iterable[CareTask]) -> list[Alert]:
    return [
        Alert(
            task=task,
            clinic=task.clinic,
            patient=task.patient,
            rule=task.rule,
            opens_on=task.overdue_on,
            opened_at=task.alert_at + timedelta(minutes=1),
            closes_on=task.closed_on,
            closed_at=task.closed_at,
            close_reason=CloseReason.SATISFIED,
        )
        for task in tasks
        if task.closed_at and task.closed_at > task.alert_at
    ]


def lay_floors() -> None:
    """Copies of the tables that floors write to: as large, with the same indexes, and no trigger."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA floor")
        for table in FLOORS:
            cursor.execute(f"CREATE TABLE floor.{table} (LIKE public.{table} INCLUDING ALL)")
            cursor.execute(f"INSERT INTO floor.{table} SELECT * FROM public.{table}")


def tidy() -> None:
    """Leave tables as a running server's would be: analysed and vacuumed."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def main() -> None:
    """Fill as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, required=True)
    fill(parser.parse_args().patients)
    lay_floors()
    tidy()


if __name__ == "__main__":
    main()
