"""The outbox: claim a mail by a committed lease, check it is still needed, send it, mark it sent.

A crash between sending and marking sends the mail again after the lease, with
the same Message-ID; a crash before sending loses nothing.

Critical mails to one person about one equipment request wait for the first of them: it
tells of all whose time has come, and the others are dropped, since nothing is left to tell.
"""

import smtplib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from alerts.emails import message_for
from alerts.models import AlertNotice, Delivery, DeliveryState
from alerts.selectors.outbox import News, news_for
from alerts.services.trouble import note_accepted, note_refused
from pathway import clock
from worklist.models import EQUIPMENT_RULES

logger = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
MOST_MAILS = 5000
"""A bound on one round; whatever is left, the next minute takes."""
STEPS_OF_ONE_MAIL = 6
"""Connect, greet, sender, recipient, data, body: each may last as long as the server's time limit."""

PERMANENT = 500
"""Answers of mail servers from here on will not change when asked again."""

# The limit keeps the planner from reading all alerts at once instead of a mail's own.
_EARLIER_ON_THE_CARD = """
  SELECT other.id FROM alerts_alert mine
  JOIN alerts_alert same ON same.patient_id = mine.patient_id AND same.subject = mine.subject
    AND same.rule = ANY (%(equipment)s)
  JOIN alerts_delivery other ON other.alert_id = same.id AND other.recipient_id = mail.recipient_id
    AND other.kind = 'critical' AND other.state = 'waiting'
  WHERE mine.id = mail.alert_id AND mine.rule = ANY (%(equipment)s)
    AND (other.created_at, other.id) < (mail.created_at, mail.id)
  LIMIT 1
"""

_CLAIM = f"""
UPDATE alerts_delivery
SET leased_until = %(until)s, attempts = attempts + 1, tried_at = COALESCE(tried_at, %(now)s)
WHERE id = (
  SELECT mail.id FROM alerts_delivery mail
  WHERE state = 'waiting' AND not_before <= %(now)s AND (leased_until IS NULL OR leased_until < %(now)s)
    AND ({_EARLIER_ON_THE_CARD}) IS NULL
  ORDER BY not_before LIMIT 1 FOR NO KEY UPDATE OF mail SKIP LOCKED
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
    """Send every mail whose time has come; stops early when the mail server is away.

    In a clinic's quiet hours its mail waits. Side effects: mail, and the state of outbox rows.
    """
    result = DeliveryResult()
    server = get_connection(fail_silently=False)
    try:
        for _mail in range(MOST_MAILS):
            delivery = _claim()
            if delivery is None or not _deliver(delivery, server, result):
                break
    finally:
        server.close()
    logger.info("deliver", **result.as_dict())
    return result


def _claim() -> Delivery | None:
    """Take one mail for as long as sending it may last; nobody else takes it meanwhile."""
    now = clock.now()
    lease = timedelta(seconds=STEPS_OF_ONE_MAIL * settings.EMAIL_TIMEOUT)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + lease, "equipment": list(EQUIPMENT_RULES)})
        row = cursor.fetchone()
    return Delivery.objects.select_related("recipient", "clinic", "alert").get(pk=row[0]) if row else None


def _deliver(delivery: Delivery, server: BaseEmailBackend, result: DeliveryResult) -> bool:
    """Send one mail unless nobody needs it any more; returns whether the server can take another."""
    quiet_end = delivery.clinic.quiet_end(clock.now())
    if quiet_end is not None:
        _wait(delivery, until=quiet_end)
        result.postponed += 1
        return True
    try:
        news = news_for(delivery)
        if news is None:
            _finish(delivery, DeliveryState.DROPPED)
            result.dropped += 1
            return True
        server.open()
        server.send_messages([message_for(delivery, news)])
    except Exception as error:
        server.close()
        _not_sent(delivery, error, result)
        return not _is_server_away(error)
    _mark_sent(delivery, news)
    result.sent += 1
    return True


def _wait(delivery: Delivery, *, until: datetime) -> None:
    """Put a mail back for the clinic's quiet hours; that was no try."""
    delivery.not_before, delivery.leased_until = until, None
    delivery.attempts -= 1
    if delivery.attempts == 0:
        delivery.tried_at = None
    delivery.save(update_fields=["not_before", "leased_until", "attempts", "tried_at"])


@transaction.atomic
def _mark_sent(delivery: Delivery, news: News) -> None:
    _finish(delivery, DeliveryState.SENT)
    note_accepted(delivery=delivery)
    notices = [
        AlertNotice(alert_id=alert, user=delivery.recipient, delivery=delivery, told_at=clock.now())
        for alert in news.told
    ]
    AlertNotice.objects.bulk_create(notices, ignore_conflicts=True)


def _not_sent(delivery: Delivery, error: Exception, result: DeliveryResult) -> None:
    """Give up on a recipient refused for good; try everything else again after a growing pause."""
    delivery.last_error = f"{type(error).__name__} {_code(error) or ''}".strip()
    if _is_permanent(error):
        _give_up(delivery)
        result.failed += 1
        logger.error("mail_given_up", delivery=str(delivery.pk), error=delivery.last_error)
        return
    pause = min(FIRST_PAUSE * 2 ** min(delivery.attempts - 1, 10), LONGEST_PAUSE)
    delivery.not_before = clock.now() + pause
    delivery.leased_until = None
    delivery.save(update_fields=["not_before", "leased_until", "last_error"])
    result.postponed += 1
    logger.warning("mail_postponed", delivery=str(delivery.pk), error=delivery.last_error)
    if not isinstance(error, OSError):
        logger.error("mail_not_made", delivery=str(delivery.pk), exc_info=error)


@transaction.atomic
def _give_up(delivery: Delivery) -> None:
    _finish(delivery, DeliveryState.FAILED)
    note_refused(delivery=delivery)


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
    """Only a refusal of this recipient or this text is final; a server in trouble is tried again.

    A refused sender is our own setting: mended, every mail leaves.
    """
    of_this_mail = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
    return isinstance(error, of_this_mail) and (_code(error) or 0) >= PERMANENT


def _is_server_away(error: Exception) -> bool:
    """Whether the next mail would fail too: not when this one's recipient, sender or text was refused."""
    of_this_mail = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
    return isinstance(error, OSError) and not isinstance(error, of_this_mail)
