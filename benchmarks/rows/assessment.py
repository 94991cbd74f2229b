"""Logging one assessment: validate, write, reconcile all rules, close the task and its alert, commit."""

from functools import partial

from django.db import connection, transaction

from alerts.models import Alert
from assessments.models import Assessment
from assessments.services import log_assessment
from audit.actor import acting
from benchmarks.cohort import at_noon
from benchmarks.rows.sweep import last_day
from benchmarks.timing import Measured, queries_of, timed
from pathway import clock
from worklist.models import CareTask, CloseReason

MOST_QUERIES = 12
FINDINGS = {"weight_g": 64_900, "intake": "mouth"}


def log_one(rounds: int) -> Measured:
    """A review that was overdue, logged through the service, against a bare insert of the same row."""
    row = Measured("log one assessment")
    with clock.set_to(at_noon(last_day())):
        overdue = list(_overdue()[: rounds + 2])
        row.expect(len(overdue) > 2, "no review is overdue")
        _log(overdue.pop())
        counted = overdue.pop()
        row.count("queries", queries_of(lambda: _log(counted)), MOST_QUERIES)
        _expect_closed(row, counted)
        for task in overdue:
            row.round(partial(timed, partial(_log, task)), partial(_bare, task))
            _expect_closed(row, task)
    return row


def _overdue() -> "list[CareTask]":
    """Reviews with an open alert, one of each clinic in turn."""
    return list(
        CareTask.objects.filter(
            rule="NUTR-3M", closed_at__isnull=True, wake_at__isnull=True, owner__isnull=False
        )
        .select_related("owner", "clinic")
        .order_by("pk")
    )


def _log(task: CareTask) -> None:
    with acting(user_id=task.owner_id, purpose="POST benchmark"):
        log_assessment(
            patient_id=task.patient_id,
            user=task.owner,
            kind="nutrition_review",
            findings=FINDINGS,
            on=task.clinic.today(),
        )


def _expect_closed(row: Measured, task: CareTask) -> None:
    task.refresh_from_db(fields=["close_reason"])
    row.expect(task.close_reason == CloseReason.SATISFIED, "the task stayed open")
    row.expect(not Alert.objects.filter(task=task, closed_at__isnull=True).exists(), "the alert stayed open")


def _bare(task: CareTask) -> float:
    """The same row into a table of the same size and indexes, without a trigger."""
    fact = Assessment(
        patient_id=task.patient_id,
        kind="nutrition_review",
        findings=FINDINGS,
        happened_on=task.clinic.today(),
        recorded_on=task.clinic.today(),
        recorded_at=clock.now(),
        recorded_by_id=task.owner_id,
        entry=1,
    )
    columns = Assessment._meta.concrete_fields
    names = ", ".join(f'"{column.column}"' for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    values = [column.get_db_prep_save(column.pre_save(fact, True), connection) for column in columns]

    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO floor.assessments_assessment ({names}) VALUES ({marks})", values)

    return timed(insert)
