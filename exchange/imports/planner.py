"""Compares the files with what is stored, row by row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from exchange.files.clinic import PATIENT_COLUMNS, PATIENTS, TABLES
from exchange.files.problems import Problems
from exchange.files.reading import Reading, Row
from exchange.files.table import DATE, EXTERNAL_ID, PATIENT, RECORDED_ON, Column, Table
from exchange.imports.plan import WRITTEN, Change, Plan, PlannedPatient, PlannedRow, probable_duplicates
from exchange.selectors import Stored, stored_patients, stored_rows
from teams.models import Clinic

PARENT_FILES = frozenset(table.parent[0] for table in TABLES if table.parent)
_ENDS = (("until", "until_recorded_on"), ("returned_on", ""))
_WHEN = frozenset({RECORDED_ON.name, "until_recorded_on"})


def make_plan(clinic: Clinic, readings: Mapping[str, Reading], problems: Problems) -> Plan:
    """What importing these files would change; rows that hang on nothing known go to the problems."""
    stored = list(stored_patients(clinic=clinic))
    planner = _Planner(clinic, readings, problems, {each.key: each for each in stored})
    planner.plan_patients()
    if PATIENTS in readings:
        planner.plan.duplicates = list(probable_duplicates(stored, readings[PATIENTS].rows))
    for table in TABLES:
        if table.file in readings:
            planner.plan_table(table)
        elif table.file in PARENT_FILES:
            planner.note_parents(table, planner.stored_in(table))
    planner.check_what_hangs_on_replaced()
    return planner.plan


@dataclass(frozen=True, slots=True)
class _Parent:
    """A referral or request that rows may name."""

    patient: str
    stored: Stored | None = None
    rewritten_by: Row | None = None


class _Planner:
    def __init__(
        self,
        clinic: Clinic,
        readings: Mapping[str, Reading],
        problems: Problems,
        people: Mapping[str, Stored],
    ) -> None:
        self.clinic = clinic
        self.readings = readings
        self.problems = problems
        self.people = people
        self.keys = {stored.id: key for key, stored in people.items()}
        self.today: date = clinic.today()
        self.plan = Plan()
        self.parents: dict[tuple[str, str], _Parent] = {}
        self.replaced: set[UUID] = set()

    def stored_in(self, table: Table) -> Iterable[Stored]:
        """What is stored of a file."""
        return stored_rows(table, clinic=self.clinic, patient_keys=self.keys)

    def plan_patients(self) -> None:
        """New people, and what the file says otherwise of those there; empty cells leave what is there."""
        for row in self.readings[PATIENTS].rows if PATIENTS in self.readings else ():
            stored = self.people.get(row.external_id)
            changes = _differences(row, stored) if stored else {}
            self.plan.patients[row.external_id] = PlannedPatient(row.external_id, row, stored, changes)
            change = Change.NEW if stored is None else Change.CHANGED if changes else Change.UNCHANGED
            self.plan.count(PATIENTS, change)

    def plan_table(self, table: Table) -> None:
        """Every row of a file."""
        stored = list(self.stored_in(table))
        self.note_parents(table, stored)
        latest = {each.key: each for each in stored}
        for row in self.readings[table.file].rows:
            if not self._plan_row(table, row, latest.get(row.external_id)):
                self.readings[table.file].wrong_ids.add(row.external_id)

    def note_parents(self, table: Table, stored: Iterable[Stored]) -> None:
        """Remember the stored rows that others may name."""
        if table.file in PARENT_FILES:
            for each in stored:
                patient = str(each.values[PATIENT.name])
                self.parents[table.file, each.key] = _Parent(patient, each)

    def check_what_hangs_on_replaced(self) -> None:
        """A request that changes takes its entries with it; one that is not in the files would be lost."""
        rewritten = {
            parent.stored.id: parent.rewritten_by
            for parent in self.parents.values()
            if parent.stored and parent.rewritten_by and parent.stored.id in self.replaced
        }
        for table in TABLES if rewritten else ():
            if table.parent is None:
                continue
            field = f"{table.parent[1]}_id"
            facts = table.model.objects.in_force().filter(**{f"{field}__in": rewritten})
            for parent_id in facts.exclude(pk__in=self.replaced).values_list(field, flat=True).distinct():
                if row := rewritten.get(parent_id):
                    words = _("This row changed, but rows of %(file)s about it are not in the files.")
                    reason = words % {"file": table.file}
                    self.problems.add(row.file, row.line, EXTERNAL_ID.name, row.external_id, reason=reason)

    def _plan_row(self, table: Table, row: Row, stored: Stored | None) -> bool:
        """Plan one row; False when something is wrong with it."""
        patient = self._patient_of(table, row)
        if patient is None or not self._is_dated_right(table, row) or not self._is_born(row, patient):
            return False
        if stored is not None and stored.values[PATIENT.name] != patient.key:
            reason = _("This id belongs to a row of another patient here.")
            self.problems.add(row.file, row.line, EXTERNAL_ID.name, row.external_id, reason=reason)
            return False
        change = self._change(table, row, stored)
        self.plan.count(table.file, change)
        if change is Change.CHANGED and stored is not None:
            self.replaced.add(stored.id)
        if table.file in PARENT_FILES:
            self._note_written(table, row, change, stored, patient)
        if change not in (Change.UNCHANGED, Change.LEFT):
            patient.rows.append(PlannedRow(table, row, change, stored))
            self._note_needed(table, row, patient)
        return True

    def _note_written(
        self, table: Table, row: Row, change: Change, stored: Stored | None, patient: PlannedPatient
    ) -> None:
        rewritten_by = row if change in WRITTEN else None
        self.parents[table.file, row.external_id] = _Parent(patient.key, stored, rewritten_by)

    def _note_needed(self, table: Table, row: Row, patient: PlannedPatient) -> None:
        parent = self._parent_of(table, row)
        if parent is not None and parent.stored is not None and parent.rewritten_by is None:
            assert table.parent
            patient.parents[table.parent[0], row.values[table.parent[1]]] = parent.stored.id

    def _parent_of(self, table: Table, row: Row) -> _Parent | None:
        if table.parent is None:
            return None
        file, name = table.parent
        return self.parents.get((file, row.values[name]))

    def _patient_of(self, table: Table, row: Row) -> PlannedPatient | None:
        """The patient a row is about; None, and a problem, when nobody knows."""
        column, file, key = PATIENT.name, PATIENTS, str(row.values.get(PATIENT.name))
        if table.parent is not None:
            file, column = table.parent
            parent = self._parent_of(table, row)
            key = parent.patient if parent else ""
        if key in self.plan.patients:
            return self.plan.patients[key]
        if key in self.people:
            self.plan.patients[key] = PlannedPatient(key, stored=self.people[key])
            return self.plan.patients[key]
        id_ = row.values[column]
        if not (file in self.readings and id_ in self.readings[file].wrong_ids):
            reason = _("There is no such row in %(file)s, nor in the clinic.") % {"file": file}
            self.problems.add(row.file, row.line, column, id_, reason=reason)
        return None

    def _is_dated_right(self, table: Table, row: Row) -> bool:
        """Only what may lie ahead does, and nothing was recorded after today."""
        names = _WHEN if table.model.may_be_ahead else _WHEN | {DATE.name}
        wrong = [name for name in names if (day := row.values.get(name)) is not None and day > self.today]
        for name in wrong:
            value = row.values[name].isoformat()
            self.problems.add(row.file, row.line, name, value, reason=_("This day has not come yet."))
        return not wrong

    def _is_born(self, row: Row, patient: PlannedPatient) -> bool:
        """Nothing happened before the person was born."""
        known = patient.row.values if patient.row else patient.stored.values if patient.stored else {}
        born, day = known.get("birth_on"), row.values.get(DATE.name)
        if born is None or day is None or day >= born:
            return True
        reason = _("This is before the date of birth.")
        self.problems.add(row.file, row.line, DATE.name, day.isoformat(), reason=reason)
        return False

    def _change(self, table: Table, row: Row, stored: Stored | None) -> Change:
        if stored is None:
            return Change.NEW
        same = all(_is_equal(column, row, stored) for column in table.columns if column.compared)
        if table.parent is not None:
            same = same and row.values[table.parent[1]] == stored.parent_key
        if stored.voided:
            return Change.LEFT if same else Change.NEW
        parent = self._parent_of(table, row)
        if not same or (parent is not None and parent.rewritten_by is not None):
            return Change.CHANGED
        return _ending(row, stored)


def _differences(row: Row, stored: Stored) -> dict[str, Any]:
    return {
        column.kept: row.values[column.name]
        for column in PATIENT_COLUMNS
        if column is not EXTERNAL_ID and row.values.get(column.name) not in (None, stored.values[column.name])
    }


def _is_equal(column: Column, row: Row, stored: Stored) -> bool:
    if column.name not in row.values or not _counts(column, row):
        return True
    value = row.values[column.name]
    if value is None:
        if column.as_usual:
            return True
        value = column.default
    return bool(_plain(value) == _plain(stored.values.get(column.name)))


def _counts(column: Column, row: Row) -> bool:
    if column.only_if is None:
        return True
    name, value = column.only_if
    return bool(row.values.get(name) == value)


def _plain(value: Any) -> Any:
    return None if value == "" else value


def _ending(row: Row, stored: Stored) -> Change:
    """An end that is new ends it; another end than the stored one is another row."""
    for name, _when in _ENDS:
        end = row.values.get(name)
        if end is not None and end != stored.values.get(name):
            return Change.ENDED if stored.values.get(name) is None else Change.CHANGED
    return Change.UNCHANGED
