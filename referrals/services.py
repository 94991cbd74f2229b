"""Writing referrals. One door per change; ``status`` and ``appointment_on`` follow what was recorded."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from patients.charting import OpenChart, charting
from patients.projections import projection_of
from referrals.models import Referral, ReferralStatus, ReferralStatusChange
from teams.models import Discipline, User

TERMINAL = (ReferralStatus.SEEN, ReferralStatus.CANCELLED)


class ReferralMovedError(Exception):
    """Somebody recorded another status since the person looked; ``referral`` is as it is now."""

    def __init__(self, referral: Referral) -> None:
        super().__init__(f"The referral is {referral.status} now.")
        self.referral = referral


def place_referral(
    *,
    patient_id: UUID,
    user: User | None,
    discipline: Discipline,
    on: date,
    provider: str = "",
    reason: str = "",
    note: str = "",
    done_elsewhere: str = "",
    recorded_on: date | None = None,
    external_id: str = "",
) -> Referral:
    """Record that the person was referred on ``on``; whoever records it is who placed it.

    Raises:
        ValidationError: the day has not come, or a text is too long.
    """
    referral = Referral(
        discipline=discipline,
        provider=provider,
        reason=reason,
        placed_by=user,
        happened_on=on,
        status_on=on,
        note=note,
        done_elsewhere=done_elsewhere,
        external_id=external_id,
    )
    with charting(patient_id=patient_id, user=user) as chart:
        return chart.record(referral, recorded_on=recorded_on)


def schedule(
    *,
    referral: Referral,
    user: User | None,
    on: date,
    appointment_on: date | None,
    note: str = "",
    seen_status: str | None = None,
    recorded_on: date | None = None,
    external_id: str = "",
) -> ReferralStatusChange:
    """Record that an appointment was made, or moved.

    Raises:
        ValidationError: there is no day of the appointment, or the referral has ended.
        ReferralMovedError: its status is no longer ``seen_status``.
    """
    if appointment_on is None:
        raise ValidationError({"appointment_on": _("Enter the day of the appointment.")})
    change = ReferralStatusChange(
        status=ReferralStatus.SCHEDULED,
        appointment_on=appointment_on,
        happened_on=on,
        note=note,
        external_id=external_id,
    )
    return _record(referral, user, change, seen_status, recorded_on)


def mark_seen(
    *,
    referral: Referral,
    user: User | None,
    on: date,
    note: str = "",
    seen_status: str | None = None,
    recorded_on: date | None = None,
    external_id: str = "",
) -> ReferralStatusChange:
    """Record that the person was seen on ``on``; this ends the referral.

    Raises:
        ValidationError: the day has not come, or the referral was cancelled.
        ReferralMovedError: its status is no longer ``seen_status``.
    """
    change = ReferralStatusChange(
        status=ReferralStatus.SEEN, happened_on=on, note=note, external_id=external_id
    )
    return _record(referral, user, change, seen_status, recorded_on)


def cancel(
    *,
    referral: Referral,
    user: User | None,
    on: date,
    reason: str,
    note: str = "",
    seen_status: str | None = None,
    recorded_on: date | None = None,
    external_id: str = "",
) -> ReferralStatusChange:
    """Record that the referral was cancelled, and why; this ends it.

    Raises:
        ValidationError: no reason is given, or the person was already seen.
        ReferralMovedError: its status is no longer ``seen_status``.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it was cancelled.")})
    change = ReferralStatusChange(
        status=ReferralStatus.CANCELLED,
        reason=reason.strip(),
        happened_on=on,
        note=note,
        external_id=external_id,
    )
    return _record(referral, user, change, seen_status, recorded_on)


@projection_of({Referral: lambda referral: referral, ReferralStatusChange: attrgetter("referral")})
def refresh_status(chart: OpenChart, referral: Referral) -> Sequence[str]:
    """Where the referral stands: its latest update that stands, since the first of its run."""
    status, since, appointment_on = str(ReferralStatus.SENT), referral.happened_on, None
    for change in chart.standing(ReferralStatusChange, referral_id=referral.pk):
        if change.status != status:
            since = change.happened_on
        status, appointment_on = change.status, change.appointment_on
    referral.status, referral.status_on, referral.appointment_on = status, since, appointment_on
    return ("status", "status_on", "appointment_on")


def _record(
    referral: Referral,
    user: User | None,
    change: ReferralStatusChange,
    seen_status: str | None,
    recorded_on: date | None,
) -> ReferralStatusChange:
    with charting(patient_id=referral.patient_id, user=user) as chart:
        chart.reread(referral)
        if seen_status is not None and referral.status != seen_status:
            raise ReferralMovedError(referral)
        if referral.is_voided:
            raise ValidationError(_("This referral is marked entered in error."))
        _check_not_ended(chart, referral, change)
        change.referral = referral
        return chart.record(change, recorded_on=recorded_on)


def _check_not_ended(chart: OpenChart, referral: Referral, change: ReferralStatusChange) -> None:
    """An ended referral is not taken up again, wherever in its history the change belongs."""
    changes = chart.standing(ReferralStatusChange, referral_id=referral.pk)
    before = [each for each in changes if each.happened_on <= change.happened_on]
    after = [each for each in changes if each.happened_on > change.happened_on]
    leaves = before and before[-1].status in TERMINAL and before[-1].status != change.status
    is_left = after and change.status in TERMINAL and after[0].status != change.status
    if leaves or is_left:
        ended = before[-1] if leaves else after[0]
        raise ValidationError(
            _("It is recorded as %(status)s. Mark that entered in error first, or place a new referral.")
            % {"status": ended.get_status_display().lower()}
        )
