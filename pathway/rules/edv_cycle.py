"""EDV-CYCLE: each edaravone cycle of 28 days is followed by the next."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import EDARAVONE
from pathway.chart import Chart
from pathway.due import COORDINATOR, Need, NotApplicable, Severity
from pathway.parameter import number_of_days
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.treatments import current_course
from pathway.window import Start, deadline, latest
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """The length of a cycle, and the grace."""

    cycle_days: int = number_of_days(28, _("Days of a cycle"), low=14, high=60)
    grace_days: int = number_of_days(3, _("Days of grace"), high=14)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Due 28 days after the later of the course's start and the latest cycle."""
    course = current_course(chart, EDARAVONE)
    if course is None:
        yield NotApplicable()
        return
    cycles = [cycle for cycle in chart.of("cycle_start") if cycle.data.get("drug", EDARAVONE) == EDARAVONE]
    yield deadline(
        latest(
            Start.at(cycles[-1], _("Last cycle started")) if cycles else None,
            Start.at(course, _("Edaravone started")),
        ),
        parameters.cycle_days,
        grace_days=parameters.grace_days,
        severity=Severity.ATTENTION,
        evidence=(course.id,),
    )


_PATIENT = {"enrolled_on": "2026-04-01", "onset_region": "upper_limb"}
_STARTED = {"type": "med_start", "date": "2026-04-06", "data": {"drug": EDARAVONE, "route": "iv"}}


def _cycle(on: str) -> dict[str, object]:
    return {"type": "cycle_start", "date": on, "data": {"drug": EDARAVONE}}


RULE = Rule(
    code="EDV-CYCLE",
    title=_("Next edaravone cycle not confirmed"),
    ahead=_("Next edaravone cycle"),
    verb=_("Log cycle"),
    recorded_as="cycle_start",
    also_recorded_as=("med_stop",),
    recorded_with={"": {"drug": EDARAVONE}},
    condition=_(
        "The next edaravone cycle is due %(cycle_days)s days after the last one, or edaravone itself, began, "
        "with %(grace_days)s days of grace."
    ),
    closes=_("The start of a cycle, or the end of edaravone."),
    kind=RuleKind.DEADLINE,
    owner=COORDINATOR,
    severities=(Severity.ATTENTION,),
    source=(
        Source(_("Edaravone in 28-day cycles: NASEM 2024"), Mark.STATED),
        Source(_("Label: 14 days on and 14 off, then 10 of 14 on and 14 off"), Mark.VERIFIED),
        Source(_("Grace: product default"), Mark.DEFAULT),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A cycle begun on day 31 is within grace.",
            _PATIENT,
            (_STARTED, _cycle("2026-05-07")),
            "2026-06-07",
            (),
        ),
        Example(
            "On day 32 it is overdue; stopping the drug ends it as well.",
            _PATIENT,
            (
                _STARTED,
                _cycle("2026-05-06"),
                _cycle("2026-06-08"),
                {"type": "med_stop", "date": "2026-07-20", "data": {"drug": EDARAVONE}},
            ),
            "2026-12-31",
            (("", "2026-06-07", "2026-06-08"), ("", "2026-07-10", "2026-07-20")),
        ),
    ),
)
