"""EXEC-SAFE: executive dysfunction is followed by a safety plan within 14 days."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import OCCUPATIONAL_THERAPY
from pathway.chart import Chart
from pathway.due import Need, NotApplicable, Severity
from pathway.parameter import number_of_days
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, deadline
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """Days from the screen to the plan."""

    window_days: int = number_of_days(14, _("Days to a safety plan"), low=1, high=90)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Due 14 days after the latest screen, where that found executive dysfunction."""
    screens = chart.with_flag("cognitive_screen", "executive_impaired")
    if not screens or not screens[-1].data["executive_impaired"]:
        yield NotApplicable()
        return
    screen = screens[-1]
    plans = (plan for plan in chart.of("safety_plan") if plan.data.get("complete") is not False)
    if any(plan.on >= screen.on for plan in plans):
        return
    yield deadline(
        Start.at(screen, _("Executive dysfunction found")), parameters.window_days, severity=Severity.URGENT
    )


_PATIENT = {"enrolled_on": "2026-03-02", "onset_region": "lower_limb"}


_SCREEN = dated("cognitive_screen", "2026-03-02", tool="ALS-CBS", impaired=True, executive_impaired=True)

RULE = Rule(
    code="EXEC-SAFE",
    title=_("No safety plan"),
    ahead=_("Safety plan"),
    verb=_("Log plan"),
    recorded_as="safety_plan",
    condition=_(
        "A safety plan for falls, choking and injury is due %(window_days)s days after a screen that found "
        "executive dysfunction."
    ),
    closes=_("A safety plan that covers falls, choking and injury."),
    kind=RuleKind.DEADLINE,
    owner=OCCUPATIONAL_THERAPY,
    severities=(Severity.URGENT,),
    source=(
        Source(_("Executive dysfunction: more falls, choking and injuries: NASEM 2024"), Mark.STATED),
        Source(_("14 days: product default"), Mark.DEFAULT),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "On day 15 it is overdue; a plan closes it.",
            _PATIENT,
            (_SCREEN, dated("safety_plan", "2026-03-20")),
            "2026-12-31",
            (("", "2026-03-17", "2026-03-20"),),
        ),
        Example(
            "A plan on day 14 is on time.",
            _PATIENT,
            (_SCREEN, dated("safety_plan", "2026-03-16")),
            "2026-12-31",
            (),
        ),
    ),
)
