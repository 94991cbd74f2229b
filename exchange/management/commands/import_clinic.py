"""``manage.py import_clinic DIR``: a folder of CSV files into a clinic, all or nothing."""

import json
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.commands import ActingCommand
from exchange.files.cells import CellError, check_date_format
from exchange.imports.plan import Change
from exchange.progress import clinic_called, shown
from exchange.services.clinics import open_clinic
from exchange.services.importing import ImportResult, import_clinic
from teams.models import Clinic


class Command(ActingCommand):
    """Import a folder of CSV files. The format is described in docs/import-format.md."""

    help = "Bring a folder of CSV files (docs/import-format.md) into a clinic, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, the clinic, and how to read."""
        parser.add_argument("folder", type=Path, help="folder with patients.csv and the other files")
        parser.add_argument("--clinic", help="name of the clinic; may be left out when there is only one")
        parser.add_argument("--create", action="store_true", help="open the clinic if it is not there yet")
        parser.add_argument(
            "--time-zone", default="America/New_York", help="time zone of a clinic opened here"
        )
        parser.add_argument("--dry-run", action="store_true", help="do everything, then undo it")
        parser.add_argument(
            "--date-format",
            type=_date_format,
            help="how the clinic writes dates, like DD/MM/YYYY",
        )
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *_args: Any, folder: Path, **options: Any) -> None:
        """Import and tell what happened; ends with an error when nothing was imported."""
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        with transaction.atomic():
            result = import_clinic(
                clinic=_clinic(options),
                folder=folder,
                dry_run=options["dry_run"],
                date_format=options["date_format"] or "",
                progress=shown,
            )
            transaction.set_rollback(options["dry_run"] or result.stopped)  # a clinic opened for it, too
        if options["json"]:
            self.stdout.write(json.dumps(_as_dict(result, options["dry_run"]), indent=2))
            if result.stopped:
                sys.exit(1)
            return
        self._tell(result, options["dry_run"])

    def _tell(self, result: ImportResult, dry_run: bool) -> None:
        for problem in result.problems:
            self.stderr.write(str(problem))
        more = result.problems.count - len(result.problems.kept)
        if more:
            self.stderr.write(f"... and {more} more.")
        for duplicate in result.duplicates:
            self.stderr.write(f"Probably one person: {duplicate}")
        if result.problems:
            raise CommandError(_problems(result.problems.count))
        if result.duplicates:
            raise CommandError(_twice(len(result.duplicates)))
        for file, counts in result.counts.items():
            told = ", ".join(f"{count} {change.value}" for change, count in counts.items() if count)
            self.stdout.write(f"{file}: {told}")
        if result.added:
            self.stdout.write(f"Payers and vendors added: {', '.join(result.added)}")
        self.stdout.write("Dry run: nothing was kept." if dry_run else "Imported.")


def _problems(count: int) -> str:
    told = ngettext(
        "Nothing was imported: %(count)s problem.", "Nothing was imported: %(count)s problems.", count
    )
    return told % {"count": count}


def _twice(count: int) -> str:
    told = ngettext(
        "Nothing was imported: %(count)s person is probably there twice.",
        "Nothing was imported: %(count)s people are probably there twice.",
        count,
    )
    how = _("Give them one external_id, or correct the MRN, name or date of birth.")
    return f"{told} {how}" % {"count": count}


def _clinic(options: dict[str, Any]) -> Clinic:
    name = options["clinic"]
    if not options["create"] or name is None or Clinic.objects.filter(name=name).exists():
        return clinic_called(name)
    try:
        return open_clinic(name=name, time_zone=options["time_zone"])
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None


def _as_dict(result: ImportResult, dry_run: bool) -> dict[str, Any]:
    return {
        "imported": not result.stopped and not dry_run,
        "dry_run": dry_run,
        "files": {
            file: {change.value: counts.get(change, 0) for change in Change}
            for file, counts in result.counts.items()
        },
        "added": list(result.added),
        "problem_count": result.problems.count,
        "problems": [problem.as_dict() for problem in result.problems],
        "duplicates": [
            {
                "external_id": each.external_id,
                "other_external_id": each.other_external_id,
                "name": each.name,
                "why": each.why,
            }
            for each in result.duplicates
        ],
    }


def _date_format(text: str) -> str:
    try:
        return check_date_format(text)
    except CellError as error:
        raise ArgumentTypeError(str(error)) from None
