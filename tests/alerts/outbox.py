"""A real mail server on loopback for tests, and what the outbox and the server hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

from alerts.models import Delivery
from launch import ports


@dataclass
class Mailbox:
    """Takes mail, or answers what it is told to; ``answers`` are used up one per recipient."""

    answers: list[str] = field(default_factory=list)
    data_answers: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep or refuse a message."""
        answer = self.data_answers.pop(0) if self.data_answers else "250 OK"
        if answer.startswith("250"):
            self.raw.append(envelope.content if isinstance(envelope.content, bytes) else b"")
            self.recipients += envelope.rcpt_tos
        return answer

    @property
    def messages(self) -> list[Message]:
        """What was accepted, parsed."""
        return [message_from_bytes(raw) for raw in self.raw]

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was accepted."""
        return [str(message["Message-ID"]) for message in self.messages]


@contextmanager
def mail_server(box: Mailbox | None = None) -> Iterator[Mailbox]:
    """Run a server within the block; settings point at it."""
    box, port = box or Mailbox(), ports.free()
    controller = Controller(box, hostname="127.0.0.1", port=port, server_hostname="localhost")
    controller.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
            EMAIL_TIMEOUT=5,
        ):
            yield box
    finally:
        controller.stop()


def text_of(message: Message) -> str:
    """The plain text of a mail."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def waiting(kind: str) -> list[tuple[str, str]]:
    """Emails that wait, as (recipient's name, not before in UTC)."""
    rows = Delivery.objects.filter(kind=kind, state="waiting").order_by("not_before", "recipient__name")
    return [(row.recipient.name, f"{row.not_before:%Y-%m-%d %H:%M}") for row in rows]


def states() -> list[str]:
    """The state of every email, oldest first."""
    return list(Delivery.objects.order_by("not_before", "created_at").values_list("state", flat=True))
