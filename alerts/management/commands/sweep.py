"""``manage.py sweep``: one sweep now, in this process."""

import json
from typing import Any

from django.core.management.base import CommandParser

from alerts.services.deliver import deliver_due
from alerts.services.runs import sweep_and_note
from audit.commands import ActingCommand


class Command(ActingCommand):
    """Reconcile, open, raise and deliver once; print what was done."""

    help = "One sweep now: find what fell due, open alerts, send what waits in the outbox."

    def add_arguments(self, parser: CommandParser) -> None:
        """--json prints the counts as one JSON object."""
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Sweep, deliver, print."""
        swept, delivered = sweep_and_note().as_dict(), deliver_due().as_dict()
        if options["json"]:
            self.stdout.write(json.dumps({**swept, **delivered}))
            return
        for name, count in {**swept, **delivered}.items():
            self.stdout.write(f"{name}: {count}")
