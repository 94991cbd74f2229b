"""Writing patients, their status, care team and choices. Every change ends in ``chart_changed``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pathway import catalogue
from patients.charting import FactModel, OpenChart, charting, charting_new
from patients.facts import Fact
from patients.models import (
    CareTeamAssignment,
    Decline,
    DeclineWithdrawal,
    Deferral,
    DeferralEnd,
    Patient,
    PatientStatusChange,
    Status,
)
from patients.projections import projection_of
from patients.selectors import latest_edit
from teams.models import Clinic, DefaultSeat, Discipline, User


def create_patient(*, clinic: Clinic, user: User | None, **fields: Any) -> Patient:
    """Add a person to a clinic and fill the seats for which the clinic has a default.

    Raises:
        ValidationError: a field is wrong or the MRN is taken.
    """
    seats = DefaultSeat.objects.filter(clinic=clinic).select_related("member", "discipline")
    with joining(clinic=clinic, user=user, seats=seats, **fields) as chart:
        return chart.patient


@contextmanager
def joining(
    *,
    clinic: Clinic,
    user: User | None,
    seats: Iterable[DefaultSeat],
    in_batch: bool = False,
    **fields: Any,
) -> Iterator[OpenChart]:
    """Add a person to a clinic, fill these seats, and let the block write more about them.

    ``in_batch`` is for imports, which compare all MRNs and ids before anything is
    written: only the database looks at these again.

    Raises:
        ValidationError: a field is wrong or the MRN is taken; nothing is stored.
    """
    patient = Patient(clinic=clinic, **fields)
    patient.full_clean(exclude=["id", "clinic"] if in_batch else None, validate_constraints=not in_batch)
    with charting_new(patient=patient, user=user, in_batch=in_batch) as chart:
        chart.next_entry()
        for seat in seats:
            _assign(
                chart,
                discipline=seat.discipline,
                member=seat.member,
                outside_provider=seat.outside_provider,
                on=patient.enrolled_on,
            )
        yield chart


class RecordChangedError(Exception):
    """Somebody changed the person's own record since the one who writes looked at it."""


def update_patient(
    *, patient_id: UUID, user: User | None, changes: Mapping[str, Any], seen_edit: int | None = None
) -> Patient:
    """Change what is known of the person (names, dates, contacts); the audit keeps what was there.

    Raises:
        ValidationError: a field is wrong or the MRN is taken.
        RecordChangedError: there is an edit later than ``seen_edit``.
    """
    with charting(patient_id=patient_id, user=user) as chart:
        if seen_edit is not None and latest_edit(patient_id) != seen_edit:
            raise RecordChangedError
        for name, value in changes.items():
            setattr(chart.patient, name, value)
        chart.patient.full_clean()
        chart.patient.save(update_fields=list(changes))
        chart.next_entry()
        return chart.patient


def change_status(
    *, patient_id: UUID, user: User | None, status: str, on: date, note: str = "", **origin: Any
) -> PatientStatusChange:
    """Record that the person became active, elected hospice, left the clinic or died.

    ``origin`` may carry ``recorded_on`` and ``external_id`` of an import.
    """
    with charting(patient_id=patient_id, user=user) as chart:
        return _record(chart, PatientStatusChange(status=status, happened_on=on, note=note), origin)


@projection_of({PatientStatusChange: attrgetter("patient")})
def refresh_status(chart: OpenChart, patient: Patient) -> Sequence[str]:
    """The patient's status is the latest status change that stands."""
    latest = next(reversed(chart.standing(PatientStatusChange)), None)
    patient.status = latest.status if latest else Status.ACTIVE
    patient.status_on = latest.happened_on if latest else None
    return ("status", "status_on")


def assign_care_team(
    *,
    patient_id: UUID,
    user: User | None,
    discipline: Discipline,
    on: date,
    member: User | None = None,
    outside_provider: str = "",
    until: date | None = None,
    until_recorded_on: date | None = None,
    note: str = "",
    **origin: Any,
) -> CareTeamAssignment:
    """Fill a seat; whoever sat in it before stays until unassigned.

    ``until`` is for a time in the seat that has ended already.

    Raises:
        ValidationError: nobody is named, the same person already has this seat then,
            or it ends before it starts.
    """
    with charting(patient_id=patient_id, user=user) as chart:
        _check_seat_is_free(chart, discipline=discipline, member=member, on=on, until=until)
        return _assign(
            chart,
            discipline=discipline,
            member=member,
            outside_provider=outside_provider,
            on=on,
            until=until,
            until_recorded_on=until_recorded_on,
            note=note,
            **origin,
        )


def _assign(
    chart: OpenChart,
    *,
    on: date,
    until: date | None = None,
    until_recorded_on: date | None = None,
    **fields: Any,
) -> CareTeamAssignment:
    named = ("recorded_on", "external_id")
    origin: dict[str, Any] = {name: fields.pop(name) for name in named if name in fields}
    fact = CareTeamAssignment(happened_on=on, **fields)
    if fact.member_id is None and not fact.outside_provider.strip():
        raise ValidationError(_("Name a member or an outside provider."))
    if until is None:
        return _record(chart, fact, origin)
    _check_last_day(fact, until)
    fact.ended_on, fact.ended_recorded_on = until, until_recorded_on or chart.today
    fact.ended_entry = chart.patient.chart_version + 2
    _record(chart, fact, origin)
    chart.next_entry()
    return fact


def _check_seat_is_free(
    chart: OpenChart,
    *,
    discipline: Discipline,
    member: User | None,
    on: date,
    until: date | None,
    but: CareTeamAssignment | None = None,
) -> None:
    """The same person cannot sit in one seat twice at once; what the database holds, said in words."""
    if member is None or until == on:
        return
    for seat in chart.standing(CareTeamAssignment, discipline_id=discipline.pk, member_id=member.pk):
        ends = seat.ended_on or date.max
        if seat != but and max(seat.happened_on, on) < min(ends, until or date.max):
            raise ValidationError({"member": _("They already have this seat then.")})


def _check_last_day(assignment: CareTeamAssignment, day: date) -> None:
    if day < assignment.happened_on:
        raise ValidationError({"on": _("The last day cannot be before the first.")})


def end_assignment(
    *, assignment: CareTeamAssignment, user: User | None, on: date, recorded_on: date | None = None
) -> None:
    """End somebody's time in a seat; ``recorded_on`` only for records brought from elsewhere.

    Raises:
        ValidationError: the day lies before the first day in the seat, or it has ended already.
    """
    _check_last_day(assignment, on)
    with charting(patient_id=assignment.patient_id, user=user) as chart:
        chart.reread(assignment)
        if assignment.ended_on is not None:
            raise ValidationError(_("Somebody has ended this time in the seat meanwhile."))
        chart.touch(
            assignment,
            ended_on=on,
            ended_recorded_on=recorded_on or chart.today,
            ended_entry=chart.patient.chart_version + 1,
        )


def hand_over_seat(
    *,
    patient_id: UUID,
    user: User | None,
    discipline: Discipline,
    on: date,
    member: User | None = None,
    outside_provider: str = "",
    note: str = "",
    leaving: Sequence[CareTeamAssignment] = (),
) -> CareTeamAssignment:
    """Fill a seat and end the time of those ``leaving`` it, on the same day.

    Raises:
        ValidationError: whoever is to have it has it already, or as ``assign_care_team``
            and ``end_assignment``; nothing is stored then.
    """
    with charting(patient_id=patient_id, user=user) as chart:
        _check_not_theirs(chart, discipline=discipline, on=on, member=member, outside=outside_provider)
        for assignment in leaving:
            end_assignment(assignment=assignment, user=user, on=on)
        return assign_care_team(
            patient_id=patient_id,
            user=user,
            discipline=discipline,
            on=on,
            member=member,
            outside_provider=outside_provider,
            note=note,
        )


def _check_not_theirs(
    chart: OpenChart, *, discipline: Discipline, on: date, member: User | None, outside: str
) -> None:
    """A seat is not handed over to the person who has it."""
    name = outside.strip().casefold()
    for seat in chart.standing(CareTeamAssignment, discipline_id=discipline.pk):
        if seat.happened_on > on or (seat.ended_on is not None and seat.ended_on <= on):
            continue
        same = seat.member_id == member.pk if member else seat.outside_provider.strip().casefold() == name
        if same and (member or name):
            message = _("%(who)s has this seat already, since %(day)s. Nothing was changed.") % {
                "who": member or seat.outside_provider,
                "day": date_format(seat.happened_on, "j M Y"),
            }
            raise ValidationError({"member" if member else "outside_provider": message})


def record_decline(
    *,
    patient_id: UUID,
    user: User | None,
    topic: str,
    on: date,
    reoffer_on: date | None = None,
    permanent: bool = False,
    note: str = "",
    **origin: Any,
) -> Decline:
    """Record that the person declined or prefers not to at this time (catalogue section 3).

    Raises:
        ValidationError: unknown topic, or an offer-again day that is not after the decline.
    """
    _check_topic(topic)
    if reoffer_on is not None and reoffer_on <= on:
        raise ValidationError({"reoffer_on": _("Offer again on a day after the decline.")})
    fact = Decline(topic=topic, happened_on=on, reoffer_on=reoffer_on, permanent=permanent, note=note)
    with charting(patient_id=patient_id, user=user) as chart:
        return _record(chart, fact, origin)


def withdraw_decline(
    *, patient_id: UUID, user: User | None, topic: str, on: date, note: str = "", **origin: Any
) -> DeclineWithdrawal:
    """Record that the person changed their mind about a topic; the rule gets a fresh window."""
    _check_topic(topic)
    with charting(patient_id=patient_id, user=user) as chart:
        return _record(chart, DeclineWithdrawal(topic=topic, happened_on=on, note=note), origin)


def record_deferral(
    *,
    patient_id: UUID,
    user: User | None,
    topic: str,
    on: date,
    until: date,
    reason: str,
    note: str = "",
    **origin: Any,
) -> Deferral:
    """Record that work on a topic waits, with the reason (catalogue 2.3).

    Raises:
        ValidationError: unknown topic, or an end that is not after the start.
    """
    _check_topic(topic)
    if until <= on:
        raise ValidationError({"until": _("Choose a day after the deferral starts.")})
    fact = Deferral(topic=topic, happened_on=on, until=until, reason=reason, note=note)
    with charting(patient_id=patient_id, user=user) as chart:
        return _record(chart, fact, origin)


def end_deferral(
    *, patient_id: UUID, user: User | None, topic: str, on: date, note: str = "", **origin: Any
) -> DeferralEnd:
    """Record that work on a topic waits no longer, before the day it was deferred until.

    It is judged again from ``on``, with the full window where the rule has one, as after
    a new answer to something declined.

    Raises:
        ValidationError: unknown topic, or a day ahead.
    """
    _check_topic(topic)
    with charting(patient_id=patient_id, user=user) as chart:
        return _record(chart, DeferralEnd(topic=topic, happened_on=on, note=note), origin)


def mark_entered_in_error(*, fact: Fact, user: User | None, reason: str) -> None:
    """Mark any fact entered in error; whatever hangs on it recalculates.

    Raises:
        ValidationError: no reason is given, or it is already marked.
    """
    with charting(patient_id=fact.patient_id, user=user) as chart:
        chart.void(fact, reason=reason)


def take_back_error_mark(*, fact: Fact, user: User | None) -> None:
    """Let a fact count again after it was marked entered in error by mistake.

    Raises:
        ValidationError: somebody has the seat of a care team again meanwhile.
    """
    with charting(patient_id=fact.patient_id, user=user) as chart:
        if isinstance(fact, CareTeamAssignment):
            chart.reread(fact)
            _check_seat_is_free(
                chart,
                discipline=fact.discipline,
                member=fact.member,
                on=fact.happened_on,
                until=fact.ended_on,
                but=fact,
            )
        chart.restore(fact)


def _record(chart: OpenChart, fact: FactModel, origin: Mapping[str, Any]) -> FactModel:
    for name in ("external_id", "done_elsewhere"):
        if origin.get(name):
            setattr(fact, name, origin[name])
    return chart.record(fact, recorded_on=origin.get("recorded_on"))


def _check_topic(topic: str) -> None:
    if topic not in catalogue.TOPICS:
        raise ValidationError({"topic": _("%(topic)s is not a topic of the catalogue.") % {"topic": topic}})
