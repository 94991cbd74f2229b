"""``manage.py seed_cohort``: a synthetic clinic drawn from the catalogue's cohort figures."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from audit.commands import ActingCommand
from exchange.progress import shown
from exchange.services.cohort import seed_cohort


class Command(ActingCommand):
    """Make a synthetic clinic."""

    help = "Make a clinic of synthetic patients with their history; the same seed gives the same clinic."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, which seed, which clinic, up to when."""
        parser.add_argument("--patients", type=_count, required=True, help="how many people")
        parser.add_argument("--seed", type=int, required=True, help="any whole number")
        parser.add_argument("--clinic", required=True, help="name of the clinic, which is opened for it")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day history ends; default today")
        parser.add_argument("--time-zone", default="America/New_York", help="time zone of the clinic")
        parser.add_argument("--with-staff", action="store_true", help="add a member for each discipline")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Seed and tell how many. Raises CommandError for a name that is taken."""
        try:
            clinic = seed_cohort(
                name=options["clinic"],
                patients=options["patients"],
                seed=options["seed"],
                as_of=options["as_of"],
                time_zone=options["time_zone"],
                with_staff=options["with_staff"],
                progress=shown,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{clinic.name}: {clinic.patients.count()} patients.")


def _count(text: str) -> int:
    """A whole number above 0."""
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("Give at least 1.")
    return number
