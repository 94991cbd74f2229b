"""Due work: what a rule says about one person, and why."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Any

from pathway.value import value

COORDINATOR = "coordinator"
"""Owner of work that belongs to the nurse coordinator rather than to a discipline."""


class Severity(StrEnum):
    """How much an overdue piece of work matters; the ladder of escalation follows it."""

    ATTENTION = "attention"
    URGENT = "urgent"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for attention up to 2 for critical, for sorting."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class CloseReason(StrEnum):
    """Why work that a rule would otherwise ask for is silent."""

    DECLINED = "declined"
    DEFERRED = "deferred"
    STATUS_CHANGE = "status_change"
    REENTRY = "reentry"
    NOT_APPLICABLE = "not_applicable"
    RULE_OFF = "rule_off"


@value()
class Phrase:
    """A sentence to translate, with named parameters: text, numbers, dates, or several texts.

    Only a sentence with parameters is a format, in which "%%" stands for a percent sign.
    """

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in English, dates as "28 Feb 2026"."""
        if not self.params:
            return self.text
        return self.text % {name: _plain(value) for name, value in self.params.items()}


Reason = Phrase


@value()
class Step:
    """One line of the date arithmetic: what is added, and the date it leads to."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    on: date | None = None

    def __str__(self) -> str:
        """The line in English, for documents and tests."""
        words = str(Phrase(self.text, self.params))
        return words if self.on is None else f"{words}: {_plain(self.on)}"


@value(kw_only=True)
class Need:
    """Work a rule asks for by its own arithmetic alone.

    ``due_on`` is the last day on which the work is on time, ``overdue_on`` the first
    day on which it is overdue (grace included). The engine turns it into
    :class:`DueWork` by applying status, re-entry grace, choices and enrolment.
    Empty ``owner``, ``informed`` and ``topic`` mean the rule's own. ``person`` is the id
    of the one person it falls to, whoever sits in the owner's seat. ``grace`` are the steps
    from due to overdue where they are more than a number of days of grace.
    """

    due_on: date
    overdue_on: date
    severity: Severity
    anchor: str
    reason: Reason
    steps: tuple[Step, ...]
    subject: str = ""
    rises: tuple[tuple[date, Severity], ...] = ()
    evidence: tuple[str, ...] = ()
    owner: str = ""
    informed: tuple[str, ...] | None = None
    topic: str | None = None
    title: Phrase | None = None
    verb: str = ""
    person: str = ""
    grace: tuple[Step, ...] = ()


@value()
class NotApplicable:
    """Said by a rule of work it no longer asks for although it was not done.

    A task that closes for this reason says so, rather than that the work was done.
    """

    subject: str = ""


@value(kw_only=True)
class DueWork:
    """Work due for one person, with every floor applied.

    ``due_on``: last day on which it is on time. ``overdue_on``: first clinic-local
    day it counts as overdue. ``severity`` holds at ``overdue_on`` and becomes each
    severity of ``rises`` from its date on. ``anchor`` is the id of the fact this need
    hangs on ("" = enrolment or diagnosis): another anchor is another need.
    ``title`` and ``verb`` replace the rule's own where given.
    """

    rule: str
    subject: str
    due_on: date
    overdue_on: date
    owner: str
    informed: tuple[str, ...]
    severity: Severity
    rises: tuple[tuple[date, Severity], ...]
    offer_again: bool
    anchor: str
    evidence: tuple[str, ...]
    reason: Reason
    steps: tuple[Step, ...]
    title: Phrase | None = None
    verb: str = ""
    person: str = ""


@value()
class Silenced:
    """Work a rule would ask for, were it not for a choice or the person's status.

    ``until`` is the first day on which it is judged again, None when open-ended.
    """

    rule: str
    subject: str
    why: CloseReason
    until: date | None = None


@value()
class Evaluation:
    """Everything the rules say about one person; work that is met appears in neither."""

    due: tuple[DueWork, ...]
    silenced: tuple[Silenced, ...]


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_plain, value))
    return f"{value.day} {value:%b %Y}" if isinstance(value, date) else str(value)
