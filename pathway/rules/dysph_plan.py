"""DYSPH-PLAN: diet measures are recorded within 7 days of a positive screen or abnormal study."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import NUTRITION, SPEECH_LANGUAGE_PATHOLOGY
from pathway.chart import Chart
from pathway.due import Need, Severity
from pathway.facts import Event
from pathway.findings import abnormal_swallow_studies, positive_swallow_screens
from pathway.parameter import number_of_days
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, deadline, refreshed
from pathway.words import gettext_noop as _

TOPIC = "dysphagia_plan"
MEASURES = ("texture", "chin_tuck", "liquids")
ANSWERS = ("done", "not_indicated", "declined")


@dataclass(frozen=True)
class Parameters:
    """Days from the finding to the plan."""

    window_days: int = number_of_days(7, _("Days to the plan"), low=1, high=60)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """Due 7 days after the first finding, or after the first abnormal study since the latest plan."""
    finding = _finding(chart)
    if finding is None:
        return
    yield deadline(
        refreshed(finding, chart.fresh_window(TOPIC)),
        parameters.window_days,
        severity=Severity.URGENT,
        evidence=(finding.anchor,),
    )


def complete(plan: Event) -> bool:
    """A plan counts when each of the three measures is done, not indicated or declined."""
    return all(plan.data.get(measure) in ANSWERS for measure in MEASURES)


def _finding(chart: Chart) -> Start | None:
    plans = [plan for plan in chart.of("dysphagia_plan") if complete(plan)]
    studies = [Start.at(study, _("Abnormal swallow study")) for study in abnormal_swallow_studies(chart)]
    if plans:
        return next((study for study in studies if study.on > plans[-1].on), None)
    screens = [Start.at(screen, _("Positive swallow screen")) for screen in positive_swallow_screens(chart)]
    return min((*screens[:1], *studies[:1]), key=lambda start: start.on, default=None)


_PATIENT = {"enrolled_on": "2026-03-02", "onset_region": "lower_limb"}


_POSITIVE = dated("swallow_screen", "2026-03-11", positive=True)

RULE = Rule(
    code="DYSPH-PLAN",
    title=_("Diet measures not recorded"),
    ahead=_("Diet measures"),
    verb=_("Log plan"),
    recorded_as="dysphagia_plan",
    condition=_(
        "A plan for texture, chin tuck and liquids is due %(window_days)s days after a positive swallow "
        "screen or an abnormal study, and again after each abnormal study later than the plan."
    ),
    closes=_("A plan in which each of the three measures is done, not indicated or declined."),
    kind=RuleKind.DEADLINE,
    owner=SPEECH_LANGUAGE_PATHOLOGY,
    informed=(NUTRITION,),
    severities=(Severity.URGENT,),
    source=(
        Source(_("Food texture, chin tuck, thicker liquids: NASEM 2024"), Mark.STATED),
        Source(_("7 days: product default"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic=TOPIC,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A plan without the chin tuck does not count, the whole plan does.",
            _PATIENT,
            (
                _POSITIVE,
                dated("dysphagia_plan", "2026-03-16", texture="done", liquids="done"),
                dated("dysphagia_plan", "2026-03-20", texture="done", chin_tuck="done", liquids="done"),
            ),
            "2026-12-31",
            (("", "2026-03-19", "2026-03-20"),),
        ),
        Example(
            "An abnormal study after the plan asks for a new one; day 7 is on time.",
            _PATIENT,
            (
                _POSITIVE,
                dated("dysphagia_plan", "2026-03-18", texture="done", chin_tuck="done", liquids="done"),
                dated("vfss", "2026-03-25", abnormal=True),
                dated(
                    "dysphagia_plan",
                    "2026-04-01",
                    texture="done",
                    chin_tuck="not_indicated",
                    liquids="declined",
                ),
            ),
            "2026-12-31",
            (),
        ),
    ),
)
