"""``manage.py alert_burden``: how many alerts a clinic's records give, per rule and month in care."""

import json
from typing import Any

from django.core.management.base import CommandParser

from audit.commands import ActingCommand
from exchange.burden import Burden
from exchange.progress import clinic_called
from exchange.services.burden import burden_of_clinic
from pathway.registry import rules


class Command(ActingCommand):
    """Count what the rules give for a clinic's records of the last year."""

    help = "New alerts per patient-month by rule over the last year, and what is open today."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which clinic, and the form of the answer."""
        parser.add_argument("--clinic", help="name of the clinic, if there are several")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the counts. Raises CommandError for a clinic that is not there."""
        found = burden_of_clinic(clinic=clinic_called(options["clinic"]))
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict(), indent=2))
            return
        for line in _table(found):
            self.stdout.write(line)


def _table(found: Burden) -> list[str]:
    head = f"{found.people} people, {found.months:.0f} patient-months in the last year"
    total = f"{found.all_a_month:.2f} new alerts per patient-month; {found.open.total()} open today"
    rows = [
        f"{code:<12} {found.opened[code]:>5} new {found.a_month(code):>7.3f} a month {count:>4} open"
        for code in rules()
        for count in [found.open[code]]
    ]
    owners = [f"{owner:<26} {count:>4} open" for owner, count in found.owned.most_common()]
    return [head, total, "", *rows, "", *owners]
