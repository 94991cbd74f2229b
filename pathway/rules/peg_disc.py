"""PEG-DISC: a decision about gastrostomy within 28 days of a reason for one."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import GASTROENTEROLOGY
from pathway.chart import Chart
from pathway.due import Need, NotApplicable, Severity
from pathway.findings import (
    abnormal_swallow_studies,
    positive_swallow_screens,
    weight_loss_counts,
    weight_losses,
)
from pathway.parameter import measurement, number_of_days
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.treatments import gastrostomy_cancelled, gastrostomy_placed
from pathway.window import Start, deadline, latest, refreshed
from pathway.words import gettext_noop as _

TOPIC = "gastrostomy"


@dataclass(frozen=True)
class Parameters:
    """The weight loss that asks for a decision, the window, and the FVC below which it is not asked."""

    weight_loss_pct_ge: float = measurement(
        5, _("Weight loss from baseline of at least"), "%", low=2, high=20
    )
    window_days: int = number_of_days(28, _("Days to a decision"), low=7, high=120)
    not_applicable_fvc_lt: float = measurement(
        30, _("Not asked when the measured FVC is below"), "%", low=0, high=50
    )


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Due 28 days after the first reason, or after a cancellation, while nothing was decided."""
    reason = _first_reason(chart, parameters)
    if gastrostomy_placed(chart) or chart.pending_gastrostomy:
        return
    if reason is None or chart.fvc_below(parameters.not_applicable_fvc_lt):
        yield NotApplicable()
        return
    cancelled = gastrostomy_cancelled(chart)
    start = latest(Start.at(cancelled, _("Gastrostomy cancelled")) if cancelled else None, reason)
    yield deadline(
        refreshed(start, chart.fresh_window(TOPIC)),
        parameters.window_days,
        severity=Severity.URGENT,
        evidence=(reason.anchor,),
    )


def _first_reason(chart: Chart, parameters: Parameters) -> Start | None:
    reasons = [
        *(Start.at(screen, _("Positive swallow screen")) for screen in positive_swallow_screens(chart)[:1]),
        *(Start.at(study, _("Abnormal swallow study")) for study in abnormal_swallow_studies(chart)[:1]),
    ]
    if weight_loss_counts(chart):
        losses = weight_losses(chart, parameters.weight_loss_pct_ge)
        reasons += [Start.at(loss.event, _("Weight loss reached the limit")) for loss in losses[:1]]
    return min(reasons, key=lambda start: start.on, default=None)


_PATIENT = {"enrolled_on": "2026-01-12", "onset_region": "upper_limb", "baseline_weight_kg": 80.0}


RULE = Rule(
    code="PEG-DISC",
    title=_("Gastrostomy decision missing"),
    ahead=_("Gastrostomy decision"),
    verb=_("Log decision"),
    recorded_as="gastrostomy_decision",
    also_recorded_as=("gastrostomy_placed",),
    recorded_with={"": {"decision": "accepted"}},
    condition=_(
        "A decision is due %(window_days)s days after the first positive swallow screen, abnormal study or "
        "weight loss of %(weight_loss_pct_ge)s %% from baseline, and again after a cancellation. Not while "
        "the measured FVC is below %(not_applicable_fvc_lt)s %%."
    ),
    closes=_("An acceptance, a placement, or a decline of gastrostomy."),
    kind=RuleKind.DEADLINE,
    owner=GASTROENTEROLOGY,
    severities=(Severity.URGENT,),
    source=(
        Source(_("Gastrostomy, ideally while the FVC is above 50 %: NASEM 2024"), Mark.STATED),
        Source(_("ProGas: more than 10 % weight loss does worse"), Mark.VERIFIED),
        Source(_("5 % and 28 days: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic=TOPIC,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A loss of 4.9 % is no reason, 5.0 % is; day 28 is on time.",
            _PATIENT,
            (
                dated("nutrition_review", "2026-04-10", weight_kg=76.1),
                dated("nutrition_review", "2026-07-10", weight_kg=76.0),
                dated("gastrostomy_decision", "2026-08-07", decision="accepted"),
            ),
            "2026-12-31",
            (),
        ),
        Example(
            "Overdue on day 29; a cancellation later starts the days anew.",
            _PATIENT,
            (
                dated("swallow_screen", "2026-02-02", positive=True),
                dated("gastrostomy_decision", "2026-03-05", decision="accepted"),
                dated("gastrostomy_cancelled", "2026-03-20"),
            ),
            "2026-12-31",
            (("", "2026-03-03", "2026-03-05"), ("", "2026-04-18", None)),
        ),
        Example(
            "A decline is silent until it is offered again.",
            _PATIENT,
            (
                dated("swallow_screen", "2026-02-02", positive=True),
                dated("decline", "2026-02-20", topic=TOPIC),
            ),
            "2026-12-31",
            (("", "2026-05-20", None),),
        ),
    ),
)
