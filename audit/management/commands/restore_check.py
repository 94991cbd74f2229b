"""``manage.py restore_check``: note what a database holds, and check that a restored copy holds the same."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.fingerprints import differences, fingerprints
from audit.selectors import verify_chain


class Command(BaseCommand):
    """With ``--note``, write one value per table to a file; without, compare with it and verify the audit."""

    help = "Note what the database holds (--note), or check a restored copy against the note."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether to write it."""
        parser.add_argument("file", type=Path, help="where the values are kept; they tell nothing of anybody")
        parser.add_argument("--note", action="store_true", help="write the file, before dumping")

    def handle(self, *args: Any, **options: Any) -> None:
        """Note or check."""
        file: Path = options["file"]
        if options["note"]:
            found = {**fingerprints(), "head": verify_chain().head}
            file.write_text(json.dumps(found, indent=1))
            self.stdout.write(f"Noted {len(found)} values in {file}.")
        else:
            self._check(json.loads(file.read_text()))

    def _check(self, noted: dict[str, str]) -> None:
        head = noted.pop("head")
        if different := differences(noted, fingerprints()):
            raise CommandError("Not what was dumped:\n" + "\n".join(different))
        verdict = verify_chain(head=head)
        if verdict.broken is not None:
            raise CommandError(f"The audit does not hold: {verdict.broken.why}; see verify_audit.")
        self.stdout.write(f"All {len(noted)} values are as noted; {verdict.seals} seals of the audit hold.")
