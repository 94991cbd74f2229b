"""``manage.py alert_burden``: alerts per patient and month, and what comes of them."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.management.base import CommandParser

from alerts.selectors.burden import WITHIN, AlertBurden, Answers, alert_burden
from audit.commands import ActingCommand
from exchange.burden import YEAR, Burden
from exchange.progress import clinic_called
from exchange.services.burden import burden_of_clinic
from pathway.registry import rules


class Command(ActingCommand):
    """Count the alerts the clinic had, and those its records alone would have given."""

    help = (
        "New alerts per patient-month and what came of them, by severity and rule; and beside them what "
        "the clinic's records would have given, had each been entered here on its day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which clinic, which days, and the form of the answer."""
        parser.add_argument("--clinic", help="name of the clinic, if there are several")
        parser.add_argument(
            "--days", type=_days, default=YEAR.days, help="how many days, %(default)s if not said"
        )
        parser.add_argument("--until", type=_day, help="the last of them, as 2026-03-31; today if not said")
        parser.add_argument(
            "--within", type=_days, default=WITHIN,
            help="days within which an alert is acted on or opened again, %(default)s if not said",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the counts. Raises CommandError for a clinic that is not there."""
        clinic = clinic_called(options["clinic"])
        last, span = options["until"] or clinic.today(), timedelta(days=options["days"])
        raised = alert_burden(
            clinic=clinic, first=last - span + timedelta(days=1), last=last, within=options["within"]
        )
        by_records = burden_of_clinic(clinic=clinic, as_of=last, span=span)
        if options["json"]:
            self.stdout.write(json.dumps(by_records.as_dict() | {"raised": raised.as_dict()}, indent=2))
            return
        for line in [*_raised(raised), "", *_by_records(by_records, span)]:
            self.stdout.write(line)


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 3660:
        raise ArgumentTypeError("from 1 to 3660 days")
    return days


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a day; write it like 2026-03-31") from error


def _raised(found: AlertBurden) -> Iterator[str]:
    yield f"Raised here, {found.first} to {found.last}:"
    yield (
        f"{found.a_month(found.overall):.2f} new alerts per patient-month; "
        f"{found.people} people, {found.months:.1f} patient-months"
    )
    yield ""
    for severity, answers in found.by_severity.items():
        yield _line(severity.name.lower(), found, answers)
    for rule, answers in found.by_rule.items():
        yield _line(rule or "people's own", found, answers)
    yield _line("all", found, found.overall)
    apart = found.catch_up
    yield f"{'catch-up':<13} {apart.new:>5}, counted apart {apart.still_open:>9} open; {_shares(apart)}"


def _line(name: str, found: AlertBurden, answers: Answers) -> str:
    return f"{_counts(name, answers.new, found.a_month(answers), answers.still_open)}; {_shares(answers)}"


def _shares(answers: Answers) -> str:
    shares = answers.shares.items()
    return ", ".join(f"{what.replace('_', ' ')} {share.part}/{share.of}" for what, share in shares)


def _counts(name: str, new: int, a_month: float, still_open: int) -> str:
    return f"{name:<13} {new:>5} new {a_month:>7.3f} a month {still_open:>4} open"


def _by_records(found: Burden, span: timedelta) -> list[str]:
    head = (
        f"By the records alone, {found.people} people, {found.months:.0f} patient-months in {span.days} days:"
    )
    total = f"{found.all_a_month:.2f} new alerts per patient-month; {found.open.total()} open at the end"
    rows = [_counts(code, found.opened[code], found.a_month(code), found.open[code]) for code in rules()]
    owners = [f"{owner:<26} {count:>4} open" for owner, count in found.owned.most_common()]
    return [head, total, "", *rows, "", *owners]
