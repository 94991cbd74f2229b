"""REF-STALL: a referral becomes an appointment, and an appointment a visit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pathway.catalogue import DISCIPLINES, PALLIATIVE_CARE, ReferralStatus
from pathway.chart import Chart
from pathway.dates import as_date
from pathway.due import COORDINATOR, Need, Phrase, Severity
from pathway.parameter import number_of_days
from pathway.requests import Referral
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.window import Start, deadline
from pathway.words import gettext_noop as _

TOPIC = "palliative"


@dataclass(frozen=True)
class Parameters:
    """How long a referral may wait for an appointment, and an appointment for its outcome."""

    unscheduled_days: int = number_of_days(14, _("Days from referral to an appointment made"), low=1, high=90)
    after_appointment_days: int = number_of_days(
        7, _("Days from the appointment to its outcome"), low=1, high=60
    )


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """One need per referral that is waiting: for an appointment, or for what came of it."""
    for referral in chart.referrals:
        waiting = _waiting(referral)
        if waiting is None:
            continue
        palliative = referral.discipline == PALLIATIVE_CARE
        days = parameters.after_appointment_days if referral.latest else parameters.unscheduled_days
        name = DISCIPLINES.get(referral.discipline, referral.discipline)
        yield deadline(
            waiting,
            days,
            subject=referral.id,
            severity=Severity.URGENT if palliative else Severity.ATTENTION,
            informed=(referral.discipline,) if referral.discipline in DISCIPLINES else (),
            topic=TOPIC if palliative else "",
            evidence=(referral.event.id,),
            person=_placed_by(referral),
            title=Phrase(_("Referral not moving: %(discipline)s"), {"discipline": name}),
        )


def _waiting(referral: Referral) -> Start | None:
    if referral.latest is None:
        return Start.at(referral.event, _("Referral sent"))
    if referral.latest.data["status"] != ReferralStatus.SCHEDULED:
        return None
    appointment_on = as_date(referral.latest.data.get("appointment_on"))
    return Start(appointment_on, _("Appointment"), referral.latest.id) if appointment_on else None


def _placed_by(referral: Referral) -> str:
    placed_by = referral.event.data.get("placed_by")
    return placed_by if isinstance(placed_by, str) else ""


_PATIENT = {"enrolled_on": "2026-01-20", "onset_region": "lower_limb"}


def _sent(discipline: str) -> Mapping[str, object]:
    return {"type": "referral", "date": "2026-02-24", "data": {"id": "R1", "discipline": discipline}}


def _update(on: str, **data: Any) -> Mapping[str, object]:
    return {"type": "referral_update", "date": on, "data": {"id": "R1", **data}}


RULE = Rule(
    code="REF-STALL",
    title=_("Referral not moving"),
    ahead=_("Referral: %(discipline)s"),
    verb=_("Update"),
    recorded_as="referral_update",
    condition=_(
        "A referral has no appointment %(unscheduled_days)s days after it was sent, or nothing is recorded "
        "%(after_appointment_days)s days after the appointment. Urgent if to palliative care; that rests "
        "while palliative care is declined or deferred."
    ),
    closes=_("An appointment, the visit, or a cancellation."),
    kind=RuleKind.DEADLINE,
    owner=COORDINATOR,
    whose=_(
        "It falls to whoever placed the referral while they work here; the discipline referred to is "
        "informed."
    ),
    severities=(Severity.ATTENTION, Severity.URGENT),
    source=(
        Source(_("Service delays, late palliative referral: NASEM 2024"), Mark.STATED),
        Source(_("Days: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "An appointment that passed without news is overdue after 7 days.",
            _PATIENT,
            (
                _sent(PALLIATIVE_CARE),
                _update("2026-03-10", status="scheduled", appointment_on="2026-03-27"),
                _update("2026-04-06", status="seen"),
            ),
            "2026-12-31",
            (("R1", "2026-04-04", "2026-04-06"),),
        ),
        Example(
            "An appointment made on day 14 is on time; a new one moves the day.",
            _PATIENT,
            (
                _sent("gastroenterology"),
                _update("2026-03-10", status="scheduled", appointment_on="2026-03-27"),
                _update("2026-04-01", status="scheduled", appointment_on="2026-04-20"),
                _update("2026-04-21", status="seen"),
            ),
            "2026-12-31",
            (),
        ),
        Example(
            "Without an appointment it is overdue on day 15.",
            _PATIENT,
            (_sent("gastroenterology"), _update("2026-04-06", status="cancelled")),
            "2026-12-31",
            (("R1", "2026-03-11", "2026-04-06"),),
        ),
    ),
)
