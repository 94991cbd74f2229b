"""RIL-HEP: a liver result far above normal has a prescriber's decision."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import NEUROLOGY, RILUZOLE
from pathway.chart import Chart
from pathway.dates import add_days
from pathway.due import Need, NotApplicable, Phrase, Severity
from pathway.facts import Event
from pathway.findings import liver_tests, number
from pathway.parameter import measurement
from pathway.rule import ACTIVE_OR_HOSPICE, Example, Mark, Rule, RuleKind, Source
from pathway.treatments import current_course
from pathway.window import Start, notice
from pathway.words import gettext_noop as _

LOOKBACK_DAYS = 90


@dataclass(frozen=True)
class Parameters:
    """The multiple of the upper limit of normal above which a decision is asked for."""

    x_uln_gt: float = measurement(
        5, _("ALT or AST above"), _("times the upper limit of normal"), low=2, high=10
    )


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Missing from the day of the latest liver test of the course while no decision follows it."""
    course = current_course(chart, RILUZOLE)
    if course is None:
        yield NotApplicable()
        return
    test = next(reversed(liver_tests(chart)), None)
    if test is None or test.on < add_days(course.on, -LOOKBACK_DAYS) or not _high(test, parameters.x_uln_gt):
        return
    decisions = [event for event in chart.of("prescriber_decision") if event.data.get("drug") == RILUZOLE]
    if any(decision.on >= test.on for decision in decisions):
        return
    both = max((test, course), key=lambda event: event.on)
    yield notice(
        Start(both.on, _("Liver test") if both is test else _("Riluzole started"), test.id),
        severity=Severity.CRITICAL,
        evidence=(course.id,),
        reason=Phrase(_("Liver test of %(day)s, no prescriber decision recorded since."), {"day": test.on}),
    )


def _high(test: Event, limit: float) -> bool:
    """Above the limit (exactly at it is not), or with a raised bilirubin."""
    values = [number(test.data.get(name)) for name in ("alt_x_uln", "ast_x_uln")]
    return test.data.get("bilirubin_high") is True or any(
        value is not None and value > limit for value in values
    )


_PATIENT = {"enrolled_on": "2026-01-05", "onset_region": "upper_limb"}
_STARTED = {"type": "med_start", "date": "2026-01-06", "data": {"drug": RILUZOLE}}


def _test(on: str, alt: float) -> dict[str, object]:
    return {"type": "lft", "date": on, "data": {"alt_x_uln": alt}}


RULE = Rule(
    code="RIL-HEP",
    title=_("No prescriber decision on the liver result"),
    ahead=_("Prescriber decision on the liver result"),
    verb=_("Log decision"),
    recorded_as="prescriber_decision",
    also_recorded_as=("med_stop",),
    recorded_with={"": {"drug": RILUZOLE}},
    condition=_(
        "While riluzole is taken: the latest liver test since 90 days before it started is above "
        "%(x_uln_gt)s times the upper limit of normal or shows a high bilirubin, and no prescriber decision "
        "about riluzole follows it."
    ),
    closes=_("A prescriber decision about riluzole, or its end."),
    kind=RuleKind.NOTICE,
    owner=NEUROLOGY,
    severities=(Severity.CRITICAL,),
    statuses=ACTIVE_OR_HOSPICE,
    source=(
        Source(_("More than 5 times the upper limit, or liver dysfunction: NASEM 2024"), Mark.STATED),
        Source(_("Riluzole label"), Mark.VERIFIED),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "Exactly 5.0 times the limit does not exceed it.",
            _PATIENT,
            (_STARTED, _test("2026-03-13", 5.0)),
            "2026-12-31",
            (),
        ),
        Example(
            "5.1 times does; a decision on the same day or later closes it.",
            _PATIENT,
            (
                _STARTED,
                _test("2026-04-22", 5.1),
                {
                    "type": "prescriber_decision",
                    "date": "2026-04-24",
                    "data": {"drug": RILUZOLE, "decision": "reduce"},
                },
            ),
            "2026-12-31",
            (("", "2026-04-22", "2026-04-24"),),
        ),
    ),
)
