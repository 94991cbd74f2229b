"""EQ-AGE: an equipment request has waited longer in all than its item may take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pathway.catalogue import SOCIAL_WORK, Stage
from pathway.chart import Chart
from pathway.dates import add_days
from pathway.due import Need, Phrase, Severity, Step
from pathway.parameter import days_by_item, number_of_days
from pathway.rule import ACTIVE_OR_HOSPICE, Example, Mark, Rule, RuleKind, Source
from pathway.words import gettext_noop as _

_BREATHING = ("bpap", "cough_assist", "suction")
_BASIC = ("walker", "manual_wheelchair", "commode", "shower_chair", "hospital_bed", "patient_lift")
_TARGETS: Mapping[str, int] = {
    **dict.fromkeys(_BREATHING, 7),
    **dict.fromkeys(_BASIC, 14),
    "aac_device": 30,
    "home_modification": 60,
    "power_wheelchair": 90,
}


@dataclass(frozen=True)
class Parameters:
    """Days from request to delivery, by item and for every other item."""

    default: int = number_of_days(30, _("Other items"), low=1)
    by_item: Mapping[str, int] = days_by_item(_TARGETS, _("Days by item"))


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """One need per request that is neither delivered nor terminal: its delivery."""
    for request in chart.equipment_requests:
        if request.terminal or request.stage is Stage.DELIVERED:
            continue
        asked = request.event
        days = {"days": parameters.by_item.get(request.item, parameters.default)}
        due_on = add_days(asked.on, days["days"])
        yield Need(
            subject=request.id,
            due_on=due_on,
            overdue_on=add_days(due_on, 1),
            severity=Severity.CRITICAL if request.breathing else Severity.URGENT,
            anchor=asked.id,
            evidence=(asked.id,),
            title=Phrase(_("%(item)s not delivered"), {"item": request.item_name}),
            reason=Phrase(_("Requested %(since)s, target %(days)s days."), {"since": asked.on, **days}),
            steps=(Step(_("Requested"), on=asked.on), Step(_("+ %(days)s days"), days)),
        )


_PATIENT = {"enrolled_on": "2026-01-08", "onset_region": "lower_limb"}
_ASKED = {"type": "equipment_request", "date": "2026-04-06", "data": {"id": "SUC1", "item": "suction"}}


def _moved(on: str, status: str) -> Mapping[str, object]:
    return {"type": "equipment_status", "date": on, "data": {"id": "SUC1", "status": status}}


RULE = Rule(
    code="EQ-AGE",
    title=_("Equipment not delivered"),
    ahead=_("%(item)s: delivery"),
    verb=_("Log call"),
    recorded_as="equipment_status",
    condition=_(
        "Equipment is due %(default)s days after the request; breathing items, basic aids, speech devices, "
        "home modifications and power wheelchairs have targets of their own. Urgent; critical for breathing "
        "items."
    ),
    closes=_("Delivery, or the end of the request."),
    kind=RuleKind.DEADLINE,
    owner=SOCIAL_WORK,
    severities=(Severity.URGENT, Severity.CRITICAL),
    statuses=ACTIVE_OR_HOSPICE,
    source=(
        Source(_("Equipment delays can be catastrophic; every request is urgent: NASEM 2024"), Mark.STATED),
        Source(_("Waits of 3 to 6 months reported for power wheelchairs"), Mark.VERIFIED),
        Source(_("Targets: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A suction machine delivered on day 7 is on time.",
            _PATIENT,
            (_ASKED, _moved("2026-04-13", "delivered")),
            "2026-12-31",
            (),
        ),
        Example(
            "On day 8 it is late, whatever stages it went through.",
            _PATIENT,
            (_ASKED, _moved("2026-04-12", "ordered"), _moved("2026-04-15", "delivered")),
            "2026-12-31",
            (("SUC1", "2026-04-14", "2026-04-15"),),
        ),
        Example(
            "A cancelled request is nobody's work.",
            _PATIENT,
            (_ASKED, _moved("2026-04-20", "cancelled")),
            "2026-12-31",
            (("SUC1", "2026-04-14", "2026-04-20"),),
        ),
    ),
)
