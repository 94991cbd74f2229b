"""Check the chain of seals over the audit trail."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.selectors import Broken, verify_chain


class Command(BaseCommand):
    """Reports the first broken place and fails, or says how far the chain holds and its head."""

    help = "Check that sealed audit rows are unchanged and complete."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the head noted earlier, from the log of the worker or from this command."""
        parser.add_argument("--head", default="", help="a digest that must be part of the chain")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        verdict = verify_chain(head=options["head"])
        held = f"{verdict.seals} seals over {verdict.rows} rows hold"
        if verdict.broken is not None:
            raise CommandError(f"{held}, then: {self._place(verdict.broken)}")
        self.stdout.write(f"{held}. Head: {verdict.head or '(nothing is sealed yet)'}")

    @staticmethod
    def _place(broken: Broken) -> str:
        if broken.seal is None:
            return f"{broken.why}."
        return f"seal {broken.seal}, {broken.table} {broken.first_id} to {broken.last_id}: {broken.why}."
