"""Reading referrals. Every selector starts from ``visible_to``."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Case, Count, DateField, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from pathway.catalogue import PALLIATIVE_CARE
from patients.models import Status
from patients.selectors import visible_to
from referrals.models import Referral, ReferralStatus
from teams.models import Clinic, User

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

ANSWER_DAYS = 14
"""Days a referral may wait for its first update; catalogue 2.2, REF-STALL."""
SEEN_DAYS = 7
"""Days after the appointment until it is said whether the person was seen; REF-STALL."""


class UpdateDue(TypedDict):
    """What ``with_update_due`` adds to a referral."""

    update_due_on: date | None


if TYPE_CHECKING:
    TimedReferral: TypeAlias = WithAnnotations[Referral, UpdateDue]
else:
    TimedReferral = Referral


OPEN = (ReferralStatus.SENT, ReferralStatus.SCHEDULED)


def referrals_open_to(user: User) -> QuerySet[Referral]:
    """Every referral this user may open, without those entered in error."""
    return (
        Referral.objects.in_force()
        .filter(patient__in=visible_to(user))
        .select_related("patient__clinic", "discipline", "placed_by")
    )


def referrals_of_clinic(*, user: User, clinic: Clinic) -> "QuerySet[TimedReferral]":
    """A clinic's referrals, what is not moving first, then by the day an update is due.

    Each carries ``update_due_on``: the last day on which its next update is on time;
    None once it has ended.
    """
    rows = with_update_due(referrals_open_to(user).filter(patient__clinic=clinic))
    return rows.order_by(
        F("update_due_on").asc(nulls_last=True),
        Case(When(discipline=PALLIATIVE_CARE, then=0), default=1),
        "-status_on",
        "patient__family_name",
        "patient__given_name",
        "pk",
    )


def with_update_due(rows: QuerySet[Referral]) -> "QuerySet[TimedReferral]":
    """Referrals with ``update_due_on``."""
    due = Case(
        When(status=ReferralStatus.SENT, then=_plus("happened_on", ANSWER_DAYS)),
        When(status=ReferralStatus.SCHEDULED, then=_plus("appointment_on", SEEN_DAYS)),
        default=None,
        output_field=DateField(),
    )
    return rows.annotate(update_due_on=due)


def not_moving(*, today: date) -> Q:
    """Condition on ``referrals_of_clinic``: the next update is late, and the person is in active care."""
    return Q(update_due_on__lt=today, patient__status=Status.ACTIVE)


@dataclass(frozen=True, slots=True)
class ReferralCounts:
    """How many referrals stand where."""

    stalled: int
    sent: int
    scheduled: int
    seen: int
    cancelled: int


def counts(rows: "QuerySet[TimedReferral]", *, today: date) -> ReferralCounts:
    """The counts over ``referrals_of_clinic``, in one query."""
    by_status = {status.value: Count("pk", filter=Q(status=status)) for status in ReferralStatus}
    stalled = Count("pk", filter=not_moving(today=today))
    return ReferralCounts(**rows.order_by().aggregate(stalled=stalled, **by_status))


def _plus(name: str, days: int) -> Cast:
    moment = ExpressionWrapper(F(name) + Value(timedelta(days=days)), output_field=DateField())
    return Cast(moment, DateField())
