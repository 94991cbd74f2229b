"""Bringing a clinic's files in: all or nothing, through the services people use."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Manager
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from equipment.models import EquipmentRequest, Loaner, Organisation, Payer, Vendor
from equipment.services import return_loaner
from exchange.files.clinic import PATIENT_COLUMNS, PATIENTS
from exchange.files.problems import Problems
from exchange.files.reading import Reading, Row
from exchange.files.table import EXTERNAL_ID, Column, Table
from exchange.imports.folder import read_folder
from exchange.imports.plan import Change, Duplicate, Plan, PlannedPatient, PlannedRow
from exchange.imports.planner import make_plan
from exchange.services.directory import UNKNOWN, Directory
from exchange.services.recording import Recorder
from pathway.facts import Event
from patients.charting import charting, storing_together
from patients.facts import Fact
from patients.models import CareTeamAssignment, Patient
from patients.services import end_assignment, joining, mark_entered_in_error, update_patient
from referrals.models import Referral
from teams.models import Clinic
from worklist.services.postpone import reconcile_at_the_end
from worklist.services.reconcile import reconcile_stale
from worklist.services.undisturbed import undisturbed

Item = TypeVar("Item")
Progress = Callable[[Iterable[Item], str], Iterable[Item]]
VOID_REASON = "Changed in import"
RECONCILE_BATCH = 200


@dataclass(slots=True)
class ImportResult:
    """What an import did, or would do, or what stands in its way."""

    problems: Problems = field(default_factory=Problems)
    duplicates: Sequence[Duplicate] = ()
    counts: Mapping[str, Mapping[Change, int]] = field(default_factory=dict)
    added: Sequence[str] = ()
    """Payers and vendors that were not there yet."""

    @property
    def stopped(self) -> bool:
        """Whether nothing was done."""
        return bool(self.problems) or bool(self.duplicates)


def _plainly(items: Iterable[Item], _says: str) -> Iterable[Item]:
    return items


def import_clinic(
    *,
    clinic: Clinic,
    folder: Path,
    dry_run: bool = False,
    date_format: str = "",
    progress: Progress[Any] = _plainly,
) -> ImportResult:
    """Bring the files of a folder into a clinic.

    Everything happens in one transaction, which is undone when anything is wrong, when
    people are probably there twice, or in a dry run. Side effects: patients, facts,
    payers and vendors; the facts of changed rows are marked entered in error; care
    tasks and alerts of the patients touched are brought up to date.
    """
    result = ImportResult()
    with transaction.atomic(), undisturbed():
        readings = read_folder(folder, problems=result.problems, date_format=date_format)
        if all(reading.usable for reading in readings.values()) and PATIENTS in readings:
            plan = make_plan(clinic, readings, result.problems)
            result.duplicates, result.counts = plan.duplicates, plan.counts
            if not result.duplicates:
                _write(clinic, plan, readings, result, progress)
        if dry_run or result.stopped:
            transaction.set_rollback(True)
    return result


def _write(
    clinic: Clinic,
    plan: Plan,
    readings: Mapping[str, Reading],
    result: ImportResult,
    progress: Progress[Any],
) -> None:
    result.added = _add_organisations(clinic, readings)
    directory = Directory(clinic)
    try:
        with reconcile_at_the_end(), storing_together():
            for patient in progress(plan.work, "Recording"):
                _PatientImport(clinic, patient, directory, result.problems).write()
    except DatabaseError as error:  # nothing more can be tried in this transaction
        result.problems.add(PATIENTS, reason=_refusal(error))
    if not result.problems:
        for _batch in progress(_recalculated(), "Recalculating"):
            pass


def _recalculated() -> Iterator[int]:
    """Turn new facts into care tasks and alerts, a batch of patients at a time."""
    while patients := reconcile_stale(limit=RECONCILE_BATCH):
        yield patients


def _add_organisations(clinic: Clinic, readings: Mapping[str, Reading]) -> Sequence[str]:
    """Payers and vendors the requests name that the clinic does not have yet."""
    rows = readings["equipment.csv"].rows if "equipment.csv" in readings else []
    added: list[str] = []
    models: tuple[tuple[type[Organisation], str], ...] = ((Payer, "payer"), (Vendor, "vendor"))
    for model, column in models:
        organisations: Manager[Any] = model._default_manager
        names = sorted({row.values[column] for row in rows if row.values.get(column)}, reverse=True)
        known = {name.lower() for name in organisations.filter(clinic=clinic).values_list("name", flat=True)}
        new = sorted({name.lower(): name for name in names if name.lower() not in known}.values())
        organisations.bulk_create(model(clinic=clinic, name=name) for name in new)
        added += new
    return added


def _refusal(error: DatabaseError) -> str:
    """What the database refused; rows are stored many at a time, so it names the key rather than a line.

    Of a row that breaks another rule PostgreSQL would quote every value; that is left out.
    """
    taken = isinstance(error.__cause__, UniqueViolation)
    words = " ".join(str(error).splitlines()[: 2 if taken else 1])
    return _("The database refused what was to be stored: %(error)s") % {"error": words}


class _PatientImport:
    """One person's rows, written in one block of charting."""

    def __init__(
        self, clinic: Clinic, planned: PlannedPatient, directory: Directory, problems: Problems
    ) -> None:
        self.clinic = clinic
        self.planned = planned
        self.directory = directory
        self.problems = problems
        self.today = clinic.today()

    def write(self) -> None:
        """Create or change the person, void what changed, enter the rows in order."""
        row, stored = self.planned.row, self.planned.stored
        if stored is None:
            assert row is not None
            self._attempt(PATIENT_COLUMNS, row, partial(self._write_new, row))
            return
        with charting(patient_id=stored.id, user=None, in_batch=True) as chart:
            if row is not None and self.planned.changes:
                change = partial(
                    update_patient, patient_id=stored.id, user=None, changes=self.planned.changes
                )
                self._attempt(PATIENT_COLUMNS, row, change)
            self._write_rows(chart.patient)

    def _write_new(self, row: Row) -> None:
        given = {
            column.kept: row.values[column.name]
            for column in PATIENT_COLUMNS
            if row.values.get(column.name) is not None
        }
        filled = {
            planned.row.values["discipline"]
            for planned in self.planned.rows
            if planned.table.model is CareTeamAssignment
        }
        seats = [seat for seat in self.directory.default_seats if seat.discipline_id not in filled]
        with joining(clinic=self.clinic, user=None, seats=seats, in_batch=True, **given) as chart:
            self._write_rows(chart.patient)

    def _write_rows(self, patient: Patient) -> None:
        recorder = Recorder(patient, self.directory)
        self._hand_parents_to(recorder)
        for planned in self.planned.rows:
            if planned.change is Change.CHANGED:
                mark_entered_in_error(fact=_fact(planned), user=None, reason=VOID_REASON)
        for planned in _in_order(self.planned.rows, self.today):
            enter = partial(self._enter, recorder, planned)
            self._attempt(planned.table.columns, planned.row, enter)

    def _hand_parents_to(self, recorder: Recorder) -> None:
        """Let the recorder know the requests and referrals that are stored already."""
        for (file, key), id_ in self.planned.parents.items():
            if file == "referrals.csv":
                recorder.referrals[key] = Referral.objects.get(pk=id_)
            else:
                recorder.requests[key] = EquipmentRequest.objects.get(pk=id_)

    def _enter(self, recorder: Recorder, planned: PlannedRow) -> None:
        values = planned.row.values
        if planned.change is not Change.ENDED:
            recorder.record(_event(planned.table, planned.row, self.today))
        elif planned.table.model is Loaner:
            return_loaner(loaner=_fact(planned), user=None, on=values["returned_on"])
        else:
            end_assignment(
                assignment=_fact(planned),
                user=None,
                on=values["until"],
                recorded_on=values.get("until_recorded_on"),
            )

    def _attempt(self, columns: Sequence[Column], row: Row, action: Callable[[], object]) -> None:
        """Do it; what the services refuse becomes a problem of the row."""
        try:
            action()
        except ValidationError as error:
            _note(self.problems, columns, row, error)


def _in_order(rows: Sequence[PlannedRow], today: date) -> Sequence[PlannedRow]:
    """As the files order them, else by day of recording and day; nothing before what it is about."""
    earliest: dict[tuple[str, str], float] = {}
    for planned in rows:
        if planned.table.parent is not None:
            file, name = planned.table.parent
            key = (file, planned.row.values[name])
            earliest[key] = min(_order(planned), earliest.get(key, inf))

    def place(planned: PlannedRow) -> tuple[float, bool, date, date]:
        row = planned.row
        first = min(_order(planned), earliest.get((planned.table.file, row.external_id), inf))
        recorded_on = row.values.get("recorded_on") or today
        return (first, planned.table.parent is not None, recorded_on, row.values["date"])

    return sorted(rows, key=place)


def _order(planned: PlannedRow) -> float:
    order = planned.row.values.get("order")
    return inf if order is None else float(order)


def _fact(planned: PlannedRow) -> Any:
    assert planned.stored is not None
    facts: type[Fact] = planned.table.model
    return facts.objects.get(pk=planned.stored.id)


def _event(table: Table, row: Row, today: date) -> Event:
    """The event a row becomes; findings stand together, as the kind of assessment wants them."""
    data = {
        column.key: row.values[column.name]
        for column in table.columns
        if column.name not in table.findings and row.values.get(column.name) is not None
    }
    data.setdefault("id", row.external_id)  # by which later rows name a request or a referral
    if table.kind:
        data["findings"] = {
            column.kept: row.values.get(column.name)
            for column in table.columns
            if column.name in table.findings
        }
    recorded_on = row.values.get("recorded_on") or today
    return Event(row.external_id, table.event, row.values["date"], recorded_on, 0, data)


def _note(problems: Problems, columns: Sequence[Column], row: Row, error: ValidationError) -> None:
    errors = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, of_field in errors.items():
        column = _column_of(columns, name)
        value = row.values.get(column.name) if column else None
        shown = "" if value is None or column is None else column.cell.write(value)
        for each in of_field:
            reason, once = " ".join(map(str, each.messages)), each.code == UNKNOWN
            problems.add(row.file, row.line, column.name if column else "", shown, reason=reason, once=once)


def _column_of(columns: Sequence[Column], name: str) -> Column | None:
    """The column a service means by a name of its own."""
    aliases = {name, f"{name}_id", "happened_on" if name == "on" else name}
    for column in columns:
        if column is not EXTERNAL_ID and aliases & {column.name, column.kept, column.key}:
            return column
    return None
