"""The alerts inbox: mine, unread first; what closed lately."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from alerts.models import Alert
from alerts.selectors.inbox import (
    ReadAlert,
    alerts_of_clinic,
    alerts_of_member,
    bell,
    closed_lately,
    visible_to,
    with_read,
)
from alerts.services.reading import mark_read, mark_unread
from audit import reads
from pages.present.alerts import closed_row, inbox_row
from pages.present.frame import navigation
from pages.present.tasks import Reader, reader
from pages.rows import Empty, Horizon, InboxSection
from pages.views.panel import came_from
from teams.access import ClinicalRequest, clinical

MOST = 100
TABS = ("mine", "clinic", "closed")


@require_GET
@clinical
def inbox(request: ClinicalRequest) -> HttpResponse:
    """Open alerts, unread first and worst first; or those that closed in the last seven days."""
    membership, of = request.membership, reader(request.membership)
    tab = request.GET.get("show", "mine")
    tab = tab if tab in TABS else "mine"
    querysets = {
        "mine": alerts_of_member(membership=membership),
        "clinic": alerts_of_clinic(membership=membership),
        "closed": closed_lately(membership=membership),
    }
    alerts = list(_ordered(querysets[tab], request, tab)[:MOST])
    reads.show(alert.patient for alert in alerts)
    unread = bell(membership=membership)
    context = {
        "nav": navigation(request, membership, unread=unread),
        "lead": _lead(*unread),
        "horizon": [
            _tab("mine", _("Mine, open"), querysets["mine"].count(), tab),
            _tab("clinic", _("Whole clinic"), querysets["clinic"].count(), tab),
            _tab("closed", _("Closed this week"), querysets["closed"].count(), tab, apart=True),
        ],
        "sections": _sections(alerts, of, tab),
        "empty": None
        if alerts
        else Empty(_("No alerts here"), _("Work that becomes overdue shows up here.")),
    }
    return render(request, "alerts/inbox.html", context)


@require_POST
@clinical
def read(request: ClinicalRequest, alert_id: UUID) -> HttpResponse:
    """Mark an alert read, or unread again; reading closes nothing."""
    alert = get_object_or_404(visible_to(request.user), pk=alert_id)
    if alert.reads.filter(user=request.user).exists():
        mark_unread(alert=alert, user=request.user)
    else:
        mark_read(alerts=[alert], user=request.user)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(came_from(request, default=reverse("alerts:inbox")))
    fresh = _related(with_read(visible_to(request.user), user_id=request.user.pk)).get(pk=alert.pk)
    reads.show([fresh.patient])
    row = inbox_row(fresh, reader(request.membership))
    return render(request, "alerts/row_and_counts.html", {"row": row})


def _related(alerts: "QuerySet[ReadAlert]") -> "QuerySet[ReadAlert]":
    return alerts.select_related(
        "patient", "task__owner", "task__discipline", "task__clinic", "task__patient"
    )


def _ordered(alerts: QuerySet[Alert], request: ClinicalRequest, tab: str) -> "QuerySet[ReadAlert]":
    marked = _related(with_read(alerts, user_id=request.user.pk))
    if tab == "closed":
        return marked
    return marked.order_by("is_read", "-task__severity", "task__due_on", "patient__family_name", "id")


def _sections(alerts: "Sequence[ReadAlert]", of: Reader, tab: str) -> list[InboxSection]:
    if tab == "closed":
        return [
            InboxSection(
                _("Closed this week"), _("latest first"), [closed_row(alert, of) for alert in alerts]
            )
        ]
    unread = [inbox_row(alert, of) for alert in alerts if not alert.is_read]
    rest = [inbox_row(alert, of) for alert in alerts if alert.is_read]
    return [
        section
        for section in (
            InboxSection(_("Unread"), _("%(count)s, worst first") % {"count": len(unread)}, unread),
            InboxSection(_("Read"), _("%(count)s, still open") % {"count": len(rest)}, rest),
        )
        if section.rows
    ]


def _lead(unread: int, critical: int) -> SafeString:
    first = ngettext("%(count)s unread", "%(count)s unread", unread) % {"count": unread}
    rest = _("An alert closes when its work is recorded, declined or deferred.")
    worst = _(", %(count)s of them critical") % {"count": critical} if critical else ""
    return format_html("<b>{}</b>{}. {}", first, worst, rest)


def _tab(key: str, label: str, count: int, current: str, *, apart: bool = False) -> Horizon:
    url = reverse("alerts:inbox") + ("" if key == "mine" else f"?show={key}")
    return Horizon(key=key, url=url, label=label, count=count, current=key == current, apart=apart)
