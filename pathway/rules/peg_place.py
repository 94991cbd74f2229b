"""PEG-PLACE: an accepted gastrostomy is placed within 28 days, or 14 once the FVC is below 60."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pathway.catalogue import GASTROENTEROLOGY
from pathway.chart import Chart
from pathway.due import Need, NotApplicable, Severity
from pathway.parameter import measurement, number_of_days, of_rule
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.rules import peg_fvc30
from pathway.window import Start, deadline
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """The windows, and the FVC that shortens them."""

    window_days: int = number_of_days(28, _("Days to placement"), low=7, high=120)
    short_window_days: int = number_of_days(
        14, _("Days to placement, shortened"), low=3, high=60, up_to="window_days"
    )
    short_if_fvc_lt: float = measurement(
        60, _("Shortened once the measured FVC is below"), "%", low=40, high=90
    )
    review: peg_fvc30.Parameters = field(default_factory=peg_fvc30.Parameters, metadata=of_rule("PEG-FVC30"))


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Due 28 or 14 days after the acceptance; below 30 PEG-FVC30 asks for a plan review instead."""
    accepted = chart.pending_gastrostomy
    if accepted is None:
        return
    if chart.fvc_below(parameters.review.fvc_lt):
        yield NotApplicable()
        return
    short = chart.fvc_below(parameters.short_if_fvc_lt)
    yield deadline(
        Start.at(accepted, _("Gastrostomy accepted")),
        parameters.short_window_days if short else parameters.window_days,
        severity=Severity.CRITICAL if short else Severity.URGENT,
        evidence=(chart.measured_fvc.event.id,) if chart.measured_fvc and short else (),
    )


_PATIENT = {"enrolled_on": "2026-01-12", "onset_region": "upper_limb"}


_ACCEPTED = dated("gastrostomy_decision", "2026-08-07", decision="accepted")

RULE = Rule(
    code="PEG-PLACE",
    title=_("Accepted gastrostomy not placed"),
    ahead=_("Gastrostomy placement"),
    verb=_("Log placement"),
    recorded_as="gastrostomy_placed",
    also_recorded_as=("gastrostomy_cancelled",),
    condition=_(
        "Placement is due %(window_days)s days after the acceptance, or %(short_window_days)s days once the "
        "measured FVC is below %(short_if_fvc_lt)s %%, when it is critical. Below the limit of PEG-FVC30 a "
        "review of the plan is asked for instead."
    ),
    closes=_("The placement, a cancellation, or a decline of gastrostomy."),
    kind=RuleKind.DEADLINE,
    owner=GASTROENTEROLOGY,
    severities=(Severity.URGENT, Severity.CRITICAL),
    source=(
        Source(_("Gastrostomy, ideally while the FVC is above 50 %: NASEM 2024"), Mark.STATED),
        Source(_("AAN: FVC above 50, 30 to 50, below 30"), Mark.VERIFIED),
        Source(_("Days: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "FVC 59 moves the due date into the past, so it is overdue that day.",
            _PATIENT,
            (
                _ACCEPTED,
                dated("resp_assessment", "2026-08-28", fvc_pct=59, symptoms=False),
                dated("gastrostomy_placed", "2026-09-03"),
            ),
            "2026-12-31",
            (("", "2026-08-28", "2026-09-03"),),
        ),
        Example(
            "With FVC 60, placement on day 28 is on time.",
            _PATIENT,
            (
                _ACCEPTED,
                dated("resp_assessment", "2026-08-28", fvc_pct=60, symptoms=False),
                dated("gastrostomy_placed", "2026-09-04"),
            ),
            "2026-12-31",
            (),
        ),
    ),
)
