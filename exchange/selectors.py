"""Reading a clinic's records as the rows of its files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from assessments.registry import kinds
from exchange.files.clinic import PATIENT_COLUMNS
from exchange.files.table import EXTERNAL_ID, PATIENT, RECORDED_ON, Table
from patients.models import Patient
from teams.models import Clinic


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as it is kept. ``key`` is its id in the clinic's records, else alscare's own."""

    id: UUID
    key: str
    patient_id: UUID
    values: Mapping[str, Any]
    parent_key: str = ""
    voided: bool = False
    parent_voided: bool = False
    recorded_on: date | None = None


def stored_patients(*, clinic: Clinic) -> Iterator[Stored]:
    """The people of a clinic, by name."""
    paths = [column.kept for column in PATIENT_COLUMNS if column is not EXTERNAL_ID]
    names = [column.name for column in PATIENT_COLUMNS if column is not EXTERNAL_ID]
    rows = Patient.objects.filter(clinic=clinic).values_list("id", "external_id", *paths)
    for id_, external_id, *values in rows.order_by("mrn").iterator():
        key = external_id or str(id_)
        yield Stored(id_, key, id_, {EXTERNAL_ID.name: key, **dict(zip(names, values, strict=True))})


def stored_rows(table: Table, *, clinic: Clinic, patient_keys: Mapping[UUID, str]) -> Iterator[Stored]:
    """The facts of a clinic that belong in one file, in the order of recording, voided ones included."""
    own = [column for column in table.columns if not _is_reference(table, column.name)]
    plain = [column for column in own if column.name not in table.findings]
    fixed = ["id", "external_id", "patient_id", "voided_at", "recorded_on"]
    extra = ["findings", "schema_version"] if table.kind else []
    if table.parent:
        field = table.parent[1]
        extra += [f"{field}_id", f"{field}__external_id", f"{field}__voided_at"]
    of_kind = {"kind": table.kind} if table.kind else {}
    facts: QuerySet[Any] = table.model.objects.filter(patient__clinic=clinic, **of_kind)
    paths = [column.kept for column in plain]
    rows = facts.order_by("patient__mrn", "entry").values_list(*fixed, *extra, *paths)
    for row in rows.iterator():
        id_, external_id, patient_id, voided_at, recorded_on, *rest = row
        head, tail = rest[: len(extra)], rest[len(extra) :]
        key = external_id or str(id_)
        values = {column.name: value for column, value in zip(plain, tail, strict=True)}
        values |= {
            EXTERNAL_ID.name: key,
            PATIENT.name: patient_keys[patient_id],
            RECORDED_ON.name: recorded_on,
        }
        parent_key, parent_voided = "", False
        if table.kind:
            values |= _findings(table, *head)
        elif table.parent:
            parent_key, parent_voided = head[1] or str(head[0]), head[2] is not None
            values[table.parent[1]] = parent_key
        voided = voided_at is not None
        yield Stored(id_, key, patient_id, values, parent_key, voided, parent_voided, recorded_on)


def _is_reference(table: Table, name: str) -> bool:
    references = {EXTERNAL_ID.name, PATIENT.name, RECORDED_ON.name}
    return name in references or (table.parent is not None and name == table.parent[1])


def _findings(table: Table, stored: Mapping[str, Any], schema_version: int) -> dict[str, Any]:
    answers = kinds()[table.kind].load(stored, schema_version).answers()
    return {
        column.name: answers.get(column.kept) for column in table.columns if column.name in table.findings
    }
