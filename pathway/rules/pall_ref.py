"""PALL-REF: palliative care is met early, by referral within 30 days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pathway.catalogue import PALLIATIVE_CARE, SOCIAL_WORK
from pathway.chart import Chart
from pathway.dates import add_days
from pathway.due import Need, Phrase, Severity, Step
from pathway.findings import BulbarImpairment
from pathway.parameter import number_of_days
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.words import gettext_noop as _

TOPIC = "palliative"


@dataclass(frozen=True)
class Parameters:
    """Days from the start of the window to the referral."""

    window_days: int = number_of_days(30, _("Days to the referral"), low=7, high=180)


@dataclass(frozen=True, slots=True)
class _Start:
    """T: the date the window starts, the fact that sets it, and which kind of fact that is."""

    on: date
    what: str
    anchor: str = ""


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """Due 30 days after T unless there is a palliative referral that is not cancelled."""
    referrals = [sent for sent in chart.referrals if sent.discipline == PALLIATIVE_CARE]
    if not all(sent.cancelled for sent in referrals):
        return
    start = max(_starts(chart), key=lambda each: each.on)
    bulbar = chart.bulbar_impaired
    due_on = add_days(start.on, parameters.window_days)
    days = {"days": parameters.window_days}
    yield Need(
        due_on=due_on,
        overdue_on=add_days(due_on, 1),
        severity=Severity.CRITICAL if bulbar else Severity.URGENT,
        anchor=start.anchor,
        evidence=(*((start.anchor,) if start.anchor else ()), *bulbar.evidence),
        reason=Phrase(_REASONS[start.what][_because(bulbar)], {"start": start.on, **days}),
        steps=(Step(_STEPS[start.what], on=start.on), Step(_("+ %(days)s days"), days)),
    )


def _starts(chart: Chart) -> Iterator[_Start]:
    """Candidates for T, the more telling first: on a tie the first is named."""
    for sent in chart.referrals:
        if sent.discipline == PALLIATIVE_CARE and sent.latest_since:
            yield _Start(sent.latest_since.on, "cancelled", sent.latest_since.id)
    if change := chart.fresh_window(TOPIC):
        yield _Start(change.on, "answer", change.id)
    yield _Start(chart.patient.enrolled_on, "joined")
    if chart.patient.diagnosed_on:
        yield _Start(chart.patient.diagnosed_on, "diagnosed")


def _because(bulbar: BulbarImpairment) -> str:
    if bulbar.onset:
        return "onset"
    return "signs" if bulbar else ""


_STEPS: Mapping[str, str] = {
    "joined": _("Joined"),
    "diagnosed": _("Diagnosed"),
    "cancelled": _("Referral cancelled"),
    "answer": _("New answer"),
}

_REASONS: Mapping[str, Mapping[str, str]] = {
    "joined": {
        "": _("Joined %(start)s + %(days)s days."),
        "onset": _("Joined %(start)s + %(days)s days. Bulbar onset."),
        "signs": _("Joined %(start)s + %(days)s days. Bulbar signs."),
    },
    "diagnosed": {
        "": _("Diagnosed %(start)s + %(days)s days."),
        "onset": _("Diagnosed %(start)s + %(days)s days. Bulbar onset."),
        "signs": _("Diagnosed %(start)s + %(days)s days. Bulbar signs."),
    },
    "cancelled": {
        "": _("Referral cancelled %(start)s + %(days)s days."),
        "onset": _("Referral cancelled %(start)s + %(days)s days. Bulbar onset."),
        "signs": _("Referral cancelled %(start)s + %(days)s days. Bulbar signs."),
    },
    "answer": {
        "": _("New answer %(start)s + %(days)s days."),
        "onset": _("New answer %(start)s + %(days)s days. Bulbar onset."),
        "signs": _("New answer %(start)s + %(days)s days. Bulbar signs."),
    },
}

_PATIENT = {"enrolled_on": "2026-01-20", "diagnosis_date": "2026-01-06", "onset_region": "bulbar"}
_SENT = {"type": "referral", "date": "2026-02-19", "data": {"id": "R1", "discipline": PALLIATIVE_CARE}}

RULE = Rule(
    code="PALL-REF",
    title=_("No palliative referral"),
    ahead=_("Palliative referral"),
    verb=_("Refer"),
    recorded_as="referral",
    recorded_with={"": {"discipline": PALLIATIVE_CARE}},
    condition=_(
        "A palliative care referral is due %(window_days)s days after the later of diagnosis and joining, or"
        " after the latest update of one that was cancelled. Urgent; critical with bulbar onset or bulbar "
        "signs."
    ),
    closes=_("A palliative care referral, or a decline of palliative care."),
    kind=RuleKind.DEADLINE,
    owner=SOCIAL_WORK,
    informed=(PALLIATIVE_CARE,),
    severities=(Severity.URGENT, Severity.CRITICAL),
    source=(
        Source(_("Palliative care from the time of diagnosis, early referral: NASEM 2024"), Mark.STATED),
        Source(_("30 days: product default"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic=TOPIC,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A referral on day 30 is on time.",
            _PATIENT,
            (_SENT,),
            "2026-12-31",
            (),
        ),
        Example(
            "A cancelled referral starts the 30 days again.",
            _PATIENT,
            (
                _SENT,
                {
                    "type": "referral_update",
                    "date": "2026-04-06",
                    "data": {"id": "R1", "status": "cancelled"},
                },
            ),
            "2026-06-01",
            (("", "2026-05-07", None),),
        ),
        Example(
            "A decline is silent until it is offered again, and that day it is overdue.",
            _PATIENT,
            ({"type": "decline", "date": "2026-03-01", "data": {"topic": TOPIC}},),
            "2026-07-01",
            (("", "2026-02-20", "2026-03-01"), ("", "2026-06-01", None)),
        ),
    ),
)
