"""Equipment requests as cards of the board and rows of the table."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from equipment.models import EquipmentRequest, Loaner, Stage
from equipment.selectors import LimitedRequest
from pages.present.people import day
from pages.rows import Action, EquipmentCard, How, Meter, StageSteps, State

VERBS: Mapping[str, str | Promise] = {
    Stage.REQUESTED: gettext_lazy("Document"),
    Stage.DOCUMENTED: gettext_lazy("Submit"),
    Stage.SUBMITTED: gettext_lazy("Record decision"),
    Stage.DENIED: gettext_lazy("Peer-to-peer"),
    Stage.APPEALED: gettext_lazy("Record decision"),
    Stage.APPROVED: gettext_lazy("Order"),
    Stage.ORDERED: gettext_lazy("Mark delivered"),
    Stage.DELIVERED: gettext_lazy("Mark in use"),
}
"""What moves a request on from each stage."""

STEPS = {
    Stage.REQUESTED: 1,
    Stage.DOCUMENTED: 2,
    Stage.SUBMITTED: 3,
    Stage.DENIED: 3,
    Stage.APPEALED: 3,
    Stage.APPROVED: 4,
    Stage.ORDERED: 5,
    Stage.DELIVERED: 6,
    Stage.IN_USE: 7,
}
LAST_STEP = 7


def card(request: LimitedRequest, *, today: date, place: str) -> EquipmentCard:
    """A request of ``with_limits``; ``place`` is where it stands: "board", "table" or "patient"."""
    named = str(request)
    about = f"{named}, {request.patient}"
    label = request.get_stage_display()
    return EquipmentCard(
        request_id=str(request.pk),
        item=named,
        patient_id=str(request.patient_id),
        patient_name=str(request.patient),
        patient_url=reverse("pages:patient", args=[request.patient_id]),
        stage=label,
        steps=StageSteps(STEPS.get(Stage(request.stage), LAST_STEP), LAST_STEP, label),
        in_stage=_meter(request, request.days_in_stage, request.stage_limit, _("Stage")),
        in_all=_meter(request, request.days_in_all, request.target, _("In all")),
        state=state(request),
        breathing=request.item.is_breathing,
        payer=str(request.payer or ""),
        vendor=str(request.vendor or ""),
        note=_denied(request),
        loan=request.lent or "",
        call_on=request.next_call_on,
        call_days=(request.next_call_on - today).days if request.next_call_on else 0,
        call=Action(_("Log call"), address("log_call", request, place), How.IN_PLACE, about),
        verb=_verb(request, place, about),
        menu=menu(request, place, about),
    )


def state(request: LimitedRequest) -> State | None:
    """Critical or urgent when past a limit, as EQ-STAGE and EQ-AGE say; else nothing."""
    if not request.is_late:
        return None
    return State.CRITICAL if request.item.is_breathing else State.URGENT


def menu(request: LimitedRequest, place: str, about: str) -> Sequence[Action]:
    """Everything that can be done beside the two verbs of the card."""
    cancel = address("advance", request, place, status=Stage.CANCELLED.value)
    actions = [
        Action(_("Open request"), reverse("equipment:detail", args=[request.pk]), How.PAGE, about, "truck"),
        Action(_("Lend something"), address("lend", request, place), How.IN_PLACE, about, "arrow-left-right"),
        Action(_("Cancel request"), cancel, How.IN_PLACE, about, "x-circle"),
    ]
    if place != "board":
        actions.insert(0, _verb(request, place, about, icon="arrow-right-circle"))
    return actions


def address(view: str, request: EquipmentRequest, place: str, **query: str) -> str:
    """Where a form about the request lives, remembering where its answer goes."""
    return f"{reverse(f'equipment:{view}', args=[request.pk])}?{urlencode({'in': place, **query})}"


def take_back(loaner: Loaner) -> Action:
    """Recording that something lent came back."""
    url = reverse("equipment:return_loaner", args=[loaner.pk])
    return Action(_("Record return"), url, How.PAGE, loaner.item_lent)


def _verb(request: LimitedRequest, place: str, about: str, icon: str = "") -> Action:
    label = str(VERBS.get(request.stage, _("Move stage")))
    return Action(label, address("advance", request, place), How.IN_PLACE, about, icon)


def _denied(request: LimitedRequest) -> str:
    if request.stage != Stage.DENIED:
        return ""
    return _("Denied %(day)s") % {"day": day(request.stage_since)}


def _meter(request: LimitedRequest, days: int, limit: int, label: str) -> Meter:
    return Meter(max(days, 0), limit, label, breathing=request.item.is_breathing)
