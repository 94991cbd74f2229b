"""RAD-PLAN: a respiratory device is planned while the FVC is between 50 and 60 per cent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pathway.catalogue import PULMONOLOGY
from pathway.chart import Chart
from pathway.due import Need, NotApplicable, Severity
from pathway.parameter import measurement, number_of_days, of_rule
from pathway.respiratory import NivCriteria, first_niv_trigger, ventilation_arranged
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.treatments import BPAP
from pathway.window import Start, deadline, refreshed
from pathway.words import gettext_noop as _

TOPIC = "niv"


@dataclass(frozen=True)
class Parameters:
    """The planning band of the measured FVC, and the window."""

    fvc_ge: float = measurement(50, _("Band of the measured FVC: from"), "%", low=30, high=70, below="fvc_lt")
    fvc_lt: float = measurement(60, _("Band of the measured FVC: below"), "%", low=50, high=90)
    window_days: int = number_of_days(28, _("Days to a plan"), low=7, high=90)
    niv: NivCriteria = field(default_factory=NivCriteria, metadata=of_rule("NIV-TRIG"))


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Due 28 days after the first FVC below 60, unless NIV criteria are met or a device is arranged."""
    first = chart.first_fvc_below(parameters.fvc_lt)
    measured = chart.measured_fvc
    if first is None or measured is None or ventilation_arranged(chart):
        return
    in_band = parameters.fvc_ge <= measured.value < parameters.fvc_lt
    if not in_band or first_niv_trigger(chart, parameters.niv):
        yield NotApplicable()
        return
    yield deadline(
        refreshed(Start.at(first.event, _("FVC below the planning limit")), chart.fresh_window(TOPIC)),
        parameters.window_days,
        severity=Severity.URGENT,
        evidence=(measured.event.id,),
    )


_PATIENT = {"enrolled_on": "2026-02-02", "onset_region": "lower_limb"}


def _assessment(on: str, fvc: float, symptoms: bool) -> Mapping[str, object]:
    return {"type": "resp_assessment", "date": on, "data": {"fvc_pct": fvc, "symptoms": symptoms}}


RULE = Rule(
    code="RAD-PLAN",
    title=_("No respiratory-device plan"),
    ahead=_("Respiratory-device plan"),
    verb=_("Request device"),
    recorded_as="equipment_request",
    also_recorded_as=("niv_start",),
    recorded_with={"": {"item": BPAP}},
    condition=_(
        "The measured FVC is at least %(fvc_ge)s and below %(fvc_lt)s %%, and %(window_days)s days after it "
        "first fell below %(fvc_lt)s %% there is neither a BPAP request, NIV in use, nor a tracheostomy. "
        "Where NIV criteria are met, NIV-TRIG applies instead."
    ),
    closes=_(
        "A BPAP request, the start of NIV, a decline of NIV, a tracheostomy, or a measured FVC outside the "
        "band."
    ),
    kind=RuleKind.DEADLINE,
    owner=PULMONOLOGY,
    severities=(Severity.URGENT,),
    source=(
        Source(_("A respiratory assist device before the FVC falls below 50 %: NASEM 2024"), Mark.STATED),
        Source(_("Band and 28 days: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic=TOPIC,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "FVC 58 starts the 28 days; symptoms below 80 hand over to NIV-TRIG.",
            _PATIENT,
            (_assessment("2026-05-04", 58, False), _assessment("2026-06-10", 57, True)),
            "2026-12-31",
            (("", "2026-06-02", "2026-06-10"),),
        ),
        Example(
            "A request within 28 days is on time.",
            _PATIENT,
            (
                _assessment("2026-05-04", 58, False),
                {"type": "equipment_request", "date": "2026-06-01", "data": {"id": "B1", "item": "bpap"}},
            ),
            "2026-12-31",
            (),
        ),
    ),
)
