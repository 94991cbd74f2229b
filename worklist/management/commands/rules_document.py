"""``manage.py rules_document``: docs/rules.md."""

from typing import Any

from django.core.management.base import BaseCommand

from pathway.document import rules_as_markdown


class Command(BaseCommand):
    """Print every rule as Markdown."""

    help = "Print every rule as Markdown, for docs/rules.md."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print."""
        self.stdout.write(rules_as_markdown(), ending="")
