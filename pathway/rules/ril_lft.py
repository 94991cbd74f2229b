"""RIL-LFT: liver tests during riluzole, monthly at first, then less often."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pathway.catalogue import NEUROLOGY, RILUZOLE
from pathway.chart import Chart
from pathway.dates import add_days, add_months
from pathway.due import Need, NotApplicable, Severity, Step
from pathway.findings import liver_tests
from pathway.parameter import number_of_days, number_of_months
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.treatments import current_course
from pathway.window import Start, grace_of, interval
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """How often the liver is tested in each part of a course, and the grace."""

    first_until_months: int = number_of_months(
        3, _("First part of the course: until month"), high=12, up_to="second_until_months"
    )
    first_every_months: int = number_of_months(1, _("In the first part: months between tests"), high=6)
    second_until_months: int = number_of_months(12, _("Second part of the course: until month"), high=36)
    second_every_months: int = number_of_months(3, _("In the second part: months between tests"), high=12)
    later_every_months: int = number_of_months(6, _("After that: months between tests"), high=12)
    grace_days: int = number_of_days(7, _("Days of grace"), high=30)
    intake_grace_days: int = number_of_days(30, _("Days after joining without an alert"), high=90)

    def every_months(self, since: date, started_on: date) -> int:
        """Months to the next test, by how far into the course the last one was."""
        if since < add_months(started_on, self.first_until_months):
            return self.first_every_months
        if since < add_months(started_on, self.second_until_months):
            return self.second_every_months
        return self.later_every_months


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Due one, three or six months after the latest liver test of the course, or its start."""
    course = current_course(chart, RILUZOLE)
    if course is None:
        yield NotApplicable()
        return
    tests = [test for test in liver_tests(chart) if test.on >= course.on]
    since = Start.at(tests[-1], _("Last liver test")) if tests else Start.at(course, _("Riluzole started"))
    early = since.on < add_months(course.on, parameters.first_until_months)
    need = interval(
        since,
        parameters.every_months(since.on, course.on),
        grace_days=parameters.grace_days,
        severity=Severity.URGENT if early else Severity.ATTENTION,
        evidence=(course.id,),
    )
    yield _after_joining(need, chart.patient.enrolled_on, parameters.intake_grace_days)


def _after_joining(need: Need, joined_on: date, grace_days: int) -> Need:
    """Nothing is overdue in the first days with a clinic, which may not have the results yet."""
    first = add_days(joined_on, grace_days + 1)
    if first <= need.overdue_on:
        return need
    return replace(need, overdue_on=first, grace=(Step(_("Joined"), on=joined_on), grace_of(grace_days)))


_PATIENT = {"enrolled_on": "2026-01-05", "onset_region": "upper_limb"}
_STARTED = {"type": "med_start", "date": "2026-01-06", "data": {"drug": RILUZOLE}}


def _test(on: str) -> dict[str, object]:
    return {"type": "lft", "date": on, "data": {"alt_x_uln": 1.1}}


RULE = Rule(
    code="RIL-LFT",
    title=_("Riluzole liver test"),
    verb=_("Log test"),
    recorded_as="lft",
    also_recorded_as=("med_stop",),
    recorded_with={"": {"drug": RILUZOLE}},
    condition=_(
        "Months between liver tests during riluzole: %(first_every_months)s until month "
        "%(first_until_months)s of the course, %(second_every_months)s until month %(second_until_months)s, "
        "then %(later_every_months)s; %(grace_days)s days of grace, and nothing overdue within "
        "%(intake_grace_days)s days of joining. Urgent in the first part of the course."
    ),
    closes=_("A liver test, or the end of riluzole."),
    kind=RuleKind.INTERVAL,
    owner=NEUROLOGY,
    severities=(Severity.ATTENTION, Severity.URGENT),
    source=(
        Source(_("Aminotransferases before and during riluzole: NASEM 2024"), Mark.STATED),
        Source(
            _("US label: monthly for 3 months, then periodically; EU text: 3-monthly to month 12"),
            Mark.VERIFIED,
        ),
        Source(_("6-monthly later, grace: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic="lft",
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "In the first three months a test is due every month; day 7 of grace is on time.",
            _PATIENT,
            (_STARTED, _test("2026-02-13"), _test("2026-03-20")),
            "2026-04-27",
            (),
        ),
        Example(
            "A day later it is overdue.",
            _PATIENT,
            (_STARTED, _test("2026-02-13"), _test("2026-03-23")),
            "2026-04-30",
            (("", "2026-03-21", "2026-03-23"),),
        ),
        Example(
            "From month 3 tests are due every three months; stopping ends it.",
            _PATIENT,
            (
                _STARTED,
                _test("2026-02-06"),
                _test("2026-03-06"),
                _test("2026-04-06"),
                {"type": "med_stop", "date": "2026-08-01", "data": {"drug": RILUZOLE}},
            ),
            "2026-12-31",
            (("", "2026-07-14", "2026-08-01"),),
        ),
    ),
)
