"""RIL-BASE: a liver test before riluzole."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import NEUROLOGY, RILUZOLE
from pathway.chart import Chart
from pathway.dates import add_days
from pathway.due import Need, NotApplicable, Phrase, Severity
from pathway.findings import liver_tests
from pathway.parameter import number_of_days
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.treatments import current_course
from pathway.window import Start, notice
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """How long before the start a liver test counts as a baseline."""

    lookback_days: int = number_of_days(90, _("Days before the start that count"), low=14, high=365)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Missing from the start of riluzole until any liver test in the 90 days before it or since."""
    course = current_course(chart, RILUZOLE)
    if course is None:
        yield NotApplicable()
        return
    earliest = add_days(course.on, -parameters.lookback_days)
    if any(test.on >= earliest for test in liver_tests(chart)):
        return
    yield notice(
        Start.at(course, _("Riluzole started")),
        severity=Severity.URGENT,
        reason=Phrase(
            _("Riluzole started %(start)s. No liver test recorded since %(earliest)s."),
            {"start": course.on, "earliest": earliest},
        ),
    )


_PATIENT = {"enrolled_on": "2026-01-05", "onset_region": "upper_limb"}
_STARTED = {"type": "med_start", "date": "2026-01-06", "data": {"drug": RILUZOLE}}


def _test(on: str) -> dict[str, object]:
    return {"type": "lft", "date": on, "data": {"alt_x_uln": 0.8}}


RULE = Rule(
    code="RIL-BASE",
    title=_("No liver test before riluzole"),
    ahead=_("Liver test before riluzole"),
    verb=_("Log test"),
    recorded_as="lft",
    also_recorded_as=("med_stop",),
    recorded_with={"": {"drug": RILUZOLE}},
    condition=_(
        "Riluzole is taken, and there is no liver test from the %(lookback_days)s days before it started, "
        "nor since."
    ),
    closes=_("Any liver test since the start, a baseline entered late, or the end of riluzole."),
    kind=RuleKind.NOTICE,
    owner=NEUROLOGY,
    severities=(Severity.URGENT,),
    source=(
        Source(_("Aminotransferases before and during riluzole: NASEM 2024"), Mark.STATED),
        Source(_("Riluzole label: before and during treatment"), Mark.VERIFIED),
        Source(_("90 days: product default"), Mark.DEFAULT),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A test 91 days before the start is too old; one after it closes the item.",
            _PATIENT,
            (_test("2025-10-07"), _STARTED, _test("2026-02-06")),
            "2026-12-31",
            (("", "2026-01-06", "2026-02-06"),),
        ),
        Example(
            "A test 90 days before the start counts.",
            _PATIENT,
            (_test("2025-10-08"), _STARTED),
            "2026-12-31",
            (),
        ),
    ),
)
