"""A folder of files, read whole before anything else happens."""

from pathlib import Path

from django.utils.translation import gettext as _

from exchange.files.clinic import BY_FILE, FILES, PATIENT_COLUMNS, PATIENTS
from exchange.files.problems import Problems
from exchange.files.reading import Reading, read_file


def read_folder(folder: Path, *, problems: Problems, date_format: str = "") -> dict[str, Reading]:
    """Every file of the folder that holds records, by its name.

    Problems: no patients.csv, a CSV file of another name, and whatever is wrong inside.
    """
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    names = {path.name for path in found}
    for name in sorted(names - set(FILES)):
        known = ", ".join(FILES)
        problems.add(name, reason=_("This file is not known. Known: %(known)s.") % {"known": known})
    if PATIENTS not in names:
        problems.add(PATIENTS, reason=_("The file is missing."))
    readings = {}
    for name in FILES:
        if name in names:
            columns = PATIENT_COLUMNS if name == PATIENTS else BY_FILE[name].columns
            content = (folder / name).read_bytes()
            readings[name] = read_file(
                name, content, columns=columns, problems=problems, date_format=date_format
            )
    return readings
