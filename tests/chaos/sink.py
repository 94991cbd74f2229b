"""A mail server that remembers everything, and the verdict on what it got.

Each item that falls due belongs to a person of its own, so that the address alone
says which item a mail is about: the count needs no look into the database.
"""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from launch import ports


@dataclass(frozen=True)
class Verdict:
    """What went wrong; addresses of mails lost, of mails under two Message-IDs, and raw repeats."""

    lost: frozenset[str]
    under_two_ids: frozenset[str]
    unexpected: frozenset[str]
    repeats: int
    received: int

    @property
    def repeated_share(self) -> float:
        """Mails received more than once, as a share of all."""
        return self.repeats / max(self.received, 1)


class Mail(NamedTuple):
    """One mail as the server took it; ``at`` is the time in seconds, by the sink's clock."""

    address: str
    message_id: str
    at: float
    message: Message


def judge(received: Iterable[tuple[str, str]], expected: Collection[str]) -> Verdict:
    """Compare mails received, as (address, Message-ID), with the addresses that must get one each."""
    ids: dict[str, list[str]] = defaultdict(list)
    for address, message_id in received:
        ids[address].append(message_id)
    return Verdict(
        lost=frozenset(set(expected) - set(ids)),
        under_two_ids=frozenset(address for address, each in ids.items() if len(set(each)) > 1),
        unexpected=frozenset(set(ids) - set(expected)),
        repeats=sum(len(each) - 1 for each in ids.values()),
        received=sum(len(each) for each in ids.values()),
    )


@dataclass
class Sink:
    """Takes mail; refuses some recipients and some messages for a while, each address once.

    With ``slow`` (seconds) it thinks before it takes a recipient, and again after it took a
    message before it says so: while it is ``holding`` somebody, they are in the middle of a mail.
    """

    refusing: float = 0.1
    slow: float = 0.0
    now: Callable[[], float] = time.time
    holding: int = 0
    mails: list[Mail] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    @property
    def received(self) -> list[tuple[str, str]]:
        """Mails taken, as (address, Message-ID)."""
        return [(mail.address, mail.message_id) for mail in self.mails]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or ask to come back."""
        await self._think()
        if self._refuses(address):
            return "451 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message, or ask to come back."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        (address,) = envelope.rcpt_tos
        if self._refuses(address):
            return "452 Full for now"
        message = message_from_bytes(content)
        self.mails.append(Mail(address, str(message["Message-ID"]), self.now(), message))
        await self._think()
        return "250 OK"

    async def _think(self) -> None:
        self.holding += 1
        try:
            await asyncio.sleep(self.slow)
        finally:
            self.holding -= 1

    def _refuses(self, address: str) -> bool:
        if address in self.refused or self.dice.random() > self.refusing:
            return False
        self.refused.add(address)
        return True


class MailServer:
    """A sink that listens; it may be stopped and started again on its port."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.port = ports.free()
        self._listening: Controller | None = None

    def start(self) -> None:
        """Listen, unless it does already."""
        if self._listening is None:
            self._listening = Controller(
                self.sink, hostname=ports.LOOPBACK, port=self.port, server_hostname="localhost"
            )
            self._listening.start()

    def stop(self) -> None:
        """Be away: connections are refused."""
        if self._listening:
            self._listening.stop()
            self._listening = None
