"""Logging work: in place under its row, or for a patient without a task."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms import LogForm
from assessments.models import Assessment
from assessments.registry import kinds
from audit import reads
from pages.present.logging import ASSESSMENT_OF_RULE, assessment_form, assessment_panel
from pages.present.people import day
from pages.present.tasks import reader, task_row
from pages.rows import Action, How, LoggedRow
from pages.selectors import task_open_to, to_do_now
from pages.views.panel import CHANGED_MEANWHILE, NOT_VALID, came_from, replace_row, show_form
from patients.selectors import visible_to
from teams.access import ClinicalRequest, clinical
from worklist.models import CareTask

FORM_METHODS = ["GET", "POST"]


@require_http_methods(FORM_METHODS)
@clinical
def task_log(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """The form whose saving closes the task, and what then stands in its place."""
    task = open_task(request, task_id)
    kind = ASSESSMENT_OF_RULE.get(task.rule)
    if kind is None:
        return _elsewhere_in_the_product(task)
    elsewhere = "elsewhere" in request.GET or "done_elsewhere" in request.POST
    form = assessment_form(
        kind, request.POST or None, patient=task.patient, user=request.user, elsewhere=elsewhere
    )
    panel = assessment_panel(form, task=task, cancel_url=came_from(request))
    if "compute" in request.GET:
        return render(request, "components/computed.html", {"panel": panel, "oob": True})
    if not form.is_bound:
        return show_form(request, form=form, panel=panel)
    saved = form.save() if form.is_valid() else None
    if saved is None:
        return _not_saved(request, form, task)
    return _saved(request, task, saved)


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
    if form.is_bound and form.is_valid() and form.save() is not None:
        return redirect(back)
    panel = assessment_panel(form, task=None, cancel_url=back)
    return show_form(request, form=form, panel=panel, status=_status(form))


def open_task(request: ClinicalRequest, task_id: UUID) -> CareTask:
    """An open task of the member's clinic, noted as shown; 404 otherwise."""
    task = get_object_or_404(task_open_to(request.membership, task_id))
    reads.show([task.patient])
    return task


def _elsewhere_in_the_product(task: CareTask) -> HttpResponse:
    """Rules whose work is recorded by another room's own form."""
    if task.rule == "PALL-REF":
        return redirect(f"{reverse('referrals:place', args=[task.patient_id])}?task={task.pk}")
    raise Http404


def _status(form: LogForm) -> int:
    if form.conflict is not None:
        return CHANGED_MEANWHILE
    return NOT_VALID if form.is_bound else 200


def _not_saved(request: ClinicalRequest, form: LogForm, task: CareTask) -> HttpResponse:
    panel = assessment_panel(form, task=task, cancel_url=came_from(request))
    return show_form(request, form=form, panel=panel, status=_status(form))


def _saved(request: ClinicalRequest, task: CareTask, saved: Assessment) -> HttpResponse:
    """The logged line in the task's place; or the row again, when it is still open."""
    of = reader(request.membership, selectable=request.membership.sees_whole_clinic)
    task = task_open_to(request.membership, task.pk).get()
    if task.closed_at is None:
        return replace_row(request, row=task_row(task, of), reader=of)
    row = LoggedRow(
        task_id=str(task.pk),
        text=str(kinds()[saved.kind].logged),
        detail=_detail(task, saved),
        undo=Action(
            _("Undo"), reverse("pages:undo", args=["assessment", saved.pk]) + f"?task={task.pk}", How.POST
        ),
        announce=_("%(what)s for %(who)s. %(count)s to do now.")
        % {"what": kinds()[saved.kind].logged, "who": task.patient, "count": to_do_now(request.membership)},
    )
    return replace_row(request, row=row, reader=of)


def _detail(task: CareTask, saved: Assessment) -> str:
    """What was recorded, and when the work is due next."""
    following = CareTask.objects.filter(
        patient=task.patient_id, rule=task.rule, subject=task.subject, closed_at__isnull=True
    ).first()
    summary = saved.read().summary()
    if following is None:
        return f"{summary}."
    return _("%(what)s. Next due %(day)s.") % {"what": summary, "day": day(following.due_on)}
