"""Putting a changed setting into effect for the patients of some clinics, against reading the same rows.

Runs are worked off as workers do it: batches are claimed, patients locked, judged by the
touched rules, compared with their open tasks, written where they differ, and marked.
"""

import multiprocessing
import time
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import orjson
from django.db import connection, connections

from benchmarks.cohort import at_noon
from benchmarks.rows.sweep import last_day
from benchmarks.timing import Measured, queries_of, timed
from pathway import clock
from pathway.settings import COMMON
from patients.models import Patient
from teams.models import Clinic, User
from worklist.models import RuleRun, RuleSetting, RunBatch, RunKind, SettingState
from worklist.selectors import events
from worklist.services.plan import RULE_COLUMNS
from worklist.services.runs import start_run, work_off

CLINICS = 10
WORKERS = 2
LONG_ENOUGH = 600.0
MOST_QUERIES = 16
"""Of one batch: claim, lock, settings, facts, tasks, notes, and writing what differs."""

_TASKS = f"""SELECT patient_id, rule, subject, assigned_to_id, {", ".join(RULE_COLUMNS)}
FROM worklist_caretask WHERE patient_id = ANY (%s) AND closed_at IS NULL"""
_PATIENTS = """SELECT p.*, c.* FROM patients_patient p JOIN teams_clinic c ON c.id = p.clinic_id
WHERE p.id = ANY (%s)"""


def every_rule(rounds: int) -> Measured:
    """A term that all rules share changes: each patient is judged by every rule."""
    return _measure("recalculate, every rule", rounds, COMMON, "reentry_grace_days")


def one_rule(rounds: int) -> Measured:
    """A number of one rule changes: each patient is judged by that rule alone."""
    return _measure("recalculate, one rule", rounds, "PALL-REF", "window_days")


def two_workers(rounds: int) -> Measured:
    """Every rule, by two processes at once; what stands as the floor is one process."""
    row = Measured("recalculate, two workers to one")
    with clock.set_to(at_noon(last_day())):
        clinics = _clinics()
        _work_off(row, clinics, COMMON, "reentry_grace_days", 20)
        for number in range(rounds):
            row.round(
                partial(_by, WORKERS, row, clinics, 13 + number % 2),
                partial(_by, 1, row, clinics, 15 + number % 2),
            )
    return row


def _measure(name: str, rounds: int, rule: str, parameter: str) -> Measured:
    row = Measured(name)
    with clock.set_to(at_noon(last_day())):
        clinics = _clinics()
        patients = list(
            Patient.objects.filter(clinic__in=clinics).order_by("pk").values_list("pk", flat=True)
        )
        # People who were copied have their tasks' digests from those they were copied of.
        _work_off(row, clinics, rule, parameter, 20)
        run = _ask(clinics[0], rule, {parameter: 21})
        queries = queries_of(partial(work_off, seconds=LONG_ENOUGH))
        row.count("queries a batch", queries // RunBatch.objects.filter(run=run).count(), MOST_QUERIES)
        for number in range(rounds):
            for clinic in clinics:
                _ask(clinic, rule, {parameter: 30 + number % 2})
            row.round(
                partial(timed, partial(work_off, seconds=LONG_ENOUGH)),
                partial(timed, partial(_read, patients, [clinic.pk for clinic in clinics])),
            )
            _expect_done(row, clinics)
    row.notes["patients/s"] = round(len(patients) * len(row.product) / sum(row.product))
    row.notes["patients"] = len(patients)
    return row


def _clinics() -> Sequence[Clinic]:
    return list(Clinic.objects.order_by("pk")[:CLINICS])


def _ask(clinic: Clinic, rule: str, parameters: dict[str, int]) -> RuleRun:
    """Put a setting in force as its service does once it was previewed."""
    settings = RuleSetting.objects.filter(clinic=clinic)
    settings.filter(rule=rule, state=SettingState.ACTIVE).update(state=SettingState.SUPERSEDED)
    number, somebody = settings.count() + 1, User.objects.order_by("pk")[0]
    setting = RuleSetting.objects.create(
        clinic=clinic,
        rule=rule,
        version=number,
        parameters=parameters,
        drafted_at=clock.now(),
        drafted_by=somebody,
        state=SettingState.ACTIVE,
        revision=number,
        activated_at=clock.now(),
        activated_on=clinic.today(),
        activated_by=somebody,
        why="To measure.",
    )
    return start_run(setting=setting, kind=RunKind.RECALCULATION, revision=number)


def _work_off(row: Measured, clinics: Sequence[Clinic], rule: str, parameter: str, value: int) -> None:
    for clinic in clinics:
        _ask(clinic, rule, {parameter: value})
    work_off(seconds=LONG_ENOUGH)
    _expect_done(row, clinics)


def _expect_done(row: Measured, clinics: Sequence[Clinic]) -> None:
    for clinic in clinics:
        latest = RuleSetting.objects.filter(clinic=clinic).count()
        behind = Patient.objects.filter(clinic=clinic).exclude(settings_revision=latest)
        row.expect(not behind.exists(), "somebody was not recalculated")
    row.expect(not RuleRun.objects.filter(finished_at__isnull=True).exists(), "a run was not finished")


def _read(patients: Sequence[UUID], clinics: Sequence[UUID]) -> None:
    """Read and decode the same rows as plain tuples, in batches as large."""
    for first in range(0, len(patients), 100):
        batch = list(patients[first : first + 100])
        with connection.cursor() as cursor:
            cursor.execute(_PATIENTS, [batch])
            cursor.fetchall()
            cursor.execute(events._SQL, {"patients": batch, "clinics": list(clinics), "as_of": None})
            _decode(cursor.fetchall())
            cursor.execute(_TASKS, [batch])
            _decode(cursor.fetchall())


def _decode(rows: Sequence[tuple[object, ...]]) -> None:
    for row in rows:
        for value in row:
            if isinstance(value, str) and value.startswith(("{", "[")):
                orjson.loads(value)


def _by(workers: int, row: Measured, clinics: Sequence[Clinic], value: int) -> float:
    """Seconds that so many processes take together, their start included."""
    for clinic in clinics:
        _ask(clinic, COMMON, {"reentry_grace_days": value})
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=partial(work_off, seconds=LONG_ENOUGH)) for _ in range(workers)]
    began = time.perf_counter()
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    seconds = time.perf_counter() - began
    row.expect(all(each.exitcode == 0 for each in processes), "a worker failed")
    _expect_done(row, clinics)
    return seconds
