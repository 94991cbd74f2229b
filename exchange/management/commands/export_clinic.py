"""``manage.py export_clinic DIR``: a clinic's records as CSV files."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from audit.commands import ActingCommand
from exchange.export import export_clinic
from exchange.progress import clinic_called, shown


class Command(ActingCommand):
    """Export a clinic. The format is described in docs/import-format.md."""

    help = "Write a clinic's records as CSV files (docs/import-format.md) into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder and the clinic."""
        parser.add_argument("folder", type=Path, help="folder to write into; made if it is not there")
        parser.add_argument("--clinic", help="name of the clinic; may be left out when there is only one")

    def handle(self, *_args: Any, folder: Path, clinic: str | None, **_options: Any) -> None:
        """Export and tell how many rows each file has."""
        try:
            counts = export_clinic(clinic=clinic_called(clinic), folder=folder, progress=shown)
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}") from None
        for file, count in counts.items():
            self.stdout.write(f"{file}: {count}")
