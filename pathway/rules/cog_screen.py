"""COG-SCREEN: thinking is screened after joining, yearly, and before NIV."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pathway.catalogue import NEUROLOGY
from pathway.chart import Chart
from pathway.dates import add_months
from pathway.due import Need, Phrase, Severity
from pathway.facts import Event
from pathway.findings import cognitive_screens
from pathway.parameter import number_of_days, number_of_months
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, deadline, interval, notice
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """When the first screen is due, how long one holds, and the grace."""

    initial_days: int = number_of_days(90, _("Days from joining to the first screen"), low=14, high=365)
    interval_months: int = number_of_months(12, _("Months a screen holds"), low=3)
    grace_days: int = number_of_days(30, _("Days of grace for the yearly screen"), high=90)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """Due 90 days after joining, then yearly; at once where NIV is requested or used without one."""
    screens = cognitive_screens(chart)
    routine = _routine(chart, screens, parameters)
    before_niv = _before_niv(chart, screens, parameters)
    if before_niv is None:
        yield routine
    elif routine.overdue_on < before_niv.overdue_on:
        rises = ((before_niv.overdue_on, Severity.URGENT),)
        yield replace(routine, rises=rises, evidence=(*routine.evidence, *before_niv.evidence))
    else:
        yield before_niv


def _routine(chart: Chart, screens: Sequence[Event], parameters: Parameters) -> Need:
    if screens:
        return interval(
            Start.at(screens[-1], _("Last cognitive screen")),
            parameters.interval_months,
            grace_days=parameters.grace_days,
            severity=Severity.ATTENTION,
        )
    joined, days = chart.patient.enrolled_on, parameters.initial_days
    text = _("None recorded. Joined %(joined)s + %(days)s days.")
    return deadline(
        Start(joined, _("Joined")),
        days,
        severity=Severity.ATTENTION,
        reason=Phrase(text, {"joined": joined, "days": days}),
    )


def _before_niv(chart: Chart, screens: Sequence[Event], parameters: Parameters) -> Need | None:
    """Missing from the first day of the current request or use, unless a screen still held that day."""
    current = [request.event for request in chart.live_bpap_requests]
    if chart.niv_in_use:
        current.append(chart.niv_in_use)
    if not current:
        return None
    first = min(current, key=lambda event: event.order)
    if any(add_months(screen.on, parameters.interval_months) >= first.on for screen in screens):
        return None
    return notice(
        Start.at(first, _("NIV requested or started")),
        severity=Severity.URGENT,
        evidence=tuple(screen.id for screen in screens[-1:]),
        reason=Phrase(
            _("NIV requested or in use since %(since)s, no screen in the %(months)s months before."),
            {"since": first.on, "months": parameters.interval_months},
        ),
    )


_PATIENT = {"enrolled_on": "2026-02-02", "onset_region": "lower_limb"}


def _screen(on: str) -> Mapping[str, object]:
    return dated("cognitive_screen", on, tool="ECAS", impaired=False, executive_impaired=False)


RULE = Rule(
    code="COG-SCREEN",
    title=_("Cognitive screen"),
    verb=_("Log screen"),
    recorded_as="cognitive_screen",
    condition=_(
        "A cognitive screen is due %(initial_days)s days after joining, and every %(interval_months)s months"
        " with %(grace_days)s days of grace. Where NIV is requested or in use and none was done in the "
        "%(interval_months)s months before, it is missing at once, and urgent."
    ),
    closes=_("A cognitive screen."),
    kind=RuleKind.DEADLINE,
    owner=NEUROLOGY,
    severities=(Severity.ATTENTION, Severity.URGENT),
    source=(
        Source(_("Cognition affects adherence to NIV, assess before: NASEM 2024"), Mark.STATED),
        Source(_("AAN 2009: screening, level B"), Mark.VERIFIED),
        Source(_("Yearly"), Mark.GENERAL),
    ),
    version=1,
    decline_topic="cognitive_screen",
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A screen that had lapsed when BPAP was requested is missing from that day.",
            _PATIENT,
            (
                _screen("2025-06-20"),
                {
                    "type": "equipment_request",
                    "date": "2026-06-29",
                    "data": {"id": "B1", "item": "bpap", "backup_rate": True},
                },
                _screen("2026-07-06"),
            ),
            "2026-12-31",
            (("", "2026-06-29", "2026-07-06"),),
        ),
        Example(
            "The first is due 90 days after joining.",
            _PATIENT,
            (_screen("2026-05-04"),),
            "2026-12-31",
            (),
        ),
        Example(
            "Then yearly, with 30 days of grace.",
            _PATIENT,
            (_screen("2026-02-10"),),
            "2027-04-30",
            (("", "2027-03-13", None),),
        ),
    ),
)
