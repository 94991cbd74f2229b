"""SWAL-VFSS: a positive swallow screen is followed by a swallow study within 14 days."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import SPEECH_LANGUAGE_PATHOLOGY
from pathway.chart import Chart
from pathway.dates import add_days
from pathway.due import Need, Severity
from pathway.findings import positive_swallow_screens
from pathway.parameter import number_of_days
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, deadline, refreshed
from pathway.words import gettext_noop as _

TOPIC = "vfss"


@dataclass(frozen=True)
class Parameters:
    """The window, and how long before the screen a study still counts."""

    window_days: int = number_of_days(14, _("Days to the study"), low=1, high=90)
    lookback_days: int = number_of_days(180, _("Days before the screen in which a study counts"), high=365)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """Due 14 days after the first positive screen that no study answers; a later negative one does not."""
    studies = chart.with_flag("vfss", "abnormal")
    last_study = studies[-1].on if studies else None
    unanswered = (
        screen
        for screen in positive_swallow_screens(chart)
        if last_study is None or last_study < add_days(screen.on, -parameters.lookback_days)
    )
    first = next(unanswered, None)
    if first is None:
        return
    yield deadline(
        refreshed(Start.at(first, _("Positive swallow screen")), chart.fresh_window(TOPIC)),
        parameters.window_days,
        severity=Severity.URGENT,
        evidence=(first.id,),
    )


_PATIENT = {"enrolled_on": "2025-09-01", "onset_region": "lower_limb"}


RULE = Rule(
    code="SWAL-VFSS",
    title=_("Positive screen, no swallow study"),
    ahead=_("Swallow study"),
    verb=_("Log study"),
    recorded_as="vfss",
    condition=_(
        "A videofluoroscopy is due %(window_days)s days after a positive swallow screen, unless one was done "
        "in the %(lookback_days)s days before it or since."
    ),
    closes=_("A videofluoroscopy with its result."),
    kind=RuleKind.DEADLINE,
    owner=SPEECH_LANGUAGE_PATHOLOGY,
    severities=(Severity.URGENT,),
    source=(
        Source(_("A positive screening requires a videofluoroscopy: NASEM 2024"), Mark.STATED),
        Source(_("Days: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic=TOPIC,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "On day 15 it is overdue, and a later negative screen does not change that; a study does.",
            _PATIENT,
            (
                dated("swallow_screen", "2025-10-01", positive=True),
                dated("swallow_screen", "2025-10-10", positive=False),
                dated("vfss", "2025-10-30", abnormal=True),
            ),
            "2026-06-30",
            (("", "2025-10-16", "2025-10-30"),),
        ),
        Example(
            "A study 180 days before the screen answers it.",
            _PATIENT,
            (
                dated("vfss", "2025-09-02", abnormal=False),
                dated("swallow_screen", "2026-03-01", positive=True),
            ),
            "2026-12-31",
            (),
        ),
    ),
)
