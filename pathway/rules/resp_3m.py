"""RESP-3M: a respiratory assessment every three months."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import PULMONOLOGY
from pathway.chart import Chart
from pathway.due import Need, NotApplicable, Phrase, Severity
from pathway.parameter import measurement, number_of_days, number_of_months
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.window import Start, deadline, interval
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """How often breathing is assessed, and when a missed assessment is urgent."""

    interval_months: int = number_of_months(3, _("Months between assessments"), high=6)
    initial_days: int = number_of_days(30, _("Days from joining to the first"), low=7, high=90)
    grace_days: int = number_of_days(14, _("Days of grace"), high=60)
    urgent_fvc_lt: float = measurement(60, _("Urgent when the measured FVC is below"), "%", low=30, high=100)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Due three months after the latest assessment, or 30 days after joining; not after tracheostomy."""
    if chart.tracheostomy:
        yield NotApplicable()
        return
    urgent = chart.fvc_below(parameters.urgent_fvc_lt)
    severity = Severity.URGENT if urgent else Severity.ATTENTION
    evidence = (chart.measured_fvc.event.id,) if chart.measured_fvc and urgent else ()
    last = chart.latest("resp_assessment")
    if last:
        yield interval(
            Start.at(last, _("Last assessment")),
            parameters.interval_months,
            grace_days=parameters.grace_days,
            severity=severity,
            evidence=evidence,
        )
        return
    joined, days = chart.patient.enrolled_on, parameters.initial_days
    text = _("None recorded. Joined %(joined)s + %(days)s days.")
    yield deadline(
        Start(joined, _("Joined")),
        days,
        grace_days=parameters.grace_days,
        severity=severity,
        reason=Phrase(text, {"joined": joined, "days": days}),
    )


_PATIENT = {"enrolled_on": "2026-01-26", "onset_region": "upper_limb"}


def _assessment(on: str, fvc: float | None) -> dict[str, object]:
    return {"type": "resp_assessment", "date": on, "data": {"fvc_pct": fvc, "symptoms": False}}


RULE = Rule(
    code="RESP-3M",
    title=_("Respiratory assessment"),
    verb=_("Log assessment"),
    recorded_as="resp_assessment",
    condition=_(
        "A respiratory assessment is due %(interval_months)s months after the last one, or %(initial_days)s "
        "days after joining, with %(grace_days)s days of grace; urgent when the measured FVC is below "
        "%(urgent_fvc_lt)s %%. Not after a tracheostomy."
    ),
    closes=_("A respiratory assessment; one in which the FVC was not possible counts."),
    kind=RuleKind.INTERVAL,
    owner=PULMONOLOGY,
    severities=(Severity.ATTENTION, Severity.URGENT),
    source=(
        Source(_("AAN measure: at least every three months; CHEST: at least every 6 months"), Mark.VERIFIED),
        Source(_("Grace: product default"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic="resp_testing",
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "An assessment on the last day of grace, FVC not possible, is on time.",
            _PATIENT,
            (_assessment("2026-02-06", 88), _assessment("2026-05-20", None)),
            "2026-09-03",
            (),
        ),
        Example(
            "A day after the grace it is overdue until the next.",
            _PATIENT,
            (_assessment("2026-02-06", 88), _assessment("2026-06-01", 80)),
            "2026-09-15",
            (("", "2026-05-21", "2026-06-01"),),
        ),
        Example(
            "After a tracheostomy it is not asked for.",
            _PATIENT,
            (_assessment("2026-02-06", 88), {"type": "tracheostomy", "date": "2026-05-30"}),
            "2026-12-31",
            (("", "2026-05-21", "2026-05-30"),),
        ),
    ),
)
