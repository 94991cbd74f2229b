"""The form that closes a care task, by rule, with the words around it."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.forms import LogForm, form_for
from assessments.registry import kinds
from equipment.forms import AdvanceForm, CallForm, RequestForm
from pages.present.people import day
from pages.present.tasks import title
from pages.rows import Computed as ComputedRow
from pages.rows import Conflict, FormPanel, Link
from pathway.registry import rules
from patients.models import Patient
from referrals.forms import PlaceForm, UpdateForm
from teams.models import User
from worklist.models import CareTask
from worklist.selectors.foresee import Foreseen, foresee


def assessment_form(
    kind: str,
    data: Any,
    *,
    patient: Patient,
    user: User,
    elsewhere: bool = False,
    initial: Mapping[str, Any] | None = None,
) -> LogForm:
    """The form that logs an assessment of a kind."""
    return form_for(kind)(data, patient=patient, user=user, elsewhere=elsewhere, initial=dict(initial or {}))


def kind_wanted(task: CareTask, asked: str) -> str:
    """The kind of assessment to log for a task: the one asked for, if it ends the work, else the usual.

    "" where the work is recorded as something else.
    """
    rule = rules()[task.rule]
    wanted = asked if asked in rule.also_recorded_as else rule.recorded_as
    return wanted if wanted in kinds() else ""


def consequence(form: LogForm, task: CareTask | None) -> str:
    """What saving the form as it stands would do to the task."""
    if task is None:
        return ""
    foreseen = _foresee(form, task)
    if foreseen is None:
        return ""
    if not foreseen.closes:
        return _("As it stands this is kept, but does not close the item.")
    if foreseen.next_due_on is None:
        return _("Closes this item.")
    return _("Closes this item. Next due %(day)s.") % {"day": day(foreseen.next_due_on)}


def _foresee(form: LogForm, task: CareTask) -> Foreseen | None:
    findings = form.findings_class() if not form.is_bound else form.findings() if form.is_valid() else None
    if findings is None:
        return None
    on = form.cleaned_data["happened_on"] if form.is_bound else form.initial["happened_on"]
    return foresee(patient=form.patient, task=task, kind=form.kind.code, on=on, data=findings.event_data())


def assessment_panel(form: LogForm, *, task: CareTask | None, cancel_url: str) -> FormPanel:
    """The frame of an assessment's form, for a task or for the patient alone."""
    if task is not None:
        usual = form.kind.code == rules()[task.rule].recorded_as
        url = reverse("pages:task_log", args=[task.pk]) + ("" if usual else f"?kind={form.kind.code}")
        item, named = f"task-{task.pk}", title(task)
        alternatives = alternatives_of(task, other_than=form.kind.code)
    else:
        url = reverse("pages:log_assessment", args=[form.patient.pk, form.kind.code])
        item, named = "", str(form.kind.label)
        alternatives = _without_task(form)
    return FormPanel(
        url=url,
        submit=str(form.kind.verb),
        title=named,
        about=str(form.patient),
        item=item,
        consequence=consequence(form, task),
        computed=[ComputedRow(each.label, each.value) for each in form.computed()],
        compute_url=f"{url}{'&' if '?' in url else '?'}compute=1",
        alternatives=alternatives,
        cancel_url=cancel_url,
        version=form.version,
        conflict=_conflict(form, cancel_url),
    )


def advance_panel(form: AdvanceForm, *, task: CareTask, cancel_url: str) -> FormPanel:
    """The frame of moving an equipment request to its next stage."""
    return FormPanel(
        url=reverse("pages:task_log", args=[task.pk]),
        submit=_("Move stage"),
        title=title(task),
        about=str(form.patient),
        item=f"task-{task.pk}",
        consequence=_("Closes this item. The next stage has its own limit."),
        cancel_url=cancel_url,
        version=form.version,
        conflict=_moved(form, cancel_url) if form.moved else None,
    )


def call_panel(form: CallForm, *, task: CareTask, cancel_url: str) -> FormPanel:
    """The frame of the one-line call log."""
    return FormPanel(
        url=reverse("pages:task_call", args=[task.pk]),
        submit=_("Log call"),
        title=title(task),
        about=str(form.patient),
        item=f"task-{task.pk}",
        consequence=_("A call resets no limit; the item stays until the request moves."),
        cancel_url=cancel_url,
        inline=True,
    )


def referral_panel(form: PlaceForm, *, task: CareTask, cancel_url: str) -> FormPanel:
    """The frame of placing the referral a task asks for."""
    return FormPanel(
        url=reverse("pages:task_log", args=[task.pk]),
        submit=_("Refer"),
        title=title(task),
        about=str(form.patient),
        item=f"task-{task.pk}",
        consequence=_("Closes this item. The referral is followed until the person was seen."),
        alternatives=alternatives_of(task),
        cancel_url=cancel_url,
    )


def closed(task: CareTask) -> Conflict:
    """The item was closed since the form was opened: by what kind of thing, and where that stands."""
    assert task.closed_on is not None
    return Conflict(
        title=_("This item was closed on %(day)s: %(why)s")
        % {"day": day(task.closed_on), "why": task.get_close_reason_display().lower()},
        text=_("What closed it stands on the page of %(who)s. Nothing is saved yet; what you typed is below.")
        % {"who": task.patient},
        keep_mine=_("Save mine as well"),
        keep_theirs=_("Open the page of %(who)s") % {"who": task.patient},
        theirs_url=reverse("pages:patient", args=[task.patient_id]),
    )


def _moved(form: AdvanceForm, cancel_url: str) -> Conflict:
    stage = form.request.get_stage_display()
    return Conflict(
        title=_("Somebody moved this request meanwhile"),
        text=_("It is now %(stage)s since %(day)s.")
        % {"stage": stage.lower(), "day": day(form.request.stage_since)},
        keep_mine=_("Move it all the same"),
        keep_theirs=_("Leave it"),
        theirs_url=cancel_url,
    )


def request_panel(form: RequestForm, *, task: CareTask, cancel_url: str) -> FormPanel:
    """The frame of the equipment request a task asks for."""
    return FormPanel(
        url=reverse("pages:task_log", args=[task.pk]),
        submit=_("Request"),
        title=title(task),
        about=str(form.patient),
        item=f"task-{task.pk}",
        consequence=_("Closes this item. The request has limits of its own from today."),
        alternatives=alternatives_of(task),
        cancel_url=cancel_url,
    )


def update_panel(form: UpdateForm, *, task: CareTask, cancel_url: str) -> FormPanel:
    """The frame of what became of the referral a task is about."""
    return FormPanel(
        url=reverse("pages:task_log", args=[task.pk]),
        submit=_("Log update"),
        title=title(task),
        about=str(form.patient),
        item=f"task-{task.pk}",
        consequence=_("Closes this item. An appointment is asked after when it has passed."),
        cancel_url=cancel_url,
        version=form.version,
    )


def alternatives_of(task: CareTask, other_than: str = "") -> list[Link]:
    """The other ways in which the task's work can end: another record, declined, deferred, elsewhere."""
    rule, url = rules()[task.rule], reverse("pages:task_log", args=[task.pk])
    links = [
        Link(str(kinds()[kind].label), f"{url}?kind={kind}")
        for kind in rule.also_recorded_as
        if kind != other_than
    ]
    if rule.decline_topic:
        links += [
            Link(_("Declined"), reverse("pages:task_decline", args=[task.pk])),
            Link(_("Deferred"), reverse("pages:task_defer", args=[task.pk])),
        ]
    if rule.recorded_as in kinds() and other_than in ("", rule.recorded_as):
        links.append(Link(_("Done elsewhere"), f"{url}?elsewhere=1"))
    return links


def _without_task(form: LogForm) -> list[Link]:
    """The other ways in which work can end that no task asked for."""
    links = []
    if topic := form.kind.declined_as:
        url = reverse("pages:decline", args=[form.patient.pk])
        links.append(Link(_("Declined"), f"{url}?topic={topic}"))
    if "done_elsewhere" not in form.fields:
        url = reverse("pages:log_assessment", args=[form.patient.pk, form.kind.code])
        links.append(Link(_("Done elsewhere"), f"{url}?elsewhere=1"))
    return links


def _conflict(form: LogForm, cancel_url: str) -> Conflict | None:
    other = form.conflict
    if other is None:
        return None
    who = str(other.recorded_by or _("Somebody"))
    return Conflict(
        title=_("%(who)s logged this on %(day)s") % {"who": who, "day": day(other.recorded_on)},
        text=other.read().summary(),
        keep_mine=_("Save mine as well"),
        keep_theirs=_("Keep %(who)s’s") % {"who": who},
        theirs_url=cancel_url,
    )
