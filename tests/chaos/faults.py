"""Planted faults: the outbox with one line wrong. A run that passes with one of them proves nothing."""

import secrets
from collections.abc import Callable, Mapping

from django.core.mail.backends.base import BaseEmailBackend

from alerts.emails import message_for
from alerts.models import Delivery
from alerts.selectors.outbox import news_for
from alerts.services import deliver
from alerts.services.deliver import DeliveryResult

Deliver = Callable[[Delivery, BaseEmailBackend, DeliveryResult], bool]

REAL: Deliver = deliver._deliver


def mark_before_send(delivery: Delivery, server: BaseEmailBackend, result: DeliveryResult) -> bool:
    """A mail is marked sent, then sent."""
    news = news_for(delivery)
    if news is not None:
        deliver._mark_sent(delivery, news)
        server.send_messages([message_for(delivery, news)])
    return True


def new_id_per_try(delivery: Delivery, server: BaseEmailBackend, result: DeliveryResult) -> bool:
    """The Message-ID is drawn when sending."""
    delivery.message_id = f"<{secrets.token_hex(16)}@alscare.invalid>"
    delivery.save()
    return REAL(delivery, server, result)


FAULTS: Mapping[str, Deliver] = {
    "mark before send": mark_before_send,
    "new Message-ID per try": new_id_per_try,
}


def plant(name: str) -> None:
    """Put a fault into this process."""
    deliver._deliver = FAULTS[name]  # type: ignore[assignment]
