"""Importing a clinic's files: read, check, write, audit and reconcile, against COPY of the same rows.

Each round is undone once the links to other rows were checked, as a commit would.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Manager, Model, QuerySet

from audit.actor import acting
from benchmarks.cohort import LIVE_ON, TIME_ZONE, at_noon
from benchmarks.rows.sweep import last_day
from benchmarks.timing import Measured, queries_of, timed
from exchange.export import export_clinic
from exchange.files.clinic import TABLES
from exchange.services.clinics import open_clinic
from exchange.services.importing import import_clinic
from pathway import clock
from patients.models import Patient
from teams.models import Clinic, Membership
from worklist.models import CareTask

FACTS: Sequence[type[Model]] = tuple(dict.fromkeys(table.model for table in TABLES))
QUERIES, QUERIES_A_THOUSAND_ROWS = 110, 20
"""To look what is there, and to store: one statement for each table."""


def one_clinic(rounds: int) -> Measured:
    """The files of a clinic into one that is empty and has the same members."""
    row = Measured("import")
    source = Clinic.objects.order_by("name")[0]
    with (
        tempfile.TemporaryDirectory(prefix="alscare-import-") as name,
        clock.set_to(at_noon(last_day())),
        acting(user_id=None, purpose="benchmark"),
    ):
        folder = Path(name)
        rows = sum(export_clinic(clinic=source, folder=folder).values())
        most = QUERIES + QUERIES_A_THOUSAND_ROWS * -(-rows // 1000)
        with _empty_clinic(source) as clinic:
            row.count("queries", queries_of(partial(_bring_in, clinic, folder)), most)
        content = {each.model._meta.db_table: _content(each) for each in _stored(source)}
        for _number in range(rounds):
            row.round(partial(_import, row, source, folder, rows), partial(_copy, content))
    row.notes["rows"] = rows
    row.notes["rows/s"] = round(rows * len(row.product) / sum(row.product))
    return row


def _import(row: Measured, source: Clinic, folder: Path, rows: int) -> float:
    with _empty_clinic(source) as clinic:
        seconds = timed(partial(_bring_in, clinic, folder))
        row.expect(sum(each.count() for each in _stored(clinic)) == rows, "a row was not imported")
        row.expect(sum(each.count() for each in _audited(clinic)) == rows, "a row was not audited")
        row.expect(
            not any(patient.is_recalculating for patient in clinic.patients.all()),
            "somebody was not reconciled",
        )
        row.expect(CareTask.objects.filter(clinic=clinic).exists(), "nobody has work")
    return seconds


@contextmanager
def _empty_clinic(source: Clinic) -> Iterator[Clinic]:
    """A clinic with the members of another, which is there within the block alone."""
    with transaction.atomic():
        clinic = open_clinic(name="Imported", time_zone=TIME_ZONE, live_on=LIVE_ON)
        Membership.objects.bulk_create(
            Membership(clinic=clinic, user_id=member.user_id, role=member.role)
            for member in Membership.objects.filter(clinic=source)
        )
        yield clinic
        transaction.set_rollback(True)


def _bring_in(clinic: Clinic, folder: Path) -> None:
    import_clinic(clinic=clinic, folder=folder)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _stored(clinic: Clinic) -> Iterator[QuerySet[Any]]:
    """People and facts of a clinic."""
    yield Patient.objects.filter(clinic=clinic)
    for model in FACTS:
        facts: Manager[Any] = model._default_manager
        yield facts.filter(patient__clinic=clinic)


def _audited(clinic: Clinic) -> Iterator[QuerySet[Any]]:
    """What the audit holds of the same rows being added."""
    for rows in _stored(clinic):
        events: Manager[Any] = apps.get_model(f"{rows.model._meta.label}Event")._default_manager
        yield events.filter(pgh_label="insert", pgh_obj__in=rows)


def _content(rows: QuerySet[Any]) -> bytes:
    """Rows of one table as COPY reads them."""
    table = rows.model._meta.db_table
    ids = [str(id_) for id_ in rows.values_list("pk", flat=True)]
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY (SELECT * FROM "{table}" WHERE id::text = ANY (%s)) TO STDOUT', [ids]) as copy,
    ):
        return b"".join(map(bytes, copy))


def _copy(content: Mapping[str, bytes]) -> float:
    """The same rows into empty tables with the same indexes, without a trigger."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA floor_of_import")
        for table in content:
            cursor.execute(f'CREATE TABLE floor_of_import."{table}" (LIKE public."{table}" INCLUDING ALL)')

        def copy_all() -> None:
            for table, rows in content.items():
                with cursor.copy(f'COPY floor_of_import."{table}" FROM STDIN') as copy:
                    copy.write(rows)

        seconds = timed(copy_all)
        transaction.set_rollback(True)
    return seconds
