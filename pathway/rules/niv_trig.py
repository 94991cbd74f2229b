"""NIV-TRIG: something is arranged within 14 days of meeting the criteria for ventilation."""

from collections.abc import Iterator, Mapping
from typing import Any

from pathway.catalogue import PULMONOLOGY
from pathway.chart import Chart
from pathway.due import Need, Severity
from pathway.facts import Event
from pathway.respiratory import NivCriteria, first_niv_trigger, ventilation_arranged
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.treatments import BPAP, cancelled_bpap_requests, niv_stopped
from pathway.window import Start, deadline, latest, refreshed
from pathway.words import gettext_noop as _

TOPIC = "niv"


def find(chart: Chart, parameters: NivCriteria) -> Iterator[Need]:
    """Due 14 days after the first trigger, or after NIV or its request ended, unless arranged."""
    trigger = first_niv_trigger(chart, parameters)
    if trigger is None or ventilation_arranged(chart):
        return
    first = Start.at(trigger.event, trigger.because)
    start = latest(_ended(chart), first)
    yield deadline(
        refreshed(start, chart.fresh_window(TOPIC)),
        parameters.window_days,
        severity=_severity(chart, parameters),
        evidence=(trigger.event.id,),
    )


def _ended(chart: Chart) -> Start | None:
    """The latest stop of NIV or cancellation of a BPAP request."""
    stop = niv_stopped(chart)
    starts = [Start.at(stop, _("NIV stopped"))] if stop else []
    for request in cancelled_bpap_requests(chart.equipment_requests):
        starts.append(Start.at(request.stage_set_by, _("BPAP request cancelled")))
    return latest(*starts) if starts else None


def _severity(chart: Chart, parameters: NivCriteria) -> Severity:
    """By the facts as they are: the measured FVC, and the latest word on breathing in sleep."""
    asleep = chart.with_flag("resp_assessment", "sdb")
    disordered: Event | None = asleep[-1] if asleep and asleep[-1].data["sdb"] else None
    critical = chart.fvc_below(parameters.fvc_lt) or (parameters.sdb and disordered)
    return Severity.CRITICAL if critical else Severity.URGENT


_PATIENT = {"enrolled_on": "2026-02-02", "onset_region": "lower_limb"}


def _assessment(on: str, **data: Any) -> Mapping[str, object]:
    return {"type": "resp_assessment", "date": on, "data": data}


RULE = Rule(
    code="NIV-TRIG",
    title=_("NIV criteria met, nothing arranged"),
    ahead=_("NIV criteria met: arrangement"),
    verb=_("Request device"),
    recorded_as="equipment_request",
    also_recorded_as=("niv_start", "tracheostomy"),
    recorded_with={"": {"item": BPAP}},
    condition=_(
        "%(window_days)s days after the first assessment with an FVC below %(fvc_lt)s %%, or below "
        "%(fvc_lt_with_symptoms)s %% with symptoms, or with sleep-disordered breathing, there is neither a "
        "BPAP request, NIV in use, nor a tracheostomy. The end of NIV or of its request starts the days "
        "anew. Critical with an FVC below %(fvc_lt)s %% or sleep-disordered breathing, else urgent."
    ),
    closes=_("A BPAP request, the start of NIV, a decline of NIV, or a tracheostomy."),
    kind=RuleKind.DEADLINE,
    owner=PULMONOLOGY,
    severities=(Severity.URGENT, Severity.CRITICAL),
    source=(
        Source(
            _("FVC below 80 % with symptoms, below 50 %, or sleep-disordered breathing: NASEM 2024"),
            Mark.STATED,
        ),
        Source(_("CHEST 2023: the same FVC limits"), Mark.VERIFIED),
        Source(_("14 days: product default"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic=TOPIC,
    parameters=NivCriteria(),
    find=find,
    examples=(
        Example(
            "FVC 80 with symptoms is no trigger; 79 is. A request closes it.",
            _PATIENT,
            (
                _assessment("2026-02-02", fvc_pct=80, symptoms=True),
                _assessment("2026-06-10", fvc_pct=79, symptoms=True),
                {"type": "equipment_request", "date": "2026-06-29", "data": {"id": "B1", "item": "bpap"}},
            ),
            "2026-12-31",
            (("", "2026-06-25", "2026-06-29"),),
        ),
        Example(
            "Sleep-disordered breathing is a trigger whatever the FVC; stopping NIV starts the days anew.",
            _PATIENT,
            (
                _assessment("2026-02-03", fvc_pct=95, symptoms=False, sdb=True),
                {"type": "niv_start", "date": "2026-02-17", "data": {"backup_rate": True}},
                {"type": "niv_stop", "date": "2026-05-04"},
            ),
            "2026-12-31",
            (("", "2026-05-19", None),),
        ),
        Example(
            "A decline is silent until the measured FVC first falls below 50.",
            _PATIENT,
            (
                _assessment("2026-02-02", fvc_pct=52, symptoms=True),
                {"type": "decline", "date": "2026-02-10", "data": {"topic": TOPIC}},
                _assessment("2026-03-20", fvc_pct=49, symptoms=True),
            ),
            "2026-04-30",
            (("", "2026-04-04", None),),
        ),
    ),
)
