"""Everything recorded about one equipment request, as a timeline."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipment.models import EquipmentRequest, EquipmentStatusChange, Loaner, VendorContact
from equipment.selectors import RequestHistory
from pages.present.people import day
from pages.rows import Action, How, TimelineEntry
from patients.facts import Fact


def entries(request: EquipmentRequest, history: RequestHistory) -> list[TimelineEntry]:
    """The request, its stages, calls and loans, latest first."""
    facts: list[tuple[Fact, TimelineEntry]] = [(request, _asked(request))]
    facts += [(each, _stage(each)) for each in history.changes]
    facts += [(each, _call(each, request)) for each in history.contacts]
    facts += [(each, _loan(each)) for each in history.loaners]
    facts.sort(key=lambda pair: (pair[0].happened_on, pair[0].entry), reverse=True)
    return [entry for _fact, entry in facts]


def loans_out(history: RequestHistory) -> Sequence[tuple[str, str, Action]]:
    """What is on loan now: the thing, since when and until when, and the way to take it back."""
    return [
        (each.item_lent, _until(each), _take_back(each))
        for each in history.loaners
        if not each.is_voided and each.returned_on is None
    ]


def _asked(request: EquipmentRequest) -> TimelineEntry:
    parts = [
        _("Requested by %(discipline)s") % {"discipline": request.requested_by.name.lower()},
        request.qualifying_test,
        request.note,
    ]
    return _entry(request, "truck", _("%(item)s requested") % {"item": request}, _sentences(parts))


def _stage(change: EquipmentStatusChange) -> TimelineEntry:
    reference = _("Reference %(text)s") % {"text": change.reference} if change.reference else ""
    what = _("Moved to %(stage)s") % {"stage": change.get_status_display().lower()}
    return _entry(change, "arrow-right-circle", what, _sentences([change.reason, reference, change.note]))


def _call(contact: VendorContact, request: EquipmentRequest) -> TimelineEntry:
    named = {"payer": request.payer, "vendor": request.vendor}.get(contact.contact_with)
    what = _("Call: %(with)s") % {"with": named or contact.get_contact_with_display()}
    parts = [
        _("Spoke with %(person)s") % {"person": contact.person} if contact.person else "",
        _("Reference %(text)s") % {"text": contact.reference} if contact.reference else "",
        contact.note,
        _("Next call %(day)s") % {"day": day(contact.next_call_on)} if contact.next_call_on else "",
    ]
    return _entry(contact, "telephone", what, _sentences(parts))


def _loan(loaner: Loaner) -> TimelineEntry:
    back = _("Returned %(day)s") % {"day": day(loaner.returned_on)} if loaner.returned_on else ""
    serial = _("Serial number %(text)s") % {"text": loaner.serial_number} if loaner.serial_number else ""
    what = _("%(thing)s lent") % {"thing": loaner.item_lent}
    return _entry(loaner, "arrow-left-right", what, _sentences([serial, back or _until(loaner), loaner.note]))


def _entry(fact: Fact, icon: str, what: str, detail: str) -> TimelineEntry:
    return TimelineEntry(
        fact_id=str(fact.pk),
        on=fact.happened_on,
        icon="x-lg" if fact.is_voided else icon,
        what=what,
        detail=_in_error(fact) if fact.is_voided else detail,
        who=str(fact.recorded_by or ""),
        recorded=_recorded(fact.happened_on, fact.recorded_on),
        struck=fact.is_voided,
    )


def _in_error(fact: Fact) -> str:
    return _("Entered in error: %(reason)s. %(who)s, %(day)s.") % {
        "reason": fact.void_reason.rstrip("."),
        "who": fact.voided_by or "",
        "day": day(fact.voided_on) if fact.voided_on else "",
    }


def _recorded(happened_on: date, recorded_on: date) -> str:
    late = (recorded_on - happened_on).days
    if late <= 0:
        return _("same day")
    text = ngettext("%(days)s day later, %(day)s", "%(days)s days later, %(day)s", late)
    return text % {"days": late, "day": day(recorded_on)}


def _until(loaner: Loaner) -> str:
    since = _("since %(day)s") % {"day": day(loaner.happened_on)}
    if loaner.due_back_on is None:
        return since
    return _("%(since)s, due back %(day)s") % {"since": since, "day": day(loaner.due_back_on)}


def _take_back(loaner: Loaner) -> Action:
    url = reverse("equipment:return_loaner", args=[loaner.pk])
    return Action(_("Record return"), url, How.PAGE, loaner.item_lent)


def _sentences(parts: Sequence[str]) -> str:
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)
