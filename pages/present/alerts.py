"""Alerts as rows of the inbox."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.models import Alert
from alerts.selectors.inbox import ReadAlert
from pages.present.people import day
from pages.present.tasks import Reader, days, on, reason, state, title, waits_because
from pages.rows import Action, How, InboxRow, State, Tag


def inbox_row(alert: "ReadAlert", reader: Reader) -> InboxRow:
    """An open alert. Needs ``is_read`` annotated and ``task`` with its people selected."""
    task = alert.task
    about = f"{title(task)}, {alert.patient}"
    standing = state(task, reader.today)
    return InboxRow(
        alert_id=str(alert.pk),
        state=standing,
        title=title(task),
        line=_line(alert, reader),
        on=on(task),
        days=days(task, reader.today),
        offer_again=task.offer_again,
        unread=not alert.is_read,
        tag=Tag(_("Escalated"), icon="arrow-up-circle") if alert.passed_on_at else None,
        told=_told(alert, reader),
        why_url=reverse("pages:why", args=[task.pk]),
        verbs=_verbs(alert, about, standing),
        menu=_menu(alert, about),
    )


def _verbs(alert: "ReadAlert", about: str, standing: State) -> list[Action]:
    if standing is State.SNOOZED:
        return [Action(_("End snooze"), reverse("alerts:wake", args=[alert.pk]), How.POST, about)]
    snooze = Action(_("Snooze"), reverse("alerts:snooze", args=[alert.pk]), How.IN_PLACE, about, key="z")
    if alert.is_read:
        return [snooze]
    return [Action(_("Acknowledge"), reverse("alerts:read", args=[alert.pk]), How.POST, about), snooze]


def _menu(alert: "ReadAlert", about: str) -> list[Action]:
    page = reverse("pages:patient", args=[alert.patient_id])
    menu = [Action(_("Open on the patient page"), page, How.PAGE, about)]
    if alert.is_read:
        menu.append(Action(_("Mark unread"), reverse("alerts:read", args=[alert.pk]), How.POST, about))
    return menu


def closed_row(alert: Alert, reader: Reader) -> InboxRow:
    """An alert that closed, with the reason."""
    task = alert.task
    assert alert.closes_on is not None  # the closed list holds closed alerts only
    text = _("for %(patient)s. %(why)s %(day)s.") % {
        "patient": alert.patient,
        "why": alert.get_close_reason_display(),
        "day": day(alert.closes_on),
    }
    return InboxRow(
        alert_id=str(alert.pk),
        state=state(task, reader.today),
        title=title(task),
        line=text,
        on=task.due_on,
        tag=Tag(_("Opened after death"), tone="muted") if alert.opened_after_death else None,
        days=max((alert.closes_on - task.due_on).days, 0),
    )


def _line(alert: "ReadAlert", reader: Reader) -> str:
    task = alert.task
    if task.owner_id == reader.membership.user_id:
        whose = _("With you.")
    elif task.owner is not None:
        whose = _("With %(who)s.") % {"who": task.owner}
    else:
        queue = task.discipline.name if task.discipline else _("Coordinator")
        whose = _("In the %(discipline)s queue.") % {"discipline": queue.lower()}
    return _("for %(patient)s. %(whose)s %(reason)s") % {
        "patient": alert.patient,
        "whose": whose,
        "reason": _reason(alert, reader),
    }


def _reason(alert: "ReadAlert", reader: Reader) -> str:
    """Why it is due; why it waits; or after how long it came to the reader."""
    task = alert.task
    if state(task, reader.today) is State.SNOOZED and alert.snooze is not None:
        return waits_because(alert.snooze, task, reader)
    if alert.passed_on_at is None or alert.escalates_from is None:
        return reason(task)
    clinic = reader.membership.clinic
    after = clinic.local_date(alert.passed_on_at) - clinic.local_date(alert.escalates_from)
    return f"{reason(task)} {_came(after.days)}"


def _came(days: int) -> str:
    """After how long an alert was passed on to the reader."""
    if days < 1:
        return _("Came to you at once.")
    return ngettext("Came to you after %(days)s day.", "Came to you after %(days)s days.", days) % {
        "days": days
    }


def _told(alert: "ReadAlert", reader: Reader) -> str:
    """When the alert opened, or who has acknowledged it and when, as a clinic-local day."""
    clinic = reader.membership.clinic
    if not alert.acknowledged:
        opened = clinic.local_date(alert.opened_at)
        return _("today") if opened == reader.today else day(opened)
    seen = alert.acknowledged[0]
    mine = seen.user_id == reader.membership.user_id
    on_day = {"day": day(clinic.local_date(seen.read_at)), "who": seen.user}
    return (_("seen %(day)s") if mine else _("seen by %(who)s %(day)s")) % on_day
