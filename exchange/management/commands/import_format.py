"""``manage.py import_format``: the tables of docs/import-format.md."""

from typing import Any

from django.core.management.base import BaseCommand

from exchange.files.document import columns_as_markdown


class Command(BaseCommand):
    """Print every file and column that import_clinic reads, as Markdown."""

    help = "Print the files and columns of import_clinic as Markdown, for docs/import-format.md."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print."""
        self.stdout.write(columns_as_markdown())
