"""``manage.py replay FILE``: what the product makes of recorded lives."""

import json
import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.replay import replay, through_rules
from exchange.services.replaying import through_database
from pathway.timeline import TimelineError

WAYS = {"rules": through_rules, "database": through_database}


class Command(BaseCommand):
    """Print the alerts of a file of timelines, as JSON."""

    help = "Print the alerts that a file of timelines gives, as JSON."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether to go through the database."""
        parser.add_argument("file", type=Path, help="a file in the form of clinical/timelines.json")
        parser.add_argument(
            "--through",
            choices=tuple(WAYS),
            default="rules",
            help="the rules alone (default), or the real services, reconcile and sweep under a moving "
            "clock, rolled back at the end; events the services refuse are listed under refused",
        )

    def handle(self, *_args: Any, file: Path, through: str, **_options: Any) -> None:
        """Print the answer. Raises CommandError for a file that cannot be read."""
        logging.getLogger("alerts").setLevel(logging.WARNING)  # hundreds of sweeps
        try:
            answer = replay(json.loads(file.read_text(encoding="utf-8")), one=WAYS[through])
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise CommandError(f"{file} is not JSON: {error}") from None
        except TimelineError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(answer, indent=2))
