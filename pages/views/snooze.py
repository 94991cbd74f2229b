"""Having an alert wait, and ending that: from the inbox and from lists of work."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alerts.models import Alert
from alerts.selectors.inbox import visible_to
from alerts.services import snooze
from audit import reads
from pages.forms_alerts import SnoozeForm
from pages.present import people
from pages.present.tasks import reader, task_row, title
from pages.rows import Action, FormPanel, How, LoggedRow
from pages.selectors import task_open_to
from pages.views.inbox import changed_alert
from pages.views.log import FORM_METHODS, open_task
from pages.views.panel import NOT_VALID, came_from, replace_row, show_form
from teams.access import ClinicalRequest, clinical


@require_http_methods(FORM_METHODS)
@clinical
def snooze_alert(request: ClinicalRequest, alert_id: UUID) -> HttpResponse:
    """Snooze an alert of the inbox."""
    alert = _alert(request, alert_id)
    wake = reverse("alerts:wake", args=[alert.pk])
    inbox = reverse("alerts:inbox")
    url = reverse("alerts:snooze", args=[alert.pk])
    return _snooze(request, alert, url=url, item=f"alert-{alert.pk}", wake=wake, back=inbox)


@require_http_methods(FORM_METHODS)
@clinical
def snooze_task(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """Snooze overdue work from its row in a list."""
    task = open_task(request, task_id)
    alert = _related(visible_to(request.user)).filter(task=task, closed_at__isnull=True).first()
    if alert is None:
        raise Http404  # not overdue: there is nothing to snooze
    wake = reverse("pages:task_wake", args=[task.pk])
    url = reverse("pages:task_snooze", args=[task.pk])
    return _snooze(request, alert, url=url, item=f"task-{task.pk}", wake=wake, back="")


@require_POST
@clinical
def wake_alert(request: ClinicalRequest, alert_id: UUID) -> HttpResponse:
    """End a snooze from the inbox."""
    alert = _alert(request, alert_id)
    _wake(request, alert)
    return changed_alert(request, alert)


@require_POST
@clinical
def wake_task(request: ClinicalRequest, task_id: UUID) -> HttpResponse:
    """End a snooze from the row of the work."""
    task = open_task(request, task_id)
    alert = _related(visible_to(request.user)).filter(task=task, closed_at__isnull=True).first()
    if alert is not None:
        _wake(request, alert)
    of = reader(request.membership)
    fresh = task_open_to(request.membership, task.pk).get()
    return replace_row(request, row=task_row(fresh, of), reader=of)


def _alert(request: ClinicalRequest, alert_id: UUID) -> Alert:
    alert = get_object_or_404(_related(visible_to(request.user)), pk=alert_id)
    reads.show([alert.patient])
    return alert


def _related(alerts: "QuerySet[Alert]") -> "QuerySet[Alert]":
    return alerts.select_related("patient", "task__clinic")


def _wake(request: ClinicalRequest, alert: Alert) -> None:
    try:
        snooze.end_snooze(alert_id=alert.pk, user=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))


def _snooze(
    request: ClinicalRequest, alert: Alert, *, url: str, item: str, wake: str, back: str
) -> HttpResponse:
    """Show the form under its row, or snooze and say so in its place."""
    form = SnoozeForm(request.POST or None, alert=alert, user=request.user)
    saved = form.submit() if form.is_bound and form.is_valid() else None
    if saved is None:
        panel = FormPanel(
            url=url,
            submit=_("Snooze"),
            title=title(alert.task),
            about=str(alert.patient),
            item=item,
            consequence=_("Leaves your inbox and what is to do until then. The item stays overdue."),
            cancel_url=came_from(request, default=back),
        )
        return show_form(request, form=form, panel=panel, status=NOT_VALID if form.is_bound else 200)
    text = _("%(task)s, snoozed until %(day)s") % {
        "task": title(alert.task),
        "day": people.day(saved[0].until),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, f"{text}.")
        return redirect(came_from(request, default=back))
    undo = Action(_("Undo"), wake, How.POST)
    row = LoggedRow(str(alert.task_id), text, undo=undo, announce=f"{text}, {alert.patient}.")
    if back:
        return changed_alert(request, alert, row=row)
    return replace_row(request, row=row, reader=reader(request.membership))
