"""Recorded lives, written through the rooms' own services: one door for everything brought in."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.registry import kinds
from assessments.services import log_assessment
from assessments.specs import Words
from equipment import services as equipment
from equipment.models import EquipmentRequest, Loaner
from exchange.services.directory import Directory
from pathway.dates import as_date
from pathway.facts import Event
from patients import services as patients
from patients.facts import Fact
from patients.models import CareTeamAssignment, Patient
from referrals import services as referrals
from referrals.models import Referral, ReferralStatus
from teams.models import User

NOT_SAID = "Not said"
A_REFERRAL, AN_EQUIPMENT_REQUEST = gettext_lazy("a referral"), gettext_lazy("an equipment request")


class NotRecordedError(Exception):
    """No room records this kind of event yet."""


class Recorder:
    """Writes the events of one patient; knows the facts it wrote by the events' own ids.

    ``data`` of an event has the vocabulary of timelines; what a form would also ask
    for (note, provider, reason, payer, vendor) may stand beside it.
    """

    def __init__(self, patient: Patient, directory: Directory) -> None:
        self.patient = patient
        self.directory = directory
        self.facts: dict[str, Fact] = {}
        self.requests: dict[str, EquipmentRequest] = {}
        self.referrals: dict[str, Referral] = {}
        self.left: defaultdict[str, list[date]] = defaultdict(list)
        """Days on which the seat of a discipline was left, for seats taken before but entered later."""
        self._voids: dict[str, tuple[Fact, bool]] = {}

    def record(self, event: Event, *, user: User | None = None) -> Fact | None:
        """Write one event.

        Raises:
            ValidationError: a service refuses it, or it hangs on something unknown.
            NotRecordedError: nobody records this kind yet.
        """
        writer = _assessment if event.kind in kinds() else _WRITERS.get(event.kind)
        if writer is None:
            raise NotRecordedError(event.kind)
        fact = writer(self, event, user)
        if fact is not None:
            self.facts[event.id] = fact
        return fact

    def subject_of(self, task_subject: str) -> str:
        """The id by which the events know the request or referral a care task is about."""
        known = {str(fact.pk): id_ for kept in (self.requests, self.referrals) for id_, fact in kept.items()}
        return known.get(task_subject, task_subject)

    def request(self, event: Event) -> EquipmentRequest:
        """The request an event is about. Raises ValidationError."""
        return _known(self.requests, event, AN_EQUIPMENT_REQUEST)

    def referral(self, event: Event) -> Referral:
        """The referral an event is about. Raises ValidationError."""
        return _known(self.referrals, event, A_REFERRAL)

    def void(self, event: Event, user: User | None) -> None:
        """Mark a fact entered in error, or take that mark back when ``ref`` is itself a void."""
        if event.on > event.recorded_on:
            raise ValidationError(_("An entry cannot be marked entered in error from a later day."))
        ref = str(event.data.get("ref"))
        if ref in self.facts:
            fact, wrong = self.facts[ref], True
        elif ref in self._voids:
            fact, wrong = self._voids[ref][0], not self._voids[ref][1]
        else:
            raise ValidationError({"ref": _("%(ref)s is not known.") % {"ref": ref}})
        if wrong:
            reason = _text(event, "reason") or _("Entered in error")
            patients.mark_entered_in_error(fact=fact, user=user, reason=reason)
        else:
            patients.take_back_error_mark(fact=fact, user=user)
        self._voids[event.id] = (fact, wrong)


Kept = TypeVar("Kept")
Writer = Callable[[Recorder, Event, User | None], Fact | None]


def _common(recorder: Recorder, event: Event, user: User | None) -> dict[str, Any]:
    """What every fact about a patient has."""
    return {"patient_id": recorder.patient.pk, **_stamp(event, user)}


def _stamp(event: Event, user: User | None) -> dict[str, Any]:
    external_id = _text(event, "external_id")
    return {
        "user": user,
        "on": event.on,
        "note": _text(event, "note"),
        "recorded_on": event.recorded_on,
        "external_id": external_id,
    }


def _assessment(recorder: Recorder, event: Event, user: User | None) -> Fact:
    kind = kinds()[event.kind]
    given = event.data.get("findings")
    findings = given if isinstance(given, Mapping) else kind.findings.from_event_data(event.data)
    return log_assessment(
        kind=kind.code,
        findings=findings,
        done_elsewhere=_text(event, "done_elsewhere"),
        **_common(recorder, event, user),
    )


def _status(recorder: Recorder, event: Event, user: User | None) -> Fact:
    return patients.change_status(status=_text(event, "status"), **_common(recorder, event, user))


def _assign(recorder: Recorder, event: Event, user: User | None) -> Fact:
    member = recorder.directory.member(event.data.get("member"))
    discipline = recorder.directory.discipline(event.data.get("discipline"))
    seat = patients.assign_care_team(
        discipline=discipline,
        member=member,
        outside_provider=_text(event, "outside_provider"),
        until=_day(event, "until"),
        until_recorded_on=_day(event, "until_recorded_on"),
        **_common(recorder, event, user),
    )
    left_since = [day for day in recorder.left[discipline.pk] if day > event.on]
    if left_since and seat.ended_on is None:
        patients.end_assignment(assignment=seat, user=user, on=min(left_since))
    return seat


def _unassign(recorder: Recorder, event: Event, user: User | None) -> None:
    discipline = recorder.directory.discipline(event.data.get("discipline"))
    seats = CareTeamAssignment.objects.in_force().filter(patient=recorder.patient, discipline=discipline)
    for seat in seats.filter(ended_on__isnull=True, happened_on__lte=event.on):
        patients.end_assignment(assignment=seat, user=user, on=event.on)
    recorder.left[discipline.pk].append(event.on)


def _decline(recorder: Recorder, event: Event, user: User | None) -> Fact:
    return patients.record_decline(
        topic=_text(event, "topic"),
        reoffer_on=_day(event, "reoffer_on"),
        permanent=event.data.get("permanent") is True,
        **_common(recorder, event, user),
    )


def _withdraw(recorder: Recorder, event: Event, user: User | None) -> Fact:
    return patients.withdraw_decline(topic=_text(event, "topic"), **_common(recorder, event, user))


def _end_deferral(recorder: Recorder, event: Event, user: User | None) -> Fact:
    return patients.end_deferral(topic=_text(event, "topic"), **_common(recorder, event, user))


def _deferral(recorder: Recorder, event: Event, user: User | None) -> Fact:
    until = _day(event, "until")
    if until is None:
        raise ValidationError({"until": _("Enter the day it waits until.")})
    return patients.record_deferral(
        topic=_text(event, "topic"),
        until=until,
        reason=_text(event, "reason") or "other",
        **_common(recorder, event, user),
    )


def _referral(recorder: Recorder, event: Event, user: User | None) -> Fact:
    id_ = _new_id(recorder.referrals, event)
    referral = referrals.place_referral(
        discipline=recorder.directory.discipline(event.data.get("discipline")),
        provider=_text(event, "provider"),
        reason=_text(event, "reason"),
        done_elsewhere=_text(event, "done_elsewhere"),
        **_common(recorder, event, user),
    )
    recorder.referrals[id_] = referral
    return referral


def _referral_update(recorder: Recorder, event: Event, user: User | None) -> Fact:
    about = {"referral": recorder.referral(event), **_stamp(event, user)}
    match event.data.get("status"):
        case ReferralStatus.SCHEDULED:
            return referrals.schedule(appointment_on=_day(event, "appointment_on"), **about)
        case ReferralStatus.SEEN:
            return referrals.mark_seen(**about)
        case ReferralStatus.CANCELLED:
            return referrals.cancel(reason=_text(event, "reason") or NOT_SAID, **about)
        case status:
            raise ValidationError({"status": _("%(status)s is not a status.") % {"status": status}})


def _equipment(recorder: Recorder, event: Event, user: User | None) -> Fact:
    id_ = _new_id(recorder.requests, event)
    directory = recorder.directory
    seats: dict[str, Any] = {
        role: directory.discipline(event.data[role])
        for role in ("requested_by", "ordered_by", "fitted_by")
        if event.data.get(role)
    }
    backup = event.data.get("backup_rate")
    request = equipment.request_equipment(
        item=directory.item(event.data.get("item")),
        detail=_text(event, "detail"),
        payer=directory.payer(event.data.get("payer")),
        vendor=directory.vendor(event.data.get("vendor")),
        backup_rate=backup if isinstance(backup, bool) else None,
        qualifying_test=_text(event, "qualifying_test"),
        **seats,
        **_common(recorder, event, user),
    )
    recorder.requests[id_] = request
    return request


def _equipment_status(recorder: Recorder, event: Event, user: User | None) -> Fact:
    status = _text(event, "status")
    reason = _text(event, "reason") or (NOT_SAID if status in equipment.NEEDS_REASON else "")
    return equipment.advance(
        request=recorder.request(event),
        status=status,
        reason=reason,
        reference=_text(event, "reference"),
        payer=recorder.directory.payer(event.data.get("payer")),
        vendor=recorder.directory.vendor(event.data.get("vendor")),
        **_stamp(event, user),
    )


def _call(recorder: Recorder, event: Event, user: User | None) -> Fact:
    return equipment.log_call(
        request=recorder.request(event),
        contact_with=_text(event, "contact_with") or "vendor",
        person=_text(event, "person"),
        reference=_text(event, "reference"),
        next_call_on=_day(event, "next_call_on"),
        **_stamp(event, user),
    )


def _loan(recorder: Recorder, event: Event, user: User | None) -> Loaner:
    loaner = equipment.lend(
        request=recorder.request(event),
        item_lent=_text(event, "item_lent") or NOT_SAID,
        serial_number=_text(event, "serial_number"),
        due_back_on=_day(event, "due_back_on"),
        **_stamp(event, user),
    )
    if returned_on := _day(event, "returned_on"):
        equipment.return_loaner(loaner=loaner, user=user, on=returned_on)
    return loaner


_WRITERS: Mapping[str, Writer] = {
    "status_change": _status,
    "team_assign": _assign,
    "team_unassign": _unassign,
    "decline": _decline,
    "withdraw_decline": _withdraw,
    "deferral": _deferral,
    "withdraw_deferral": _end_deferral,
    "referral": _referral,
    "referral_update": _referral_update,
    "equipment_request": _equipment,
    "equipment_status": _equipment_status,
    "equipment_contact": _call,
    "loaner_provided": _loan,
    "void": Recorder.void,
}


def _known(kept: Mapping[str, Kept], event: Event, what: Words) -> Kept:
    id_ = str(event.data.get("id"))
    if id_ not in kept:
        raise ValidationError({"id": _("This is not %(what)s known here.") % {"what": what}})
    return kept[id_]


def _new_id(kept: Mapping[str, Any], event: Event) -> str:
    id_ = event.data.get("id")
    if id_ is None or str(id_) in kept:
        raise ValidationError({"id": _("%(id)s is missing or already used.") % {"id": id_}})
    return str(id_)


def _text(event: Event, name: str) -> str:
    value = event.data.get(name)
    return value if isinstance(value, str) else ""


def _day(event: Event, name: str) -> date | None:
    return as_date(event.data.get(name))
