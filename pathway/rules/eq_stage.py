"""EQ-STAGE: an equipment request has stood in one stage longer than that stage may take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pathway.catalogue import ITEMS, NEUROLOGY, SOCIAL_WORK, Stage
from pathway.chart import Chart
from pathway.dates import add_days
from pathway.due import Need, Phrase, Severity, Step
from pathway.parameter import days_by_item, number_of_days
from pathway.requests import EquipmentRequest
from pathway.rule import ACTIVE_OR_HOSPICE, Example, Mark, Rule, RuleKind, Source
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """Days each stage may take; some items take longer once ordered."""

    requested: int = number_of_days(3, _("Requested"), low=1, high=60)
    documented: int = number_of_days(2, _("Documented"), low=1, high=60)
    submitted: int = number_of_days(7, _("Submitted"), low=1, high=60)
    approved: int = number_of_days(5, _("Approved"), low=1, high=60)
    ordered: int = number_of_days(10, _("Ordered"), low=1, high=90)
    denied: int = number_of_days(3, _("Denied"), low=1, high=60)
    appealed: int = number_of_days(14, _("Appealed"), low=1, high=90)
    delivered: int = number_of_days(7, _("Delivered"), low=1, high=60)
    ordered_by_item: Mapping[str, int] = days_by_item(
        {"power_wheelchair": 45, "aac_device": 21, "home_modification": 45}, _("Ordered, by item")
    )

    def limit(self, request: EquipmentRequest) -> int:
        """Days ``request`` may stay in its stage."""
        if request.stage is Stage.ORDERED and request.item in self.ordered_by_item:
            return self.ordered_by_item[request.item]
        limit: int = getattr(self, request.stage)
        return limit


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """One need per request that is not terminal: the next stage, by this stage's limit."""
    for request in chart.equipment_requests:
        if request.terminal:
            continue
        since = request.stage_set_by
        days = {"days": parameters.limit(request)}
        due_on = add_days(since.on, days["days"])
        owner = _owner(request)
        yield Need(
            subject=request.id,
            due_on=due_on,
            overdue_on=add_days(due_on, 1),
            severity=Severity.CRITICAL if request.breathing else Severity.URGENT,
            owner=owner,
            informed=() if owner == SOCIAL_WORK else (SOCIAL_WORK,),
            anchor=since.id,
            evidence=tuple(dict.fromkeys((request.event.id, since.id))),
            title=Phrase(_("%(item)s stalled"), {"item": request.item_name}),
            reason=Phrase(_REASONS[request.stage], {"since": since.on, **days}),
            steps=(Step(_STEPS[request.stage], on=since.on), Step(_("+ %(days)s days"), days)),
        )


def _owner(request: EquipmentRequest) -> str:
    """Requested: who asked. Documented: who orders. Delivered: who fits. Else social work."""
    known = ITEMS.get(request.item)
    match request.stage:
        case Stage.REQUESTED:
            return request.discipline("requested_by") or (known.requested_by if known else SOCIAL_WORK)
        case Stage.DOCUMENTED:
            return request.discipline("ordered_by") or NEUROLOGY
        case Stage.DELIVERED:
            return request.discipline("fitted_by") or (known.fitted_by if known else SOCIAL_WORK)
        case _:
            return SOCIAL_WORK


_STEPS: Mapping[Stage, str] = {
    Stage.REQUESTED: _("Requested"),
    Stage.DOCUMENTED: _("Documented"),
    Stage.SUBMITTED: _("Submitted"),
    Stage.APPROVED: _("Approved"),
    Stage.ORDERED: _("Ordered"),
    Stage.DENIED: _("Denied"),
    Stage.APPEALED: _("Appealed"),
    Stage.DELIVERED: _("Delivered"),
}

_REASONS: Mapping[Stage, str] = {
    Stage.REQUESTED: _("Requested %(since)s, limit %(days)s days."),
    Stage.DOCUMENTED: _("Documented %(since)s, limit %(days)s days."),
    Stage.SUBMITTED: _("Submitted %(since)s, limit %(days)s days."),
    Stage.APPROVED: _("Approved %(since)s, limit %(days)s days."),
    Stage.ORDERED: _("Ordered %(since)s, limit %(days)s days."),
    Stage.DENIED: _("Denied %(since)s, limit %(days)s days."),
    Stage.APPEALED: _("Appealed %(since)s, limit %(days)s days."),
    Stage.DELIVERED: _("Delivered %(since)s and not yet in use, limit %(days)s days."),
}

_PATIENT = {"enrolled_on": "2026-01-08", "onset_region": "lower_limb"}
_ASKED = {
    "type": "equipment_request",
    "date": "2026-02-02",
    "data": {"id": "PWC1", "item": "power_wheelchair"},
}


def _moved(on: str, status: str) -> Mapping[str, object]:
    return {"type": "equipment_status", "date": on, "data": {"id": "PWC1", "status": status}}


RULE = Rule(
    code="EQ-STAGE",
    title=_("Equipment request stalled"),
    ahead=_("%(item)s: next stage"),
    verb=_("Move stage"),
    recorded_as="equipment_status",
    condition=_(
        "Days an equipment request may stay in a stage: requested %(requested)s, documented %(documented)s, "
        "submitted %(submitted)s, approved %(approved)s, ordered %(ordered)s (longer for some items), denied"
        " %(denied)s, appealed %(appealed)s, delivered %(delivered)s. Urgent; critical for breathing items."
    ),
    closes=_("The next stage. A call to the vendor or the same stage again does not move the clock."),
    kind=RuleKind.DEADLINE,
    owner=SOCIAL_WORK,
    whose=_(
        "While requested it falls to the discipline that asked, while documented to the one that signs the "
        "order, once delivered to the one that fits it; social work is informed throughout."
    ),
    severities=(Severity.URGENT, Severity.CRITICAL),
    statuses=ACTIVE_OR_HOSPICE,
    source=(
        Source(_("Equipment delays can be catastrophic; every request is urgent: NASEM 2024"), Mark.STATED),
        Source(_("Payer decision limits of 7 days and 72 hours, 2026"), Mark.VERIFIED),
        Source(_("Other days: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "Three days as requested; a call does not move the clock.",
            _PATIENT,
            (
                _ASKED,
                {"type": "equipment_contact", "date": "2026-02-05", "data": {"id": "PWC1"}},
                _moved("2026-02-09", "documented"),
            ),
            "2026-02-11",
            (("PWC1", "2026-02-06", "2026-02-09"),),
        ),
        Example(
            "The same stage recorded again does not move the clock.",
            _PATIENT,
            (
                _ASKED,
                _moved("2026-02-03", "submitted"),
                _moved("2026-02-09", "submitted"),
                _moved("2026-02-12", "denied"),
            ),
            "2026-02-15",
            (("PWC1", "2026-02-11", "2026-02-12"),),
        ),
        Example(
            "A power wheelchair may take 45 days once ordered; cancelling ends the matter.",
            _PATIENT,
            (_ASKED, _moved("2026-02-03", "ordered"), _moved("2026-03-22", "cancelled")),
            "2026-12-31",
            (("PWC1", "2026-03-21", "2026-03-22"),),
        ),
    ),
)
