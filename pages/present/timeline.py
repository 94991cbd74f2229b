"""Everything recorded about a person as a timeline: what, who, when it happened, when it was recorded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.registry import kinds
from equipment.models import ContactWith, Stage
from pages.forms import topic_name
from pages.present.people import day
from pages.rows import Action, How, Link, Pill, TimelineEntry
from patients.models import DeferralReason, Patient, Status
from referrals.models import ReferralStatus
from worklist.selectors.recorded import Recorded

FIRST = 30
"""Entries shown before "Show earlier entries" is pressed."""

GROUPS: Mapping[str, tuple[str | Promise, tuple[str, ...]]] = {
    "": (gettext_lazy("Everything"), ()),
    "reviews": (gettext_lazy("Reviews"), ("assessment",)),
    "equipment": (gettext_lazy("Equipment"), ("equipment_request", "equipment_change", "loaner")),
    "calls": (gettext_lazy("Calls"), ("contact",)),
    "referrals": (gettext_lazy("Referrals"), ("referral", "referral_change")),
    "choices": (gettext_lazy("Choices"), ("decline", "withdrawal", "deferral", "deferral_end")),
    "team": (gettext_lazy("Team and status"), ("assignment", "status_change")),
}
"""Filters of the timeline: label and kinds of facts."""

ICONS = {
    "status_change": "flag",
    "assignment": "person-plus",
    "decline": "slash-circle",
    "withdrawal": "chat",
    "deferral": "pause-circle",
    "deferral_end": "play-circle",
    "referral": "send",
    "referral_change": "signpost-split",
    "equipment_request": "truck",
    "equipment_change": "truck",
    "contact": "telephone",
    "loaner": "arrow-left-right",
}

BECAME: Mapping[str, str | Promise] = {
    Status.ACTIVE: gettext_lazy("Active in this clinic"),
    Status.HOSPICE: gettext_lazy("Elected hospice"),
    Status.DISCHARGED: gettext_lazy("Discharged from this clinic"),
    Status.DECEASED: gettext_lazy("Died"),
}

Words = tuple[str, Sequence[str]]
"""What was recorded, and the sentences under it."""


def of_group(recorded: Iterable[Recorded], group: str) -> list[Recorded]:
    """What the chosen filter leaves."""
    chosen = GROUPS[group][1]
    return [each for each in recorded if not chosen or each.kind in chosen]


def pills(patient: Patient, group: str) -> list[Pill]:
    """One filter per group of kinds."""
    return [
        Pill(str(label), _address(patient, key), chosen=key == group)
        for key, (label, _kinds) in GROUPS.items()
    ]


def earlier(patient: Patient, group: str, hidden: int) -> Link | None:
    """The way to what does not stand on the page yet."""
    if hidden <= 0:
        return None
    text = ngettext("Show %(count)s earlier entry", "Show %(count)s earlier entries", hidden)
    return Link(text % {"count": hidden}, _address(patient, group, earlier=True))


def entry(each: Recorded) -> TimelineEntry:
    """One recorded fact."""
    what, sentences = words(each)
    where = _("Done elsewhere: %(where)s") % {"where": each.done_elsewhere} if each.done_elsewhere else ""
    return TimelineEntry(
        fact_id=str(each.fact_id),
        on=each.on,
        icon="x-lg" if each.is_voided else icon(each),
        what=what,
        detail=in_error(each) if each.is_voided else joined([*sentences, where, each.note]),
        who=each.who or _("Imported"),
        recorded=recorded_words(each.on, each.recorded_on),
        struck=each.is_voided,
        menu=[_menu(each, what)],
    )


def icon(each: Recorded) -> str:
    """The icon of its kind."""
    return kinds()[each.data["kind"]].icon if each.kind == "assessment" else ICONS[each.kind]


def words(each: Recorded) -> Words:
    """What was recorded, in words."""
    return WORDS[each.kind](each)


def in_error(each: Recorded) -> str:
    """Why it does not count, who said so, and when."""
    return _("Entered in error: %(reason)s. %(who)s, %(day)s.") % {
        "reason": each.void_reason.rstrip("."),
        "who": each.voided_by or _("an import"),
        "day": day(each.voided_on) if each.voided_on else "",
    }


def recorded_words(on: date, recorded_on: date) -> str:
    """When it was recorded, seen from the day it happened."""
    late = (recorded_on - on).days
    if late == 0:
        return _("same day")
    if late < 0:
        return _("ahead, %(day)s") % {"day": day(recorded_on)}
    text = ngettext("%(days)s day later, %(day)s", "%(days)s days later, %(day)s", late)
    return text % {"days": late, "day": day(recorded_on)}


def joined(parts: Iterable[str]) -> str:
    """Sentences one after the other, each with its full stop."""
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def _address(patient: Patient, group: str, *, earlier: bool = False) -> str:
    query = "&".join(
        part for part in (f"show={group}" if group else "", "earlier=1" if earlier else "") if part
    )
    url = reverse("pages:patient", args=[patient.pk])
    return f"{url}?{query}#timeline" if query else f"{url}#timeline"


def _menu(each: Recorded, what: str) -> Action:
    if each.is_voided:
        url = reverse("pages:undo", args=[each.kind, each.fact_id]) + "?restore=1"
        return Action(_("Take back the mark"), url, How.POST, what, "arrow-counterclockwise")
    url = reverse("pages:mark_error", args=[each.kind, each.fact_id])
    return Action(_("Mark entered in error"), url, How.IN_PLACE, what, "x-lg", danger=True)


def _status_change(each: Recorded) -> Words:
    return str(BECAME.get(each.data["status"], each.data["status"])), ()


def _assignment(each: Recorded) -> Words:
    what = _("%(who)s in the team for %(discipline)s") % {
        "who": each.data["name"],
        "discipline": each.data["discipline_name"].lower(),
    }
    ended = each.day("ended_on")
    return what, [_("Until %(day)s") % {"day": day(ended)} if ended else ""]


def _decline(each: Recorded) -> Words:
    what = _("%(topic)s: declined") % {"topic": topic_name(each.data["topic"])}
    if each.data["permanent"]:
        return what, [_("Not to be offered again")]
    again = each.day("reoffer_on")
    return what, [_("Will be offered again %(day)s") % {"day": day(again)} if again else ""]


def _withdrawal(each: Recorded) -> Words:
    return _("%(topic)s: new answer") % {"topic": topic_name(each.data["topic"])}, [_("No longer declined")]


def _deferral(each: Recorded) -> Words:
    until = each.day("until")
    what = _("%(topic)s: deferred") % {"topic": topic_name(each.data["topic"])}
    reason = str(DeferralReason(each.data["reason"]).label)
    return what, [reason, _("Until %(day)s") % {"day": day(until)} if until else ""]


def _deferral_end(each: Recorded) -> Words:
    return _("%(topic)s: deferral ended early") % {"topic": topic_name(each.data["topic"])}, ()


def _assessment(each: Recorded) -> Words:
    kind = kinds()[each.data["kind"]]
    found = kind.load(each.data["findings"], each.data["schema_version"])
    return f"{kind.label}: {found.summary()}", found.lines()


def _referral(each: Recorded) -> Words:
    what = _("Referred to %(discipline)s") % {"discipline": each.data["discipline_name"].lower()}
    return what, [each.data["provider"], each.data["reason"]]


def _referral_change(each: Recorded) -> Words:
    on = each.day("appointment_on")
    what = _("%(discipline)s referral: %(status)s") % {
        "discipline": each.data["discipline_name"],
        "status": str(ReferralStatus(each.data["status"]).label).lower(),
    }
    return what, [_("Appointment %(day)s") % {"day": day(on)} if on else "", each.data["reason"]]


def _equipment_request(each: Recorded) -> Words:
    return _("%(item)s requested") % {"item": each.data["item"]}, [
        each.data["detail"],
        each.data["qualifying_test"],
    ]


def _equipment_change(each: Recorded) -> Words:
    what = _("%(item)s moved to %(stage)s") % {
        "item": each.data["item"],
        "stage": str(Stage(each.data["status"]).label).lower(),
    }
    return what, [each.data["reason"], _reference(each)]


def _contact(each: Recorded) -> Words:
    whom = each.data["named"] or str(ContactWith(each.data["contact_with"]).label)
    what = _("Call: %(with)s, %(item)s") % {"with": whom, "item": each.data["item"].lower()}
    person, following = each.data["person"], each.day("next_call_on")
    return what, [
        _("Spoke with %(person)s") % {"person": person} if person else "",
        _reference(each),
        _("Next call %(day)s") % {"day": day(following)} if following else "",
    ]


def _loaner(each: Recorded) -> Words:
    what = _("%(thing)s lent, waiting for %(item)s") % {
        "thing": each.data["item_lent"],
        "item": each.data["item"].lower(),
    }
    serial, back, due = each.data["serial_number"], each.day("returned_on"), each.day("due_back_on")
    return what, [
        _("Serial number %(text)s") % {"text": serial} if serial else "",
        _("Returned %(day)s") % {"day": day(back)} if back else "",
        _("Due back %(day)s") % {"day": day(due)} if due and not back else "",
    ]


def _reference(each: Recorded) -> str:
    reference = each.data["reference"]
    return _("Reference %(text)s") % {"text": reference} if reference else ""


WORDS: Mapping[str, Callable[[Recorded], Words]] = {
    "status_change": _status_change,
    "assignment": _assignment,
    "decline": _decline,
    "withdrawal": _withdrawal,
    "deferral": _deferral,
    "deferral_end": _deferral_end,
    "assessment": _assessment,
    "referral": _referral,
    "referral_change": _referral_change,
    "equipment_request": _equipment_request,
    "equipment_change": _equipment_change,
    "contact": _contact,
    "loaner": _loaner,
}
