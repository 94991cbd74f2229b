"""What the person with ALS chose: declined, deferred, a new answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from audit import reads
from pages.forms import (
    ChoiceForm,
    DeclineForm,
    DeferForm,
    EndChoiceForm,
    EndDeferralForm,
    NewAnswerForm,
    topic_name,
)
from pages.present.tasks import reader, task_row, title
from pages.rows import Action, FormPanel, How, LoggedRow
from pages.selectors import task_open_to
from pages.views.log import FORM_METHODS, open_task
from pages.views.panel import NOT_VALID, came_from, replace_row, show_form
from pathway import catalogue
from pathway.registry import rules
from patients.facts import Fact
from patients.forms import ServiceForm
from patients.models import Patient
from patients.selectors import visible_to
from teams.access import ClinicalRequest, clinical
from worklist.models import CareTask


@dataclass(frozen=True, slots=True)
class Words:
    """How a kind of choice is named on its form, and where the form lives."""

    fact: str
    url: str
    task_url: str
    submit: str | Promise
    title: str | Promise
    consequence: str | Promise


WORDS: Mapping[type[ChoiceForm], Words] = {
    DeclineForm: Words(
        fact="decline",
        url="pages:decline",
        task_url="pages:task_decline",
        submit=gettext_lazy("Record decline"),
        title=gettext_lazy("Declined"),
        consequence=gettext_lazy(
            "Closes the work on this topic. It comes back on the day to offer it again."
        ),
    ),
    DeferForm: Words(
        fact="deferral",
        url="pages:defer",
        task_url="pages:task_defer",
        submit=gettext_lazy("Record deferral"),
        title=gettext_lazy("Deferred"),
        consequence=gettext_lazy("Closes the work on this topic until then. Never counted as a decline."),
    ),
}


@dataclass(frozen=True, slots=True)
class EndWords:
    """How the end of a kind of choice is named on its form, and where the form lives."""

    url: str
    submit: str | Promise
    title: str | Promise
    consequence: str | Promise


END_WORDS: Mapping[type[EndChoiceForm], EndWords] = {
    NewAnswerForm: EndWords(
        url="pages:withdraw",
        submit=gettext_lazy("Record new answer"),
        title=gettext_lazy("New answer: %(topic)s"),
        consequence=gettext_lazy(
            "The decline ends. Work counted from the last time is due as if it had not been; other work has "
            "its full time again."
        ),
    ),
    EndDeferralForm: EndWords(
        url="pages:end_deferral",
        submit=gettext_lazy("End deferral"),
        title=gettext_lazy("End early: %(topic)s"),
        consequence=gettext_lazy(
            "The deferral ends. Work counted from the last time is due as if it had not been; other work has "
            "its full time again."
        ),
    ),
}


@require_http_methods(FORM_METHODS)
@clinical
def task_decline(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """Record that the person declined the work of a task."""
    return _about_task(request, task_id, DeclineForm)


@require_http_methods(FORM_METHODS)
@clinical
def task_defer(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """Record that the work of a task waits."""
    return _about_task(request, task_id, DeferForm)


@require_http_methods(FORM_METHODS)
@clinical
def decline(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """Record a decline of any topic."""
    return _about_patient(request, patient_id, DeclineForm)


@require_http_methods(FORM_METHODS)
@clinical
def defer(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """Record a deferral of any topic."""
    return _about_patient(request, patient_id, DeferForm)


@require_http_methods(FORM_METHODS)
@clinical
def withdraw(request: ClinicalRequest, patient_id: UUID, topic: str) -> HttpResponse:
    """Record a new answer to something declined."""
    return _end(request, patient_id, topic, NewAnswerForm)


@require_http_methods(FORM_METHODS)
@clinical
def end_deferral(request: ClinicalRequest, patient_id: UUID, topic: str) -> HttpResponse:
    """Record that what was deferred waits no longer."""
    return _end(request, patient_id, topic, EndDeferralForm)


def _end(request: ClinicalRequest, patient_id: UUID, topic: str, kind: type[EndChoiceForm]) -> HttpResponse:
    if topic not in catalogue.TOPICS:
        raise Http404
    patient = _patient(request, patient_id)
    form = kind(request.POST or None, patient=patient, user=request.user, topic=topic)
    words = END_WORDS[kind]
    panel = FormPanel(
        url=reverse(words.url, args=[patient.pk, topic]),
        submit=str(words.submit),
        title=str(words.title) % {"topic": topic_name(topic)},
        about=str(patient),
        consequence=str(words.consequence),
        cancel_url=_page(patient),
    )
    return _page_form(request, form, panel, patient)


def _about_task(request: ClinicalRequest, task_id: UUID, kind: type[ChoiceForm]) -> HttpResponse:
    task = open_task(request, task_id)
    topic = rules()[task.rule].decline_topic if task.rule in rules() else ""
    if not topic:
        raise Http404
    form = kind(request.POST or None, patient=task.patient, user=request.user, topic=topic)
    words = WORDS[kind]
    panel = FormPanel(
        url=reverse(words.task_url, args=[task.pk]),
        submit=str(words.submit),
        title=title(task),
        about=str(task.patient),
        heading=str(words.title),
        item=f"task-{task.pk}",
        consequence=str(words.consequence),
        cancel_url=came_from(request),
    )
    if not form.is_bound:
        return show_form(request, form=form, panel=panel)
    saved = form.submit() if form.is_valid() else None
    if saved is None:
        return show_form(request, form=form, panel=panel, status=NOT_VALID)
    return _chosen(request, task, saved, words)


def _chosen(request: ClinicalRequest, task: CareTask, saved: Fact, words: Words) -> HttpResponse:
    """The logged line in the task's place; or the row again when the choice is not in force today."""
    of = reader(request.membership)
    task = task_open_to(request.membership, task.pk).get()
    if task.closed_at is None:
        return replace_row(request, row=task_row(task, of), reader=of)
    text = f"{title(task)}: {str(words.title).lower()}"
    undo = reverse("pages:undo", args=[words.fact, saved.pk]) + f"?task={task.pk}"
    row = LoggedRow(
        task_id=str(task.pk),
        text=text,
        undo=Action(_("Undo"), undo, How.POST),
        announce=f"{text}, {task.patient}.",
    )
    return replace_row(request, row=row, reader=of)


def _about_patient(request: ClinicalRequest, patient_id: UUID, kind: type[ChoiceForm]) -> HttpResponse:
    patient = _patient(request, patient_id)
    topic = request.GET.get("topic", "")
    initial = {"topic": topic} if topic in catalogue.TOPICS else {}
    form = kind(request.POST or None, patient=patient, user=request.user, initial=initial)
    words = WORDS[kind]
    panel = FormPanel(
        url=reverse(words.url, args=[patient.pk]),
        submit=str(words.submit),
        title=str(words.title),
        about=str(patient),
        consequence=str(words.consequence),
        cancel_url=_page(patient),
    )
    return _page_form(request, form, panel, patient)


def _page_form(
    request: ClinicalRequest, form: ServiceForm, panel: FormPanel, patient: Patient
) -> HttpResponse:
    if form.is_valid() and form.submit() is not None:
        return redirect(_page(patient))
    return show_form(request, form=form, panel=panel, status=NOT_VALID if form.is_bound else 200)


def _patient(request: ClinicalRequest, patient_id: UUID) -> Patient:
    patient = get_object_or_404(visible_to(request.user).select_related("clinic"), pk=patient_id)
    reads.show([patient])
    return patient


def _page(patient: Patient) -> str:
    return reverse("pages:patient", args=[patient.pk])
