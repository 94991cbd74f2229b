"""PEG-FVC30: with a gastrostomy pending and the FVC below 30, the plan is reviewed."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import GASTROENTEROLOGY, PULMONOLOGY
from pathway.chart import Chart
from pathway.due import Need, NotApplicable, Phrase, Severity
from pathway.parameter import measurement
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, notice
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """The FVC below which the plan is reviewed."""

    fvc_lt: float = measurement(30, _("Measured FVC below"), "%", low=20, high=50)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Missing while an acceptance is pending, the FVC is below 30, and no review followed the first such."""
    accepted, measured = chart.pending_gastrostomy, chart.measured_fvc
    first = chart.first_fvc_below(parameters.fvc_lt)
    if accepted is None or measured is None or first is None or measured.value >= parameters.fvc_lt:
        yield NotApplicable()
        return
    if any(review.on >= first.event.on for review in chart.of("gastrostomy_plan_review")):
        return
    later = max((accepted, first.event), key=lambda event: event.on)
    yield notice(
        Start(
            later.on,
            _("FVC below the limit") if later is first.event else _("Gastrostomy accepted"),
            first.event.id,
        ),
        severity=Severity.CRITICAL,
        evidence=(accepted.id, measured.event.id),
        reason=Phrase(
            _("Gastrostomy accepted %(accepted)s; FVC below the limit on %(day)s, no plan review since."),
            {"accepted": accepted.on, "day": first.event.on},
        ),
    )


_PATIENT = {"enrolled_on": "2026-01-19", "onset_region": "upper_limb"}


_ACCEPTED = dated("gastrostomy_decision", "2026-04-06", decision="accepted")

RULE = Rule(
    code="PEG-FVC30",
    title=_("Gastrostomy plan not reviewed"),
    ahead=_("Gastrostomy plan review"),
    verb=_("Log review"),
    recorded_as="gastrostomy_plan_review",
    also_recorded_as=("gastrostomy_placed", "gastrostomy_cancelled"),
    condition=_(
        "An accepted gastrostomy is pending, the measured FVC is below %(fvc_lt)s %%, and no plan review is "
        "recorded since it first was. The review decides; nothing is blocked."
    ),
    closes=_(
        "A plan review, the placement, a cancellation, a decline, or a measured FVC at the limit or above."
    ),
    kind=RuleKind.NOTICE,
    owner=GASTROENTEROLOGY,
    informed=(PULMONOLOGY,),
    severities=(Severity.CRITICAL,),
    source=(
        Source(_("No gastrostomy once the FVC falls below 30 %: NASEM 2024"), Mark.STATED),
        Source(_("AAN: high risk below 30 %"), Mark.VERIFIED),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "FVC 30 does not ask for a review, 29 does.",
            _PATIENT,
            (
                _ACCEPTED,
                dated("resp_assessment", "2026-04-10", fvc_pct=30, symptoms=True),
                dated("resp_assessment", "2026-04-20", fvc_pct=29, symptoms=True),
                dated("gastrostomy_plan_review", "2026-04-22"),
            ),
            "2026-12-31",
            (("", "2026-04-20", "2026-04-22"),),
        ),
        Example(
            "A review on the day is enough.",
            _PATIENT,
            (
                _ACCEPTED,
                dated("resp_assessment", "2026-04-20", fvc_pct=29, symptoms=True),
                dated("gastrostomy_plan_review", "2026-04-20"),
            ),
            "2026-12-31",
            (),
        ),
    ),
)
