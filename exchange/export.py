"""A clinic's records as a folder of files, in the form that import reads."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from audit.reads import show_ids
from exchange.files.clinic import PATIENT_COLUMNS, PATIENTS, TABLES
from exchange.files.table import Column
from exchange.files.writing import file_text
from exchange.selectors import Stored, stored_patients, stored_rows
from teams.models import Clinic

Progress = Callable[[Iterable[Any], str], Iterable[Any]]


def export_clinic(
    *, clinic: Clinic, folder: Path, progress: Progress = lambda items, _says: items
) -> dict[str, int]:
    """Write what stands in a clinic's records; returns the number of rows by file.

    Entries marked entered in error, and what hangs on them, are left out. Side
    effects: the files, and a note in the audit of whose charts were put out.

    Raises:
        NobodyActsError: outside ``audit.actor.acting``.
        OSError: the folder cannot be written.
    """
    patients = list(stored_patients(clinic=clinic))
    show_ids(clinic_id=clinic.pk, patient_ids=[patient.id for patient in patients])
    keys = {patient.id: patient.key for patient in patients}
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    counts = {PATIENTS: _write(folder / PATIENTS, PATIENT_COLUMNS, patients)}
    for table in progress(TABLES, "Writing"):
        rows = stored_rows(table, clinic=clinic, patient_keys=keys)
        standing = [row for row in rows if not row.voided and not row.parent_voided]
        counts[table.file] = _write(folder / table.file, table.columns, standing)
    return counts


def _write(path: Path, columns: Sequence[Column], rows: Sequence[Stored]) -> int:
    text = file_text(columns, (row.values for row in rows))
    path.touch(mode=0o600)  # charts are for their reader only
    path.write_text(text, encoding="utf-8", newline="")
    return len(rows)
