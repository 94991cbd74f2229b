"""Alerts as rows of the inbox."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alerts.models import Alert
from alerts.selectors.inbox import ReadAlert
from pages.present.people import day
from pages.present.tasks import Reader, days, reason, state, title
from pages.rows import Action, How, InboxRow


def inbox_row(alert: "ReadAlert", reader: Reader) -> InboxRow:
    """An open alert. Needs ``is_read`` annotated and ``task`` with its people selected."""
    task = alert.task
    about = f"{title(task)}, {alert.patient}"
    seen = _("Mark unread") if alert.is_read else _("Mark read")
    return InboxRow(
        alert_id=str(alert.pk),
        state=state(task, reader.today),
        title=title(task),
        line=_line(alert, reader),
        on=task.due_on,
        days=days(task, reader.today),
        offer_again=task.offer_again,
        unread=not alert.is_read,
        told=_told(alert, reader),
        why_url=reverse("pages:why", args=[task.pk]),
        verbs=[Action(seen, reverse("alerts:read", args=[alert.pk]), How.POST, about)],
        menu=[
            Action(
                _("Open on the patient page"),
                reverse("pages:patient", args=[alert.patient_id]),
                How.PAGE,
                about,
            )
        ],
    )


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
        days=max((alert.closes_on - task.due_on).days, 0),
    )


def _line(alert: Alert, reader: Reader) -> str:
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
        "reason": reason(task),
    }


def _told(alert: Alert, reader: Reader) -> str:
    """When the alert opened, as a clinic-local day."""
    opened = reader.membership.clinic.local_date(alert.opened_at)
    if opened == reader.today:
        return _("today")
    return date_format(opened, "j M Y")
