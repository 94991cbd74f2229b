"""A mail server that remembers everything, and the verdict on what it got.

Each item that falls due belongs to a person of its own, so that the address alone
says which item a mail is about: the count needs no look into the database.
"""

import random
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, Envelope, Session


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
    """Takes mail; refuses some recipients and some messages for a while, each address once."""

    refusing: float = 0.1
    received: list[tuple[str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or ask to come back."""
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
        self.received.append((address, str(message_from_bytes(content)["Message-ID"])))
        return "250 OK"

    def _refuses(self, address: str) -> bool:
        if address in self.refused or self.dice.random() > self.refusing:
            return False
        self.refused.add(address)
        return True
