"""NIV-ADH: how NIV is used is reviewed between day 61 and day 90."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pathway.catalogue import PULMONOLOGY
from pathway.chart import Chart
from pathway.dates import add_days
from pathway.due import Need, NotApplicable, Severity
from pathway.findings import number
from pathway.parameter import number_of_days
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.window import Start, deadline
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """From which day a review counts, and by which day it is due."""

    due_days: int = number_of_days(90, _("Days from the start of NIV to the review"), low=14, high=180)
    earliest_day: int = number_of_days(
        61, _("First day on which a review counts"), high=120, up_to="due_days"
    )


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Due 90 days after the start of NIV; a review before day 61 does not count."""
    start = chart.niv_in_use
    if start is None:
        yield NotApplicable()
        return
    earliest = add_days(start.on, parameters.earliest_day)
    reviews = (
        review
        for review in chart.of("niv_adherence_review")
        if number(review.data.get("hours_per_day")) is not None
    )
    if any(review.on >= earliest for review in reviews):
        return
    yield deadline(Start.at(start, _("NIV started")), parameters.due_days, severity=Severity.URGENT)


_PATIENT = {"enrolled_on": "2026-02-02", "onset_region": "lower_limb"}
_STARTED = {"type": "niv_start", "date": "2026-07-08", "data": {"backup_rate": True}}


def _review(on: str) -> Mapping[str, object]:
    return {"type": "niv_adherence_review", "date": on, "data": {"hours_per_day": 5.5}}


RULE = Rule(
    code="NIV-ADH",
    title=_("NIV use not reviewed"),
    ahead=_("Review of NIV use"),
    verb=_("Log review"),
    recorded_as="niv_adherence_review",
    also_recorded_as=("niv_stop",),
    condition=_(
        "A review of how NIV is used is due %(due_days)s days after its start; one before day "
        "%(earliest_day)s does not count."
    ),
    closes=_("A review from the first day that counts, or the end of NIV."),
    kind=RuleKind.DEADLINE,
    owner=PULMONOLOGY,
    severities=(Severity.URGENT,),
    source=(
        Source(_("Adherence to NIV needs careful assessment: NASEM 2024"), Mark.STATED),
        Source(_("Medicare: re-evaluation from day 61, average 4 hours in 24"), Mark.VERIFIED),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A review on day 60 is too early; one after day 90 closes it.",
            _PATIENT,
            (_STARTED, _review("2026-09-06"), _review("2026-10-09")),
            "2026-12-31",
            (("", "2026-10-07", "2026-10-09"),),
        ),
        Example(
            "A review on day 61 counts.",
            _PATIENT,
            (_STARTED, _review("2026-09-07")),
            "2026-12-31",
            (),
        ),
    ),
)
