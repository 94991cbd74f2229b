"""Whether an email is still needed, and what it tells."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from alerts.models import Alert, AlertRead, Delivery, DeliveryKind, DeliveryState
from alerts.selectors.inbox import CARD, alerts_of_member
from alerts.selectors.snoozes import alerts_on_card
from pathway import clock
from teams.models import CLINICAL_ROLES, Membership
from teams.selectors import active_memberships


@dataclass(frozen=True, slots=True)
class News:
    """What an email tells: no more than numbers, and which alerts the person then knows of.

    Numbers count what the inbox shows as one: an equipment request, however many alerts it has.
    """

    told: tuple[UUID, ...]
    newly: int
    overdue: int
    critical: int


def news_for(delivery: Delivery) -> News | None:
    """What the recipient has to be told now; None when there is nothing.

    That is when the alert has closed, was read or went to somebody else, nothing
    fell due since the last email, or the person left or does not want such mail.
    """
    membership = _membership_of(delivery)
    if membership is None:
        return None
    alerts = alerts_of_member(membership=membership)
    untold = alerts.exclude(notices__user=delivery.recipient_id)
    if delivery.kind == DeliveryKind.CRITICAL:
        if not membership.email_critical:
            return None
        untold = _unread(untold, delivery).filter(_on_its_card(delivery), task__severity=3)
    elif not membership.email_digest or _newer_digest_due(delivery):
        return None
    told = dict(untold.annotate(card=CARD).values_list("pk", "card"))
    if not told:
        return None
    cards = alerts.aggregate(
        overdue=Count(CARD, distinct=True), critical=Count(CARD, distinct=True, filter=Q(task__severity=3))
    )
    return News(told=tuple(told), newly=len(set(told.values())), **cards)


def _membership_of(delivery: Delivery) -> Membership | None:
    """The recipient's membership of the clinic, while it opens its charts."""
    memberships = active_memberships(user=delivery.recipient).filter(
        clinic=delivery.clinic_id, role__in=CLINICAL_ROLES
    )
    return memberships.first()


def _unread(alerts: QuerySet[Alert], delivery: Delivery) -> QuerySet[Alert]:
    read = AlertRead.objects.filter(user=delivery.recipient_id, taken_back_at__isnull=True).values("alert")
    return alerts.exclude(pk__in=read)


def _on_its_card(delivery: Delivery) -> Q:
    """Condition on alerts: the mail's own, and others on its equipment request whose mail is due too."""
    due = Delivery.objects.filter(
        alert=OuterRef("pk"),
        recipient=delivery.recipient_id,
        kind=DeliveryKind.CRITICAL,
        state=DeliveryState.WAITING,
        not_before__lte=clock.now(),
    )
    assert delivery.alert is not None  # only a digest is about no one alert
    others = Q(Exists(due), pk__in=alerts_on_card(delivery.alert).values("pk"))
    return Q(pk=delivery.alert_id) | others


def _newer_digest_due(delivery: Delivery) -> bool:
    """After an outage one digest tells it all."""
    newer = Delivery.objects.filter(
        clinic=delivery.clinic_id,
        recipient=delivery.recipient_id,
        kind=DeliveryKind.DIGEST,
        digest_on__gt=delivery.digest_on,
        not_before__lte=clock.now(),
    )
    return newer.exclude(state=DeliveryState.DROPPED).exists()
