"""DMT-12M: disease-modifying drugs are discussed at least once a year; off unless turned on."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import NEUROLOGY
from pathway.chart import Chart
from pathway.due import Need, Severity
from pathway.parameter import number_of_months
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, interval
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """How often a disease-modifying drug is discussed."""

    interval_months: int = number_of_months(12, _("Months between discussions"), low=3)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """Due a year after the latest visit that ticked it, or after joining when none did."""
    discussed = chart.where("clinic_visit", "drug_discussed")
    start = (
        Start.at(discussed[-1], _("Drug last discussed"))
        if discussed
        else Start(chart.patient.enrolled_on, _("Joined"))
    )
    yield interval(start, parameters.interval_months, severity=Severity.ATTENTION)


_PATIENT = {"enrolled_on": "2026-01-19", "onset_region": "upper_limb"}

RULE = Rule(
    code="DMT-12M",
    title=_("Disease-modifying drug not discussed"),
    ahead=_("Disease-modifying drug: discussion"),
    verb=_("Log visit"),
    recorded_as="clinic_visit",
    recorded_with={"": {"drug_discussed": True}},
    condition=_(
        "At a clinic visit, “disease-modifying drug discussed” is to be ticked again within "
        "%(interval_months)s months of the last time, or of joining when it never was."
    ),
    closes=_("A clinic visit with “disease-modifying drug discussed” ticked."),
    kind=RuleKind.INTERVAL,
    owner=NEUROLOGY,
    severities=(Severity.ATTENTION,),
    source=(
        Source(_("Riluzole remains first-line: NASEM 2024"), Mark.STATED),
        Source(_("AAN measure: at least once annually"), Mark.VERIFIED),
        Source(_("Owner and severity: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    optional=True,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A visit without the tick does not answer it; one with the tick does.",
            _PATIENT,
            (
                dated("clinic_visit", "2026-10-05"),
                dated("clinic_visit", "2027-02-01", drug_discussed=True),
            ),
            "2027-12-31",
            (("", "2027-01-20", "2027-02-01"),),
        ),
        Example(
            "Discussed on the last day of the year, it is on time.",
            _PATIENT,
            (dated("clinic_visit", "2027-01-19", drug_discussed=True),),
            "2028-01-19",
            (),
        ),
    ),
)
