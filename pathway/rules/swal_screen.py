"""SWAL-SCREEN: suspected bulbar dysfunction is screened within 7 days, then every 3 months."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import SPEECH_LANGUAGE_PATHOLOGY
from pathway.chart import Chart
from pathway.dates import add_days
from pathway.due import Need, NotApplicable, Severity
from pathway.parameter import number_of_days, number_of_months
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.swallowing import screens, suspected, unscreened
from pathway.window import NEW_ANSWER, Start, deadline, interval
from pathway.words import gettext_noop as _

TOPIC = "swallow_screen"


@dataclass(frozen=True)
class Parameters:
    """When the first screen is due, and how often it is repeated."""

    first_days: int = number_of_days(7, _("Days to the first screen"), low=1, high=60)
    interval_months: int = number_of_months(3, _("Months between screens"), high=12)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Due 7 days after bulbar dysfunction was first suspected, then 3 months after the latest screen."""
    if suspected(chart) is None:
        yield NotApplicable()
        return
    if first := unscreened(chart):
        need = deadline(first, parameters.first_days, severity=Severity.CRITICAL)
    else:
        last = Start.at(screens(chart)[-1], _("Last swallow screen"))
        need = interval(last, parameters.interval_months, severity=Severity.URGENT)
    yield _after_withdrawal(chart, need, parameters.first_days)


def _after_withdrawal(chart: Chart, need: Need, days: int) -> Need:
    """A withdrawn decline leaves earlier screens as they are and gives 7 days."""
    withdrawal = chart.fresh_window(TOPIC)
    if withdrawal is None or add_days(withdrawal.on, days + 1) <= need.overdue_on:
        return need
    answered = Start.at(withdrawal, NEW_ANSWER)
    return deadline(answered, days, severity=need.severity, evidence=need.evidence)


_BULBAR = {"enrolled_on": "2026-03-02", "onset_region": "bulbar"}
_LIMB = {"enrolled_on": "2026-03-02", "onset_region": "lower_limb"}


RULE = Rule(
    code="SWAL-SCREEN",
    title=_("Swallow screen"),
    verb=_("Log screen"),
    recorded_as="swallow_screen",
    condition=_(
        "A swallow screen is due %(first_days)s days after joining with bulbar onset, or after the first "
        "impaired bulbar status while the latest is impaired too; then every %(interval_months)s months. The"
        " first is critical, later ones are urgent."
    ),
    closes=_("A swallow screen with its result."),
    kind=RuleKind.INTERVAL,
    owner=SPEECH_LANGUAGE_PATHOLOGY,
    severities=(Severity.URGENT, Severity.CRITICAL),
    source=(
        Source(
            _("Swallow screening before oral intake in suspected bulbar dysfunction: NASEM 2024"), Mark.STATED
        ),
        Source(_("Every 3 months: ESPEN, cited by ASHA"), Mark.VERIFIED),
        Source(_("7 days: product default"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic=TOPIC,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "With bulbar onset the first is due 7 days after joining, the next after 3 months.",
            _BULBAR,
            (dated("swallow_screen", "2026-03-11", positive=True),),
            "2026-06-12",
            (("", "2026-03-10", "2026-03-11"), ("", "2026-06-12", None)),
        ),
        Example(
            "A screen on day 7 after the first impaired status is on time.",
            _LIMB,
            (
                dated("bulbar_status", "2026-04-01", impaired=True),
                dated("swallow_screen", "2026-04-08", positive=False),
            ),
            "2026-07-08",
            (),
        ),
        Example(
            "A status that is not impaired any more ends it.",
            _LIMB,
            (
                dated("bulbar_status", "2026-04-01", impaired=True),
                dated("bulbar_status", "2026-05-01", impaired=False),
            ),
            "2026-12-31",
            (("", "2026-04-09", "2026-05-01"),),
        ),
    ),
)
