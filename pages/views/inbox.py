"""The alerts inbox: mine, unread first; what is snoozed; what closed lately."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.db.models import Q, QuerySet
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
    for_rows,
    one_per_card,
    snoozed_alerts,
    tab_counts,
    visible_to,
)
from alerts.selectors.snoozes import alerts_on_card
from alerts.selectors.trouble import members_without_mail
from alerts.services.reading import mark_read, mark_unread
from audit import reads
from pages.present.alerts import closed_row, inbox_row
from pages.present.frame import navigation
from pages.present.people import day
from pages.present.tasks import Reader, reader
from pages.rows import Empty, Horizon, InboxSection, LoggedRow
from pages.views.panel import came_from
from teams.access import ClinicalRequest, clinical
from teams.models import Membership

MOST = 100
TABS = ("mine", "snoozed", "clinic", "closed")


@require_GET
@clinical
def inbox(request: ClinicalRequest) -> HttpResponse:
    """Open alerts, unread first, then those passed on, worst first; snoozed ones, or closed ones."""
    membership, of = request.membership, reader(request.membership)
    tab = _tab_in(request.GET.get("show", ""))
    querysets = {
        "mine": alerts_of_member,
        "snoozed": snoozed_alerts,
        "clinic": alerts_of_clinic,
        "closed": closed_lately,
    }
    alerts = list(_ordered(querysets[tab](membership=membership), request, tab)[:MOST])
    if tab != "closed":
        alerts = one_per_card(alerts)
    reads.show(alert.patient for alert in alerts)
    unread = bell(membership=membership)
    context = {
        "nav": navigation(request, membership, unread=unread),
        "lead": _lead(*unread),
        "horizon": _tabs(request, tab),
        "sections": _sections(alerts, of, tab),
        "emailed_url": reverse("account:notifications"),
        "unreached": _unreached(membership),
        "empty": None
        if alerts
        else Empty(_("No alerts here"), _("Work that becomes overdue shows up here.")),
    }
    return render(request, "alerts/inbox.html", context)


@require_POST
@clinical
def read(request: ClinicalRequest, alert_id: UUID) -> HttpResponse:
    """Acknowledge an alert, or put it back among the unread ones; it closes nothing."""
    alert = get_object_or_404(visible_to(request.user), pk=alert_id)
    card = list(alerts_on_card(alert))
    if alert.reads.filter(user=request.user, taken_back_at__isnull=True).exists():
        mark_unread(alerts=card, user=request.user)
    else:
        mark_read(alerts=card, user=request.user)
    return changed_alert(request, alert)


def changed_alert(request: ClinicalRequest, alert: Alert, *, row: LoggedRow | None = None) -> HttpResponse:
    """The alert's row as it is now, or what stands in its place, with the counts; without htmx, the list."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(came_from(request, default=reverse("alerts:inbox")))
    fresh = for_rows(Alert.objects.filter(pk=alert.pk), membership=request.membership).get()
    reads.show([fresh.patient])
    show = parse_qs(urlsplit(request.htmx.current_url or "").query).get("show", [""])  # type: ignore[attr-defined]
    context = {
        "row": row or inbox_row(fresh, reader(request.membership)),
        "horizon": _tabs(request, _tab_in(show[0])),
        "lead": _lead(*bell(membership=request.membership)),
    }
    return render(request, "alerts/row_and_counts.html", context)


def _unreached(membership: Membership) -> list[str]:
    """For the coordinator, a sentence for each member whom mail does not reach."""
    text = _(
        "Mail to %(member)s cannot be delivered since %(day)s: the mail server refuses it. "
        "They find their alerts here; an admin of the clinic can mend the address."
    )
    return [
        text % {"member": trouble.member, "day": day(membership.clinic.local_date(trouble.since))}
        for trouble in members_without_mail(membership=membership)
    ]


def _tab_in(show: str) -> str:
    return show if show in TABS else "mine"


def _ordered(alerts: QuerySet[Alert], request: ClinicalRequest, tab: str) -> "QuerySet[ReadAlert]":
    marked = for_rows(alerts, membership=request.membership)
    if tab == "closed":
        return marked
    if tab == "snoozed":
        return marked.order_by("task__snoozed_until", "-task__severity", "patient__family_name", "id")
    return marked.annotate(stays=Q(passed_on_at__isnull=True)).order_by(
        "is_read", "stays", "-task__severity", "task__due_on", "patient__family_name", "id"
    )


def _sections(alerts: "Sequence[ReadAlert]", of: Reader, tab: str) -> list[InboxSection]:
    rows = closed_row if tab == "closed" else inbox_row
    named = {"closed": (_("Closed this week"), _("latest first")), "snoozed": (_("Snoozed"), _("next first"))}
    if tab in named:
        label, note = named[tab]
        return [InboxSection(label, note, [rows(alert, of) for alert in alerts])] if alerts else []
    unread = [inbox_row(alert, of) for alert in alerts if not alert.is_read]
    rest = [inbox_row(alert, of) for alert in alerts if alert.is_read]
    return [
        section
        for section in (
            InboxSection(_("Unread"), _("%(count)s, worst first") % {"count": len(unread)}, unread),
            InboxSection(_("Acknowledged"), _("%(count)s, still open") % {"count": len(rest)}, rest),
        )
        if section.rows
    ]


def _lead(unread: int, critical: int) -> SafeString:
    first = ngettext("%(count)s unread", "%(count)s unread", unread) % {"count": unread}
    rest = _("An alert closes when its work is recorded, declined or deferred.")
    worst = _(", %(count)s of them critical") % {"count": critical} if critical else ""
    return format_html("<b>{}</b>{}. {}", first, worst, rest)


def _tabs(request: ClinicalRequest, tab: str) -> list[Horizon]:
    """One tab per list, with the list's own count."""
    count = tab_counts(membership=request.membership)
    return [
        _tab("mine", _("Mine, open"), count.mine, tab),
        _tab("snoozed", _("Snoozed"), count.snoozed, tab),
        _tab("clinic", _("Whole clinic"), count.clinic, tab),
        _tab("closed", _("Closed this week"), count.closed, tab, apart=True),
    ]


def _tab(key: str, label: str, count: int, current: str, *, apart: bool = False) -> Horizon:
    url = reverse("alerts:inbox") + ("" if key == "mine" else f"?show={key}")
    return Horizon(key=key, url=url, label=label, count=count, current=key == current, apart=apart)
