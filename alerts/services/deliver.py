"""The outbox: claim a mail by a committed lease, check it is still needed, send it, mark it sent.

A crash between sending and marking sends the mail again after the lease, with
the same Message-ID; a crash before sending loses nothing.
"""

import smtplib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from alerts.emails import message_for
from alerts.models import Delivery, DeliveryState
from alerts.selectors.outbox import still_needed
from pathway import clock

logger = structlog.get_logger(__name__)

BATCH = 50
LEASE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)
MOST_BATCHES = 200

_CLAIM = """
UPDATE alerts_delivery SET leased_until = %(until)s, attempts = attempts + 1
WHERE id IN (
  SELECT id FROM alerts_delivery
  WHERE state = 'waiting' AND not_before <= %(now)s AND (leased_until IS NULL OR leased_until < %(now)s)
  ORDER BY not_before LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


@dataclass(slots=True)
class DeliveryResult:
    """What one round of the outbox did."""

    sent: int = 0
    dropped: int = 0
    postponed: int = 0
    failed: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


def deliver_due() -> DeliveryResult:
    """Send every mail whose time has come. Side effects: mail, and the state of outbox rows."""
    result = DeliveryResult()
    for _batch in range(MOST_BATCHES):
        claimed = _claim()
        if not claimed:
            break
        _send(claimed, result)
    logger.info("deliver", **result.as_dict())
    return result


def _claim() -> list[UUID]:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE, "batch": BATCH})
        return [row[0] for row in cursor.fetchall()]


def _send(claimed: Sequence[UUID], result: DeliveryResult) -> None:
    rows = Delivery.objects.filter(pk__in=claimed).select_related("recipient", "clinic", "alert__task")
    server = get_connection(fail_silently=False)
    try:
        for delivery in rows.order_by("not_before"):
            _send_one(delivery, server, result)
    finally:
        server.close()


def _send_one(delivery: Delivery, server: BaseEmailBackend, result: DeliveryResult) -> None:
    if not still_needed(delivery):
        _finish(delivery, DeliveryState.DROPPED)
        result.dropped += 1
        return
    try:
        server.send_messages([message_for(delivery)])
    except (smtplib.SMTPException, OSError) as error:
        server.close()
        _not_sent(delivery, error, result)
        return
    _finish(delivery, DeliveryState.SENT)
    result.sent += 1


def _not_sent(delivery: Delivery, error: Exception, result: DeliveryResult) -> None:
    delivery.last_error = f"{type(error).__name__} {_code(error) or ''}".strip()
    if _is_permanent(error):
        _finish(delivery, DeliveryState.FAILED)
        result.failed += 1
        return
    pause = min(timedelta(minutes=2 ** min(delivery.attempts - 1, 10)), LONGEST_PAUSE)
    delivery.not_before = clock.now() + pause
    delivery.leased_until = None
    delivery.save(update_fields=["not_before", "leased_until", "last_error"])
    result.postponed += 1
    logger.warning("mail_postponed", delivery=str(delivery.pk), error=delivery.last_error)


def _finish(delivery: Delivery, state: DeliveryState) -> None:
    delivery.state, delivery.finished_at = state, clock.now()
    delivery.save(update_fields=["state", "finished_at", "last_error"])


def _code(error: Exception) -> int | None:
    """The server's answer: of the refused recipient, else of the connection."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _text in error.recipients.values())
    code = getattr(error, "smtp_code", None)
    return code if isinstance(code, int) else None


def _is_permanent(error: Exception) -> bool:
    """Only a refusal of this recipient is final; a server in trouble is tried again."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and (_code(error) or 0) >= 500
