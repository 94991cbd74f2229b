"""Referrals as rows of their list and of the patient page."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.present.people import day
from pages.rows import Action, How, Pill, ReferralRow, State, SummaryRow
from pathway.catalogue import PALLIATIVE_CARE
from patients.models import Status
from referrals.filters import OPEN_ONES, STALLED, ReferralFilter
from referrals.models import Referral, ReferralStatus
from referrals.selectors import OPEN, ReferralCounts, TimedReferral

ICONS: Mapping[str, str] = {
    ReferralStatus.SENT: "send",
    ReferralStatus.SCHEDULED: "calendar-check",
    ReferralStatus.SEEN: "check-circle",
    ReferralStatus.CANCELLED: "x-circle",
}


def row(referral: TimedReferral, *, today: date) -> ReferralRow:
    """A referral of ``with_update_due``."""
    standing = state(referral, today)
    return ReferralRow(
        referral_id=str(referral.pk),
        patient_name=str(referral.patient),
        patient_url=reverse("pages:patient", args=[referral.patient_id]),
        to=to(referral),
        stage=referral.get_status_display(),
        icon=ICONS[referral.status],
        stage_note=since(referral),
        on=referral.update_due_on if standing else None,
        days=(today - referral.update_due_on).days if standing and referral.update_due_on else 0,
        state=standing,
        reason=referral.reason,
        verb=verb(referral) if referral.status in OPEN else None,
    )


def summary(referral: TimedReferral, *, today: date) -> SummaryRow:
    """A referral on the patient page."""
    return SummaryRow(
        item_id=f"ref-{referral.pk}",
        term=to(referral),
        state=note(referral),
        icon=ICONS[referral.status],
        tone="action" if referral.status == ReferralStatus.SCHEDULED else "",
        text=_sentence(referral, today),
        action=verb(referral, place="patient") if referral.status in OPEN else None,
    )


def to(referral: Referral) -> str:
    """Whom the referral goes to: "Palliative care, Lakeside Hospice"."""
    name = referral.discipline.name
    return f"{name}, {referral.provider}" if referral.provider else name


def state(referral: TimedReferral, today: date) -> State | None:
    """Late: urgent for palliative care, else attention (REF-STALL); with time left: nothing."""
    due = referral.update_due_on
    if due is None or due >= today or referral.patient.status != Status.ACTIVE:
        return None
    return State.URGENT if referral.discipline_id == PALLIATIVE_CARE else State.ATTENTION


def note(referral: Referral) -> str:
    """How it stands, with its day: "Scheduled for 24 Mar 2026"."""
    words = {
        ReferralStatus.SENT: _("Sent %(day)s"),
        ReferralStatus.SCHEDULED: _("Scheduled for %(day)s"),
        ReferralStatus.SEEN: _("Seen %(day)s"),
        ReferralStatus.CANCELLED: _("Cancelled %(day)s"),
    }
    on = referral.appointment_on or referral.status_on
    return words[ReferralStatus(referral.status)] % {"day": day(on)}


def since(referral: Referral) -> str:
    """When it came to stand where it stands, or the appointment it waits for."""
    if referral.appointment_on:
        return _("appointment %(day)s") % {"day": day(referral.appointment_on)}
    return _("since %(day)s") % {"day": day(referral.status_on)}


def verb(referral: Referral, place: str = "list") -> Action:
    """Logging what became of it."""
    label = _("Log seen") if referral.status == ReferralStatus.SCHEDULED else _("Log update")
    url = f"{reverse('referrals:update', args=[referral.pk])}?{urlencode({'in': place})}"
    return Action(label, url, How.IN_PLACE, f"{to(referral)}, {referral.patient}")


def lead(counts: ReferralCounts) -> SafeString:
    """How many are not moving, and how many are open."""
    still_open = counts.sent + counts.scheduled
    if not still_open:
        return format_html("{}", _("No referral is open."))
    open_text = ngettext("%(count)s open referral", "%(count)s open referrals", still_open)
    if not counts.stalled:
        return format_html("{}", _("%(open)s, all moving.") % {"open": open_text % {"count": still_open}})
    first = ngettext("%(count)s is not moving", "%(count)s are not moving", counts.stalled)
    return format_html(
        "<b>{}</b>, {}.",
        first % {"count": counts.stalled},
        _("of %(open)s") % {"open": open_text % {"count": still_open}},
    )


def address(chosen: Mapping[str, str], **changes: str) -> str:
    """The list with filters changed."""
    query = {name: value for name, value in {**chosen, **changes}.items() if value}
    url = reverse("referrals:list")
    return f"{url}?{urlencode(query)}" if query else url


def pills(filters: ReferralFilter, counts: ReferralCounts) -> list[Pill]:
    """Open, not moving, and one for each status."""
    numbers = {
        OPEN_ONES: counts.sent + counts.scheduled,
        STALLED: counts.stalled,
        ReferralStatus.SENT: counts.sent,
        ReferralStatus.SCHEDULED: counts.scheduled,
        ReferralStatus.SEEN: counts.seen,
        ReferralStatus.CANCELLED: counts.cancelled,
    }
    labels = {OPEN_ONES: _("All open"), STALLED: _("Not moving")}
    labels |= {status.value: str(status.label) for status in ReferralStatus}
    chosen = filters.chosen
    return [
        Pill(
            label,
            address(chosen, show="" if key == OPEN_ONES else key),
            numbers[key],
            chosen=filters.shown == key,
        )
        for key, label in labels.items()
    ]


def _sentence(referral: TimedReferral, today: date) -> str:
    if referral.status in OPEN and referral.update_due_on:
        if referral.update_due_on < today:
            return _("No update yet. It was due %(day)s.") % {"day": day(referral.update_due_on)}
        return _("Update due %(day)s.") % {"day": day(referral.update_due_on)}
    return referral.reason
