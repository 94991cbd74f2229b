"""MDT-VISIT: a visit to the multidisciplinary clinic every three months."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.chart import Chart
from pathway.due import COORDINATOR, Need, Severity
from pathway.parameter import number_of_days, number_of_months
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.window import Start, interval
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """How often the person is seen, and the grace."""

    interval_months: int = number_of_months(3, _("Months between visits"), high=12)
    grace_days: int = number_of_days(14, _("Days of grace"), high=60)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """Due three months after the latest visit, or after joining when there was none."""
    visit = chart.latest("clinic_visit")
    start = (
        Start.at(visit, _("Last clinic visit")) if visit else Start(chart.patient.enrolled_on, _("Joined"))
    )
    yield interval(
        start, parameters.interval_months, grace_days=parameters.grace_days, severity=Severity.ATTENTION
    )


_PATIENT = {"enrolled_on": "2025-10-31", "onset_region": "lower_limb"}


def _visit(on: str) -> dict[str, object]:
    return {"type": "clinic_visit", "date": on}


RULE = Rule(
    code="MDT-VISIT",
    title=_("Clinic visit"),
    verb=_("Log visit"),
    recorded_as="clinic_visit",
    condition=_(
        "A visit is due %(interval_months)s months after the last one, or after joining when there was none, "
        "with %(grace_days)s days of grace."
    ),
    closes=_("A clinic visit."),
    kind=RuleKind.INTERVAL,
    owner=COORDINATOR,
    severities=(Severity.ATTENTION,),
    source=(
        Source(_("Multidisciplinary care is essential: NASEM 2024"), Mark.STATED),
        Source(_("AAN: every 3 months; NICE: every 2 to 3 months"), Mark.VERIFIED),
        Source(_("Grace: product default"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic="mdt_visit",
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A visit on the last day of grace is on time.",
            _PATIENT,
            (_visit("2026-01-30"), _visit("2026-05-14")),
            "2026-08-28",
            (),
        ),
        Example(
            "The day after, it is overdue; the visit closes it.",
            _PATIENT,
            (_visit("2026-01-30"), _visit("2026-05-20")),
            "2026-08-28",
            (("", "2026-05-15", "2026-05-20"),),
        ),
    ),
)
