"""``manage.py replay FILE``: what the rules make of recorded lives."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.replay import replay
from pathway.timeline import TimelineError


class Command(BaseCommand):
    help = "Print the alerts that the rules alone give for a file of timelines, as JSON."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file in the form of clinical/timelines.json")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            answer = replay(json.loads(file.read_text(encoding="utf-8")))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise CommandError(f"{file} is not JSON: {error}") from None
        except TimelineError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(answer, indent=2))
