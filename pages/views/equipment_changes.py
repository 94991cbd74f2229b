"""Moving a request, logging a call, lending: in place where the request stands, or as a page."""

from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit import reads
from equipment import selectors
from equipment.forms import AdvanceForm, LendForm, RequestForm, ReturnForm
from equipment.models import EquipmentRequest, EquipmentStatusChange, Stage
from pages.forms_calls import FollowedCallForm
from pages.present.equipment import card
from pages.present.people import day
from pages.present.tasks import reader, task_row
from pages.rows import Action, Conflict, FormPanel, How, LoggedRow
from pages.selectors import task_open_to
from pages.views.panel import CHANGED_MEANWHILE, NOT_VALID, came_from, replace_row, show_form
from patients.forms import FactForm
from patients.selectors import visible_to
from patients.services import mark_entered_in_error
from teams.access import ClinicalRequest, clinical
from worklist.models import CareTask

FORM_METHODS = ["GET", "POST"]
PLACES = ("board", "table", "patient")


@require_http_methods(FORM_METHODS)
@clinical
def request_equipment(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """Request equipment or a service for a patient."""
    patient = get_object_or_404(visible_to(request.user).select_related("clinic"), pk=patient_id)
    reads.show([patient])
    form = RequestForm(request.POST or None, patient=patient, user=request.user)
    back = reverse("pages:patient", args=[patient.pk])
    if form.is_bound and form.is_valid() and form.submit():
        return redirect(back)
    panel = FormPanel(
        url=reverse("equipment:request", args=[patient.pk]),
        submit=_("Request equipment"),
        title=_("Request equipment"),
        about=str(patient),
        consequence=_("The time it takes counts from the day it is requested."),
        cancel_url=back,
    )
    return show_form(request, form=form, panel=panel, status=NOT_VALID if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
@clinical
def advance(request: ClinicalRequest, request_id: UUID) -> HttpResponse:
    """Move a request to its next stage, or to any other."""
    found = _request(request, request_id)
    wanted = request.GET.get("status", "")
    initial = {"status": wanted} if wanted in Stage.values else {}
    form = AdvanceForm(request.POST or None, request=found, user=request.user, initial=initial)
    saved = form.submit() if form.is_bound and form.is_valid() else None
    if saved is not None:
        text = _("%(item)s moved to %(stage)s") % {
            "item": str(found),
            "stage": saved.get_status_display().lower(),
        }
        return _moved(request, found, saved, text)
    cancelling = wanted == Stage.CANCELLED
    panel = _panel(
        request,
        found,
        view="advance",
        submit=_("Cancel request") if cancelling else _("Move stage"),
        consequence=_("Ends the request.")
        if cancelling
        else _("The days in the new stage count from that day."),
        version=form.version,
        conflict=_conflict(form) if form.moved else None,
    )
    return show_form(
        request, form=form, panel=panel, status=CHANGED_MEANWHILE if form.moved else _status(form)
    )


@require_POST
@clinical
def undo_move(request: ClinicalRequest, request_id: UUID, change_id: UUID) -> HttpResponse:
    """Take back a move just made: it is marked entered in error, and the stage before returns."""
    found = _request(request, request_id)
    change = get_object_or_404(found.changes, pk=change_id)
    try:
        mark_entered_in_error(fact=change, user=request.user, reason=_("Undone"))
    except ValidationError as error:
        return _card_again(request, found, " ".join(error.messages))
    return _card_again(request, found, _("Undone"))


@require_http_methods(FORM_METHODS)
@clinical
def log_call(request: ClinicalRequest, request_id: UUID) -> HttpResponse:
    """Log a call in one line; the request stays where it is."""
    found = _request(request, request_id)
    one_line = bool(request.htmx and _item(request, found))  # type: ignore[attr-defined]
    form = FollowedCallForm(request.POST or None, request=found, user=request.user, one_line=one_line)
    if form.is_bound and form.is_valid() and form.submit():
        return _same_stage(request, found, _("Call logged"))
    panel = _panel(
        request,
        found,
        view="log_call",
        submit=_("Log call"),
        consequence=_(
            "Holds escalation until the day to call again. The alert stays open until the stage moves."
        ),
        inline=one_line,
    )
    return show_form(request, form=form, panel=panel, status=_status(form))


@require_http_methods(FORM_METHODS)
@clinical
def lend(request: ClinicalRequest, request_id: UUID) -> HttpResponse:
    """Lend something to bridge the wait."""
    found = _request(request, request_id)
    form = LendForm(request.POST or None, request=found, user=request.user)
    if form.is_bound and form.is_valid() and form.submit():
        return _same_stage(request, found, _("Loan recorded"))
    panel = _panel(
        request,
        found,
        view="lend",
        submit=_("Lend"),
        heading=_("Lend something meanwhile"),
        consequence=_("The request stays in its stage; its limits go on counting."),
    )
    return show_form(request, form=form, panel=panel, status=_status(form))


@require_http_methods(FORM_METHODS)
@clinical
def return_loaner(request: ClinicalRequest, loaner_id: UUID) -> HttpResponse:
    """Record that something lent came back."""
    loaner = get_object_or_404(selectors.loaners_open_to(request.user), pk=loaner_id)
    reads.show([loaner.patient])
    form = ReturnForm(request.POST or None, loaner=loaner, user=request.user)
    back = reverse("equipment:detail", args=[loaner.request_id])
    if form.is_bound and form.is_valid() and form.submit():
        return redirect(back)
    panel = FormPanel(
        url=reverse("equipment:return_loaner", args=[loaner.pk]),
        submit=_("Record return"),
        title=_("%(thing)s returned") % {"thing": loaner.item_lent},
        about=str(loaner.patient),
        cancel_url=back,
    )
    return show_form(request, form=form, panel=panel, status=_status(form))


def _request(request: ClinicalRequest, request_id: UUID) -> EquipmentRequest:
    """A request this person may open, noted as shown; 404 otherwise."""
    found = get_object_or_404(selectors.requests_open_to(request.user), pk=request_id)
    reads.show([found.patient])
    return found


def _status(form: FactForm) -> int:
    return NOT_VALID if form.is_bound else 200


def _place(request: ClinicalRequest) -> str:
    place = request.GET.get("in", "")
    return place if place in PLACES else ""


def _task(request: ClinicalRequest, found: EquipmentRequest) -> CareTask | None:
    """The task in whose row the form was opened, if any."""
    try:
        task_id = UUID(request.GET.get("task", ""))
    except ValueError:
        return None
    return task_open_to(request.membership, task_id).filter(subject=str(found.pk)).first()


def _item(request: ClinicalRequest, found: EquipmentRequest) -> str:
    """The element that success replaces: the task's row, or the request's card."""
    task = _task(request, found)
    if task is not None:
        return f"task-{task.pk}"
    return f"card-{found.pk}" if _place(request) else ""


def _panel(
    request: ClinicalRequest, found: EquipmentRequest, *, view: str, submit: str, **more: object
) -> FormPanel:
    query = request.GET.urlencode()
    url = reverse(f"equipment:{view}", args=[found.pk])
    return FormPanel(
        url=f"{url}?{query}" if query else url,
        submit=submit,
        title=f"{submit}: {found!s}",
        about=str(found.patient),
        item=_item(request, found) if request.htmx else "",  # type: ignore[attr-defined]
        cancel_url=came_from(request, _home(request, found)),
        **more,  # type: ignore[arg-type]
    )


def _conflict(form: AdvanceForm) -> Conflict:
    """What somebody else recorded since the form was opened."""
    latest = form.request.changes.in_force().order_by("-recorded_at").first()
    who = str(latest.recorded_by or _("Somebody")) if latest else _("Somebody")
    stage = form.request.get_stage_display().lower()
    since = day(form.request.stage_since)
    return Conflict(
        title=_("%(who)s moved it to %(stage)s") % {"who": who, "stage": stage},
        text=_("It is in that stage since %(day)s. What you typed is still here.") % {"day": since},
        keep_mine=_("Save mine over it"),
        keep_theirs=_("Keep %(who)s’s") % {"who": who},
        theirs_url=reverse("equipment:detail", args=[form.request.pk]),
    )


def _home(request: ClinicalRequest, found: EquipmentRequest) -> str:
    place = _place(request)
    if place == "patient":
        return reverse("pages:patient", args=[found.patient_id])
    return reverse("equipment:table" if place == "table" else "equipment:board")


def _moved(
    request: ClinicalRequest, found: EquipmentRequest, change: EquipmentStatusChange, text: str
) -> HttpResponse:
    """The logged line in the task's place, or the card as it is now; both can be undone."""
    task = _task(request, found)
    if task is None:
        query = urlencode({"in": _place(request)})
        undo = f"{reverse('equipment:undo_move', args=[found.pk, change.pk])}?{query}"
        return _card_again(request, found, text, Action(_("Undo"), undo, How.POST, text))
    undo = f"{reverse('pages:undo', args=['equipment_change', change.pk])}?task={task.pk}"
    row = LoggedRow(
        task_id=str(task.pk),
        text=text,
        undo=Action(_("Undo"), undo, How.POST, text),
        announce=f"{text}. {found.patient}.",
    )
    return replace_row(request, row=row, reader=reader(request.membership))


def _same_stage(request: ClinicalRequest, found: EquipmentRequest, text: str) -> HttpResponse:
    """The task's row with the next call, or the card as it is now."""
    task = _task(request, found)
    if task is None:
        return _card_again(request, found, text)
    of = reader(request.membership)
    return replace_row(request, row=task_row(task, of), reader=of)


def _card_again(
    request: ClinicalRequest, found: EquipmentRequest, text: str, undo: Action | None = None
) -> HttpResponse:
    """The card as it is now, in the place where it stands until the next visit."""
    place = _place(request)
    if not request.htmx or not place:  # type: ignore[attr-defined]
        return redirect(_home(request, found) if place else came_from(request, _home(request, found)))
    rows = selectors.with_limits(
        selectors.requests_open_to(request.user), today=request.membership.clinic.today()
    )
    fresh = rows.get(pk=found.pk)
    shown = card(fresh, today=request.membership.clinic.today(), place=place)
    context = {
        "part": "components/equipment_card.html" if place == "board" else "components/equipment_row.html",
        "undo": undo,
        "card": shown,
        "plain": place == "patient",
        "done": text,
        "announce": f"{text}. {found.patient}.",
    }
    return render(request, "equipment/changed.html", context)
