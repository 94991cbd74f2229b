"""Logging work: in place under its row, or for a patient without a task."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms import LogForm
from assessments.models import Assessment
from assessments.registry import kinds
from audit import reads
from equipment.forms import AdvanceForm, RequestForm
from equipment.models import EquipmentRequest
from equipment.selectors import requests_open_to
from pages.forms_calls import FollowedCallForm
from pages.present.logging import (
    advance_panel,
    assessment_form,
    assessment_panel,
    call_panel,
    closed,
    kind_wanted,
    referral_panel,
    request_panel,
    update_panel,
)
from pages.present.people import day
from pages.present.tasks import one_per_request, reader, task_row
from pages.rows import Action, FormPanel, How, LoggedRow, Tag
from pages.selectors import is_near, open_beside, task_open_to, to_do_now
from pages.views.follow_up import has_follow_up, offer_follow_up
from pages.views.panel import CHANGED_MEANWHILE, NOT_VALID, came_from, replace_row, show_form
from pathway.registry import rules
from patients.facts import Fact
from patients.forms import ServiceForm
from patients.selectors import visible_to
from referrals.forms import PlaceForm, UpdateForm
from referrals.selectors import referrals_open_to
from teams.access import ClinicalRequest, clinical
from worklist.models import EQUIPMENT_RULES, CareTask
from worklist.services.pregnancy import ASKED_AFTER, ask_prescriber

FORM_METHODS = ["GET", "POST"]


@require_http_methods(FORM_METHODS)
@clinical
def task_log(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """The form whose saving closes the task, and what then stands in its place."""
    task = open_task(request, task_id)
    if task.rule not in rules():
        raise Http404
    if kind := kind_wanted(task, request.GET.get("kind", "")):
        return _log_assessment_of(request, task, kind)
    return _RECORDED_AS[rules()[task.rule].recorded_as](request, task)


@require_http_methods(FORM_METHODS)
@clinical
def task_call(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """One line about a call for the request of a task; the task stays."""
    task = open_task(request, task_id)
    form = FollowedCallForm(
        request.POST or None, request=_request_of(request, task), user=request.user, one_line=True
    )
    panel = call_panel(form, task=task, cancel_url=came_from(request))
    saved = form.submit() if form.is_valid() else None
    if saved is None:
        return show_form(request, form=form, panel=panel, status=NOT_VALID if form.is_bound else 200)
    fresh = task_open_to(request.membership, task.pk).get()
    of = reader(request.membership)
    return replace_row(request, row=task_row(fresh, of), reader=of)


def _log_assessment_of(request: ClinicalRequest, task: CareTask, kind: str) -> HttpResponse:
    elsewhere = "elsewhere" in request.GET or "done_elsewhere" in request.POST
    form = assessment_form(
        kind,
        request.POST or None,
        patient=task.patient,
        user=request.user,
        elsewhere=elsewhere,
        initial=rules()[task.rule].usual_record(task.subject),
    )
    cancel_url = came_from(request)
    if "compute" in request.GET:
        panel = assessment_panel(form, task=task, cancel_url=cancel_url)
        return render(request, "components/computed.html", {"panel": panel, "oob": True})
    may_save = form.is_valid() and not _closed_meanwhile(request, task)
    saved = _submit(request, form) if may_save else None
    if saved is None:
        panel = assessment_panel(form, task=task, cancel_url=cancel_url)
        return _not_saved(request, task, form, panel)
    summary = saved.read().summary()
    return _logged(request, task, str(kinds()[kind].logged), summary, "assessment", saved)


def _advance(request: ClinicalRequest, task: CareTask) -> HttpResponse:
    form = AdvanceForm(request.POST or None, request=_request_of(request, task), user=request.user)
    saved = _saved(request, task, form)
    if saved is None:
        panel = advance_panel(form, task=task, cancel_url=came_from(request))
        return _not_saved(request, task, form, panel, changed=form.moved)
    text = _("%(item)s moved to %(stage)s") % {
        "item": saved.request.item,
        "stage": str(saved.get_status_display()).lower(),
    }
    return _logged(request, task, text, "", "equipment_change", saved)


def _refer(request: ClinicalRequest, task: CareTask) -> HttpResponse:
    form = PlaceForm(
        request.POST or None,
        patient=task.patient,
        user=request.user,
        initial=dict(rules()[task.rule].usual_record(task.subject)),
    )
    saved = _saved(request, task, form)
    if saved is None:
        panel = referral_panel(form, task=task, cancel_url=came_from(request))
        return _not_saved(request, task, form, panel)
    text = _("Referred to %(discipline)s") % {"discipline": saved.discipline.name.lower()}
    return _logged(request, task, text, "", "referral", saved)


def _ask_for_device(request: ClinicalRequest, task: CareTask) -> HttpResponse:
    form = RequestForm(
        request.POST or None,
        patient=task.patient,
        user=request.user,
        initial=dict(rules()[task.rule].usual_record(task.subject)),
    )
    saved = _saved(request, task, form)
    if saved is None:
        panel = request_panel(form, task=task, cancel_url=came_from(request))
        return _not_saved(request, task, form, panel)
    return _logged(
        request, task, _("%(item)s requested") % {"item": saved.item}, "", "equipment_request", saved
    )


def _update_referral(request: ClinicalRequest, task: CareTask) -> HttpResponse:
    referral = get_object_or_404(referrals_open_to(request.user), pk=task.subject)
    form = UpdateForm(request.POST or None, referral=referral, user=request.user)
    saved = _saved(request, task, form)
    if saved is None:
        panel = update_panel(form, task=task, cancel_url=came_from(request))
        return _not_saved(request, task, form, panel, changed=form.moved)
    text = _("%(referral)s: %(status)s") % {
        "referral": referral,
        "status": str(saved.get_status_display()).lower(),
    }
    return _logged(request, task, text, "", "referral_change", saved)


def _fill_seats(request: ClinicalRequest, task: CareTask) -> HttpResponse:
    return redirect("pages:team", task.patient_id)


_RECORDED_AS: Mapping[str, Callable[[ClinicalRequest, CareTask], HttpResponse]] = {
    "equipment_request": _ask_for_device,
    "equipment_status": _advance,
    "referral": _refer,
    "referral_update": _update_referral,
    "team_assign": _fill_seats,
}
"""What opens for work that is recorded as something else than an assessment."""


def _saved(request: ClinicalRequest, task: CareTask, form: ServiceForm) -> Any | None:
    """What the form recorded; None when it was not sent, is not right, or its item closed meanwhile."""
    if not form.is_valid() or _closed_meanwhile(request, task):
        return None
    return form.submit()


def _not_saved(
    request: ClinicalRequest, task: CareTask, form: ServiceForm, panel: FormPanel, *, changed: bool = False
) -> HttpResponse:
    """The form with what was typed, and with what somebody changed meanwhile."""
    if _closed_meanwhile(request, task):
        changed, panel = True, replace(panel, conflict=panel.conflict or closed(task))
    elif panel.conflict is not None:
        changed = True
    status = CHANGED_MEANWHILE if changed else NOT_VALID if form.is_bound else 200
    return show_form(request, form=form, panel=panel, status=status)


def _closed_meanwhile(request: ClinicalRequest, task: CareTask) -> bool:
    """Whether saving would record again what closed the item, and nobody said that it should."""
    return request.method == "POST" and task.closed_at is not None and "over" not in request.POST


def _request_of(request: ClinicalRequest, task: CareTask) -> EquipmentRequest:
    if task.rule not in EQUIPMENT_RULES:
        raise Http404
    return get_object_or_404(requests_open_to(request.user), pk=task.subject)


@require_http_methods(FORM_METHODS)
@clinical
def log_assessment(request: ClinicalRequest, patient_id: UUID, kind: str) -> HttpResponse:
    """The form of an assessment for a patient, without a task; on a page of its own."""
    patient = get_object_or_404(visible_to(request.user).select_related("clinic"), pk=patient_id)
    if kind not in kinds():
        raise Http404
    reads.show([patient])
    back = reverse("pages:patient", args=[patient.pk])
    elsewhere = "elsewhere" in request.GET or "done_elsewhere" in request.POST
    form = assessment_form(
        kind, request.POST or None, patient=patient, user=request.user, elsewhere=elsewhere
    )
    if "compute" in request.GET:
        panel = assessment_panel(form, task=None, cancel_url=back)
        return render(request, "components/computed.html", {"panel": panel, "oob": True})
    saved = _submit(request, form) if form.is_bound and form.is_valid() else None
    if saved is not None and has_follow_up(saved):
        return offer_follow_up(request, patient, saved)
    if saved is not None:
        return redirect(back)
    panel = assessment_panel(form, task=None, cancel_url=back)
    return show_form(request, form=form, panel=panel, status=_status(form))


@transaction.atomic
def _submit(request: ClinicalRequest, form: LogForm) -> Assessment | None:
    """Log what was typed, with the task that may follow from it; None when the service refuses."""
    saved: Assessment | None = form.submit()
    if saved is not None and saved.kind in ASKED_AFTER:
        task = ask_prescriber(patient=form.patient, user=request.user)
        if task is not None:
            messages.info(request, _("Neurology has a task: %(title)s.") % {"title": task.title})
    return saved


def open_task(request: ClinicalRequest, task_id: UUID) -> CareTask:
    """An open task of the member's clinic, noted as shown; 404 otherwise."""
    task = get_object_or_404(task_open_to(request.membership, task_id))
    reads.show([task.patient])
    return task


def _status(form: LogForm) -> int:
    if form.conflict is not None:
        return CHANGED_MEANWHILE
    return NOT_VALID if form.is_bound else 200


def _logged(
    request: ClinicalRequest, task: CareTask, text: str, summary: str, kind: str, fact: Fact
) -> HttpResponse:
    """The logged line in the task's place, or the row again when it is still open; then what is new."""
    task = task_open_to(request.membership, task.pk).get()
    if task.closed_at is None:
        return _kept(request, task)
    others = open_beside(task)
    of = reader(request.membership)
    undo = reverse("pages:undo", args=[kind, fact.pk]) + f"?task={task.pk}"
    row = LoggedRow(
        task_id=str(task.pk),
        text=text,
        detail=_detail(summary, others),
        undo=Action(_("Undo"), undo, How.POST),
        announce=_("%(what)s for %(who)s. %(count)s to do now.")
        % {"what": text, "who": task.patient, "count": to_do_now(request.membership)},
    )
    soon = [each for each in others if each.rule != task.rule and is_near(each, of.today)]
    new_rows = [replace(task_row(each, of), is_new=True) for each in one_per_request(soon)]
    return replace_row(request, row=row, reader=of, new_rows=new_rows)


def _kept(request: ClinicalRequest, task: CareTask) -> HttpResponse:
    """The row again, saying that what was saved does not close it."""
    of = reader(request.membership)
    said = _("Saved, but it does not close this item.")
    if not request.htmx:  # type: ignore[attr-defined]
        messages.warning(request, said)
    row = replace(task_row(task, of), tag=Tag(said, icon="info-circle"))
    return replace_row(request, row=row, reader=of)


def _detail(summary: str, others: Sequence[CareTask]) -> str:
    """What was recorded, and when the work is due next."""
    following = min((each.due_on for each in others), default=None)
    if following is None:
        return f"{summary}." if summary else ""
    shown = {"day": day(following)}
    if not summary:
        return _("next due %(day)s.") % shown
    return f"{summary}. " + _("Next due %(day)s.") % shown
