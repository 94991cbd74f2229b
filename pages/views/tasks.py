"""What people do about a task beside logging it: assign, book, mark done, withdraw, ask why."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit import reads
from pages.forms import AssignForm, OwnTaskForm, PlanForm
from pages.present.tasks import reader, task_row, title
from pages.present.why import why_panel
from pages.rows import Action, FormPanel, How, LoggedRow
from pages.selectors import task_open_to
from pages.views.log import FORM_METHODS, open_task
from pages.views.panel import NOT_VALID, came_from, replace_row, show_form
from patients.forms import ServiceForm
from patients.selectors import visible_to
from teams.access import ClinicalRequest, clinical
from worklist.models import CareTask
from worklist.selectors.settings import settings_followed
from worklist.services import own_tasks


@require_http_methods(FORM_METHODS)
@clinical
def assign(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """Give the task to a colleague or back to the queue."""
    task = open_task(request, task_id)
    form = AssignForm(request.POST or None, task=task, user=request.user)
    panel = _panel(
        request,
        task,
        "pages:task_assign",
        _("Assign"),
        _("They see it in My work; it stays as overdue as it is."),
    )
    return _edit(request, form, panel, task)


@require_http_methods(FORM_METHODS)
@clinical
def plan(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """Note the day the work is booked for."""
    task = open_task(request, task_id)
    form = PlanForm(request.POST or None, task=task, user=request.user)
    panel = _panel(
        request,
        task,
        "pages:task_plan",
        _("Book"),
        _("Shows on the row. The item closes when the work is recorded."),
    )
    return _edit(request, form, panel, task)


@require_POST
@clinical
def done(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """Mark a task of the team done."""
    task = open_task(request, task_id)
    try:
        own_tasks.complete_task(task_id=task.pk, user=request.user)
    except ValidationError as error:
        return _refused(request, task, error)
    return _closed(request, task, _("%(task)s, done") % {"task": task.title})


@require_POST
@clinical
def withdraw(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """Take back a task of the team that is not needed any more."""
    task = open_task(request, task_id)
    try:
        own_tasks.withdraw_task(task_id=task.pk, user=request.user)
    except ValidationError as error:
        return _refused(request, task, error)
    return _closed(request, task, _("%(task)s, not needed any more") % {"task": task.title})


@require_POST
@clinical
def reopen(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """Undo marking a task of the team done or withdrawn."""
    task = open_task(request, task_id)
    try:
        own_tasks.reopen_task(task_id=task.pk, user=request.user)
    except ValidationError as error:
        return _refused(request, task, error)
    return _row_again(request, task)


@require_http_methods(FORM_METHODS)
@clinical
def add(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """Add a task agreed by people."""
    patient = get_object_or_404(visible_to(request.user).select_related("clinic"), pk=patient_id)
    reads.show([patient])
    back = reverse("pages:patient", args=[patient.pk])
    form = OwnTaskForm(request.POST or None, patient=patient, user=request.user)
    if form.is_valid() and form.submit() is not None:
        return redirect(back)
    panel = FormPanel(
        url=reverse("pages:task_add", args=[patient.pk]),
        submit=_("Add task"),
        title=_("Add a task"),
        about=str(patient),
        consequence=_("Falls overdue and alerts like any other work."),
        cancel_url=back,
    )
    return show_form(request, form=form, panel=panel, status=NOT_VALID if form.is_bound else 200)


@require_GET
@clinical
def why(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """Why the task is due: in a drawer over the list, or as a page."""
    task = open_task(request, task_id)
    panel = why_panel(task, reader(request.membership), settings_followed(task))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "components/why_panel.html", {"why": panel, "in_drawer": True})
    return render(request, "pages/why.html", {"why": panel})


def _panel(request: ClinicalRequest, task: CareTask, where: str, submit: str, consequence: str) -> FormPanel:
    return FormPanel(
        url=reverse(where, args=[task.pk]),
        submit=submit,
        title=title(task),
        about=str(task.patient),
        item=f"task-{task.pk}",
        consequence=consequence,
        cancel_url=came_from(request),
    )


def _edit(request: ClinicalRequest, form: ServiceForm, panel: FormPanel, task: CareTask) -> HttpResponse:
    """Show the form, or save it and put the changed row back."""
    if not form.is_bound:
        return show_form(request, form=form, panel=panel)
    if not form.is_valid() or form.submit() is None:
        return show_form(request, form=form, panel=panel, status=NOT_VALID)
    return _row_again(request, task)


def _row_again(request: ClinicalRequest, task: CareTask) -> HttpResponse:
    of = reader(request.membership)
    fresh = task_open_to(request.membership, task.pk).get()
    return replace_row(request, row=task_row(fresh, of), reader=of)


def _closed(request: ClinicalRequest, task: CareTask, text: str) -> HttpResponse:
    undo = Action(_("Undo"), reverse("pages:task_reopen", args=[task.pk]), How.POST)
    row = LoggedRow(task_id=str(task.pk), text=text, undo=undo, announce=f"{text}, {task.patient}.")
    return replace_row(request, row=row, reader=reader(request.membership))


def _refused(request: ClinicalRequest, task: CareTask, error: ValidationError) -> HttpResponse:
    """Say what changed meanwhile where the row stands, and show the row as it is now."""
    text = " ".join(error.messages)
    if request.htmx:  # type: ignore[attr-defined]
        row = LoggedRow(task_id=str(task.pk), text=text, announce=text)
        return replace_row(request, row=row, reader=reader(request.membership))
    messages.warning(request, text)
    return redirect(came_from(request))
