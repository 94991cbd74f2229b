"""Writing equipment requests: stages, calls and loans.

One door per change. ``stage``, ``stage_since`` and ``next_call_on`` of a request
follow what was recorded about it.
"""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from equipment.models import (
    TERMINAL_STAGES,
    ContactWith,
    EquipmentItem,
    EquipmentRequest,
    EquipmentStatusChange,
    Loaner,
    Payer,
    Stage,
    Vendor,
    VendorContact,
)
from pathway.catalogue import NEUROLOGY, SOCIAL_WORK
from patients.charting import OpenChart, charting
from patients.projections import projection_of
from teams.models import Discipline, User

NEEDS_REASON = {
    Stage.DENIED: gettext_lazy("Enter the reason the payer gave."),
    Stage.CANCELLED: gettext_lazy("Say why it is cancelled."),
    Stage.TRANSFERRED: gettext_lazy("Say who takes it over."),
}
"""Stages that are not reached without a reason, and how to ask for it."""


class RequestMovedError(Exception):
    """Somebody moved the request since the person looked; ``request`` is as it is now."""

    def __init__(self, request: EquipmentRequest) -> None:
        super().__init__(f"The request is {request.stage} now.")
        self.request = request


def request_equipment(
    *,
    patient_id: UUID,
    user: User | None,
    item: EquipmentItem,
    on: date,
    detail: str = "",
    requested_by: Discipline | None = None,
    ordered_by: Discipline | None = None,
    fitted_by: Discipline | None = None,
    payer: Payer | None = None,
    vendor: Vendor | None = None,
    backup_rate: bool | None = None,
    qualifying_test: str = "",
    note: str = "",
    recorded_on: date | None = None,
    external_id: str = "",
) -> EquipmentRequest:
    """Ask for an item on ``on``; the disciplines not named are those usual for it.

    Raises:
        ValidationError: the day has not come, or payer or vendor belong to another clinic.
    """
    request = EquipmentRequest(
        item=item,
        detail=detail,
        requested_by_id=requested_by.pk if requested_by else item.requested_by_id or SOCIAL_WORK,
        ordered_by_id=ordered_by.pk if ordered_by else NEUROLOGY,
        fitted_by_id=fitted_by.pk if fitted_by else item.fitted_by_id or SOCIAL_WORK,
        payer=payer,
        vendor=vendor,
        backup_rate=backup_rate,
        qualifying_test=qualifying_test,
        happened_on=on,
        stage_since=on,
        note=note,
        external_id=external_id,
    )
    with charting(patient_id=patient_id, user=user) as chart:
        _check_of_clinic(chart, payer=payer, vendor=vendor)
        return chart.record(request, recorded_on=recorded_on)


def advance(
    *,
    request: EquipmentRequest,
    user: User | None,
    status: str,
    on: date,
    reason: str = "",
    reference: str = "",
    note: str = "",
    payer: Payer | None = None,
    vendor: Vendor | None = None,
    seen_stage: str | None = None,
    recorded_on: date | None = None,
    external_id: str = "",
) -> EquipmentStatusChange:
    """Record that the request reached a stage on ``on``.

    Any stage may follow any other, and a stage may be repeated; only an ended
    request stays ended. ``payer`` and ``vendor``, when given, become the request's.

    Raises:
        ValidationError: the request has ended, the stage needs a reason, or the day has not come.
        RequestMovedError: its stage is no longer ``seen_stage``.
    """
    if status in NEEDS_REASON and not reason.strip():
        raise ValidationError({"reason": NEEDS_REASON[Stage(status)]})
    change = EquipmentStatusChange(
        status=status,
        reason=reason,
        reference=reference,
        happened_on=on,
        note=note,
        external_id=external_id,
    )
    with charting(patient_id=request.patient_id, user=user) as chart:
        _reread(chart, request, seen_stage)
        _check_not_ended(chart, request, change)
        _check_of_clinic(chart, payer=payer, vendor=vendor)
        chosen = {"payer": payer, "vendor": vendor}
        new = {name: value for name, value in chosen.items() if value and value != getattr(request, name)}
        if new:
            chart.touch(request, **new)
        change.request = request
        return chart.record(change, recorded_on=recorded_on)


def log_call(
    *,
    request: EquipmentRequest,
    user: User | None,
    on: date,
    contact_with: str = ContactWith.VENDOR,
    person: str = "",
    reference: str = "",
    next_call_on: date | None = None,
    note: str = "",
    recorded_on: date | None = None,
    external_id: str = "",
) -> VendorContact:
    """Record a call about a request: whom with, what was said (``note``), when to call again.

    A call moves no stage and closes nothing; a next call holds escalation until its day.

    Raises:
        ValidationError: the next call lies before this one, or the day has not come.
    """
    if next_call_on is not None and next_call_on < on:
        shown = date_format(on, "j M Y")
        raise ValidationError({"next_call_on": _("Choose %(day)s or a later day.") % {"day": shown}})
    contact = VendorContact(
        contact_with=contact_with,
        person=person,
        reference=reference,
        next_call_on=next_call_on,
        happened_on=on,
        note=note,
        external_id=external_id,
    )
    with charting(patient_id=request.patient_id, user=user) as chart:
        _reread(chart, request)
        contact.request = request
        return chart.record(contact, recorded_on=recorded_on)


def lend(
    *,
    request: EquipmentRequest,
    user: User | None,
    on: date,
    item_lent: str,
    serial_number: str = "",
    due_back_on: date | None = None,
    note: str = "",
    recorded_on: date | None = None,
    external_id: str = "",
) -> Loaner:
    """Record that something was lent to bridge the wait; the request stays where it is.

    Raises:
        ValidationError: nothing is named, or it is due back before it was lent.
    """
    if due_back_on is not None and due_back_on < on:
        raise ValidationError({"due_back_on": _("The day it is due back cannot be before it was lent.")})
    loaner = Loaner(
        item_lent=item_lent,
        serial_number=serial_number,
        due_back_on=due_back_on,
        happened_on=on,
        note=note,
        external_id=external_id,
    )
    with charting(patient_id=request.patient_id, user=user) as chart:
        _reread(chart, request)
        loaner.request = request
        return chart.record(loaner, recorded_on=recorded_on)


def return_loaner(*, loaner: Loaner, user: User | None, on: date) -> Loaner:
    """Record that something lent came back on ``on``.

    Raises:
        ValidationError: it is back already, the day has not come, or lies before the loan.
    """
    with charting(patient_id=loaner.patient_id, user=user) as chart:
        chart.reread(loaner)
        if loaner.is_voided or loaner.returned_on is not None:
            raise ValidationError(_("It is not on loan any more."))
        chart.check_not_ahead(on, field_name="returned_on")
        if on < loaner.happened_on:
            shown = date_format(loaner.happened_on, "j M Y")
            raise ValidationError({"returned_on": _("It was lent on %(day)s.") % {"day": shown}})
        chart.touch(loaner, returned_on=on, returned_to=user)
    return loaner


@projection_of({EquipmentRequest: lambda request: request, EquipmentStatusChange: attrgetter("request")})
def refresh_stage(chart: OpenChart, request: EquipmentRequest) -> Sequence[str]:
    """The stage, and the first day of its unbroken run (EQ-STAGE in catalogue 2.2)."""
    stage, since = str(Stage.REQUESTED), request.happened_on
    for change in chart.standing(EquipmentStatusChange, request_id=request.pk):
        if change.status != stage:
            stage, since = change.status, change.happened_on
    request.stage, request.stage_since = stage, since
    return ("stage", "stage_since")


@projection_of({VendorContact: attrgetter("request")})
def refresh_next_call(chart: OpenChart, request: EquipmentRequest) -> Sequence[str]:
    """The next call is what the latest call said; one that named no day leaves none."""
    latest = next(reversed(chart.standing(VendorContact, request_id=request.pk)), None)
    request.next_call_on = latest.next_call_on if latest else None
    return ("next_call_on",)


def _reread(chart: OpenChart, request: EquipmentRequest, seen_stage: str | None = None) -> None:
    """Read the request again under the patient's lock, and check that it may be written to."""
    chart.reread(request)
    if request.is_voided:
        raise ValidationError(_("This request is marked entered in error."))
    if seen_stage is not None and request.stage != seen_stage:
        raise RequestMovedError(request)


def _check_not_ended(chart: OpenChart, request: EquipmentRequest, change: EquipmentStatusChange) -> None:
    """An ended request is not taken up again, wherever in its history the change belongs."""
    changes = chart.standing(EquipmentStatusChange, request_id=request.pk)
    before = [each for each in changes if each.happened_on <= change.happened_on]
    after = [each for each in changes if each.happened_on > change.happened_on]
    leaves = before and before[-1].status in TERMINAL_STAGES and before[-1].status != change.status
    is_left = after and change.status in TERMINAL_STAGES and after[0].status != change.status
    if leaves or is_left:
        other = before[-1] if leaves else after[0]
        raise ValidationError(
            _(
                "It is recorded as %(stage)s on %(day)s. "
                "Mark that entered in error first, or make a new request."
            )
            % {
                "stage": other.get_status_display().lower(),
                "day": date_format(other.happened_on, "j M Y"),
            }
        )


def _check_of_clinic(chart: OpenChart, **chosen: Any) -> None:
    for name, organisation in chosen.items():
        if organisation is not None and organisation.clinic_id != chart.patient.clinic_id:
            raise ValidationError({name: _("Choose one of this clinic.")})
