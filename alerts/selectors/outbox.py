"""Whether an email is still needed, and the counts it tells."""

from dataclasses import dataclass
from datetime import datetime

from alerts.models import Alert, Delivery, DeliveryKind, DeliveryState
from alerts.selectors.inbox import alerts_of_member
from pathway import clock
from teams.models import Membership
from teams.selectors import active_memberships


@dataclass(frozen=True, slots=True)
class DigestCounts:
    """What a digest says: no more than numbers."""

    newly_overdue: int
    overdue: int
    critical: int


def still_needed(delivery: Delivery) -> bool:
    """False once its alert has closed or was read, nothing is newly overdue, or the person left."""
    membership = membership_of(delivery)
    if membership is None:
        return False
    if delivery.kind == DeliveryKind.CRITICAL:
        return membership.email_critical and _still_open(delivery)
    if not membership.email_digest or _newer_digest_due(delivery):
        return False
    return digest_counts(delivery=delivery, membership=membership).newly_overdue > 0


def membership_of(delivery: Delivery) -> Membership | None:
    """The recipient's active membership of the clinic, or None."""
    memberships = active_memberships(user=delivery.recipient).filter(clinic=delivery.clinic_id)
    return memberships.select_related("clinic").first()


def digest_counts(*, delivery: Delivery, membership: Membership) -> DigestCounts:
    """Count the recipient's overdue work, and what became overdue since their last digest."""
    alerts = alerts_of_member(membership=membership)
    since = _last_digest_at(delivery)
    newly = alerts.filter(opened_at__gt=since) if since else alerts
    return DigestCounts(
        newly_overdue=newly.count(),
        overdue=alerts.count(),
        critical=alerts.filter(task__severity=3).count(),
    )


def _still_open(delivery: Delivery) -> bool:
    unread = Alert.objects.exclude(reads__user=delivery.recipient_id)
    return unread.filter(pk=delivery.alert_id, closed_at__isnull=True).exists()


def _newer_digest_due(delivery: Delivery) -> bool:
    """After an outage one digest tells it all."""
    newer = Delivery.objects.filter(
        clinic=delivery.clinic_id,
        recipient=delivery.recipient_id,
        kind=DeliveryKind.DIGEST,
        digest_on__gt=delivery.digest_on,
    )
    return newer.filter(not_before__lte=clock.now()).exclude(state=DeliveryState.DROPPED).exists()


def _last_digest_at(delivery: Delivery) -> datetime | None:
    sent = Delivery.objects.filter(
        clinic=delivery.clinic_id,
        recipient=delivery.recipient_id,
        kind=DeliveryKind.DIGEST,
        state=DeliveryState.SENT,
    )
    return sent.order_by("-finished_at").values_list("finished_at", flat=True).first()
