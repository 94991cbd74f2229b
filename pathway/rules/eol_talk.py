"""EOL-TALK: an end-of-life discussion follows each trigger, and comes at least yearly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pathway.catalogue import NEUROLOGY, PALLIATIVE_CARE
from pathway.chart import Chart
from pathway.due import Need, Severity
from pathway.facts import Event
from pathway.parameter import measurement, number_of_days, number_of_months
from pathway.rule import ACTIVE_OR_HOSPICE, Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, deadline, interval, refreshed
from pathway.words import gettext_noop as _

TOPIC = "eol_discussion"


@dataclass(frozen=True)
class Parameters:
    """Days after each kind of trigger, the FVC that counts as one, and the yearly discussion."""

    window_days: int = number_of_days(14, _("Days after a trigger"), low=1, high=90)
    patient_request_days: int = number_of_days(7, _("Days after the person’s own request"), low=1, high=60)
    fvc_lt: float = measurement(50, _("The first measured FVC below this counts"), "%", low=30, high=80)
    annual_months: int = number_of_months(12, _("Months between discussions"), low=3)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """Due by the earliest of the triggers not yet answered and the yearly discussion."""
    discussions = sorted(
        (*chart.of("eol_discussion"), *chart.standing.hospice_elections), key=lambda event: event.order
    )
    answered_until = discussions[-1] if discussions else None
    needs = [
        need
        for start, days, severity in _triggers(chart, parameters)
        if answered_until is None or answered_until.on < start.on
        for need in [_after_trigger(chart, start, days, severity)]
    ]
    needs.append(_yearly(chart, answered_until, parameters))
    yield _together(needs)


def _triggers(chart: Chart, parameters: Parameters) -> Iterator[tuple[Start, int, Severity]]:
    for event in chart.of("eol_trigger"):
        if event.data.get("reason") == "patient_request":
            asked = Start.at(event, _("Asked for by the person"))
            yield asked, parameters.patient_request_days, Severity.CRITICAL
        elif what := _REASONS.get(str(event.data.get("reason"))):
            yield Start.at(event, what), parameters.window_days, Severity.URGENT
    if first := chart.first_fvc_below(parameters.fvc_lt):
        yield Start.at(first.event, _("FVC below the limit")), parameters.window_days, Severity.URGENT


_REASONS: Mapping[str, str] = {"distress": _("Distress recorded"), "progression": _("Progression recorded")}


def _after_trigger(chart: Chart, start: Start, days: int, severity: Severity) -> Need:
    fresh = refreshed(start, chart.fresh_window(TOPIC))
    return deadline(fresh, days, severity=severity, evidence=(start.anchor,))


def _yearly(chart: Chart, last: Event | None, parameters: Parameters) -> Need:
    if last is None:
        since = Start(chart.patient.enrolled_on, _("Joined"))
    elif last.kind == "status_change":
        since = Start.at(last, _("Hospice elected"))
    else:
        since = Start.at(last, _("Last discussion"))
    return interval(since, parameters.annual_months, severity=Severity.URGENT)


def _together(needs: list[Need]) -> Need:
    """The earliest, with the rise to critical when a person's own request is overdue later."""
    if len(needs) == 1:
        return needs[0]
    earliest, *later = sorted(needs, key=lambda need: (need.overdue_on, -need.severity.rank))
    rises = tuple((need.overdue_on, need.severity) for need in later if need.severity is Severity.CRITICAL)
    evidence = dict.fromkeys(id_ for need in (earliest, *later) for id_ in need.evidence)
    return replace(earliest, rises=rises[:1], evidence=tuple(evidence))


_PATIENT = {"enrolled_on": "2026-01-19", "onset_region": "upper_limb"}


RULE = Rule(
    code="EOL-TALK",
    title=_("End-of-life discussion"),
    verb=_("Log discussion"),
    recorded_as="eol_discussion",
    condition=_(
        "A discussion is due %(window_days)s days after distress, progression or the first measured FVC "
        "below %(fvc_lt)s %%, %(patient_request_days)s days after the person’s own request, and every "
        "%(annual_months)s months. Urgent; critical after the person’s own request. Electing hospice counts "
        "as a discussion."
    ),
    closes=_("A discussion dated on or after the trigger."),
    kind=RuleKind.DEADLINE,
    owner=NEUROLOGY,
    informed=(PALLIATIVE_CARE,),
    severities=(Severity.URGENT, Severity.CRITICAL),
    statuses=ACTIVE_OR_HOSPICE,
    source=(
        Source(
            _("Discussions at distress, evolution of disease, or the person’s wish: NASEM 2024"), Mark.STATED
        ),
        Source(_("AAN: at least once annually; NICE QS126: at key stages"), Mark.VERIFIED),
        Source(_("Days: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic=TOPIC,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A person’s own request has 7 days.",
            _PATIENT,
            (
                dated("eol_trigger", "2026-06-08", reason="patient_request"),
                dated("eol_discussion", "2026-06-17"),
            ),
            "2026-12-31",
            (("", "2026-06-16", "2026-06-17"),),
        ),
        Example(
            "FVC 50 is no trigger, the first 49 is; 14 days.",
            _PATIENT,
            (
                dated("resp_assessment", "2026-06-08", fvc_pct=50, symptoms=False),
                dated("resp_assessment", "2026-09-08", fvc_pct=49, symptoms=True),
                dated("eol_discussion", "2026-09-25"),
            ),
            "2026-12-31",
            (("", "2026-09-23", "2026-09-25"),),
        ),
        Example(
            "Electing hospice counts; distress in hospice asks for another.",
            _PATIENT,
            (
                dated("status_change", "2026-05-11", status="hospice"),
                dated("eol_trigger", "2026-06-01", reason="distress"),
                dated("eol_discussion", "2026-06-15"),
            ),
            "2027-06-15",
            (),
        ),
        Example(
            "A year without a discussion.",
            _PATIENT,
            (),
            "2027-02-01",
            (("", "2027-01-20", None),),
        ),
    ),
)
