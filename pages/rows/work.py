"""Rows of work: tasks, people with tasks, alerts, referrals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from pages.rows.frame import Action, Link, Tag


class State(StrEnum):
    """How a piece of work stands. Each has an icon and a word (``words.MARKS``)."""

    CRITICAL = "critical"
    URGENT = "urgent"
    ATTENTION = "attention"
    IN_GRACE = "in_grace"
    DUE = "due"
    CATCH_UP = "catch_up"
    DEFERRED = "deferred"
    DECLINED = "declined"
    SNOOZED = "snoozed"
    TO_KNOW = "to_know"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One missing piece of work.

    ``on`` and ``days`` (never negative) mean, by state:

    =====================  ==================================  ====================
    state                  ``days``                            ``on``
    =====================  ==================================  ====================
    critical … attention   days overdue, from the due date     due date
    same, ``offer_again``  days since it could be offered      first day to offer
    in_grace               days of grace left                  due date
    due                    days until due, 0 = today           due date
    catch_up, to_know      days overdue                        due date
    deferred               days until it is back               last day of deferral
    declined               days until it is offered again      day to offer again
    snoozed                days overdue                        day it is back
    working                (not shown)                         None; ``since`` instead
    =====================  ==================================  ====================
    """

    template: ClassVar[str] = "components/task_row.html"

    task_id: str
    patient_id: str
    patient_name: str
    state: State
    title: str
    on: date | None
    days: int = 0
    offer_again: bool = False
    reason: str = ""
    why_url: str = ""
    tag: Tag | None = None
    owner: str = ""
    owner_note: str = ""
    owner_icon: str = ""  # "person-dash" nobody, "person-check" given by someone
    verb: Action | None = None
    menu: Sequence[Action] = ()
    selectable: bool = False
    is_new: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """What stays in the place of a row after its work was logged.

    ``text`` is what happened ("Nutrition review logged"), ``detail`` what was
    recorded and when it is due next. ``announce`` is read aloud once.
    """

    template: ClassVar[str] = "components/logged_row.html"

    task_id: str
    text: str
    detail: str = ""
    undo: Action | None = None
    announce: str = ""


@dataclass(frozen=True, slots=True)
class PersonRows:
    """One person of My work, with their rows, worst first.

    ``line`` is "D-0142 · 64 · limb onset".
    """

    patient_id: str
    name: str
    url: str
    line: str
    rows: Sequence[TaskRow | LoggedRow]


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One alert. ``told`` is when and how it reached this person."""

    template: ClassVar[str] = "components/inbox_row.html"

    alert_id: str
    state: State
    title: str
    line: str
    on: date | None
    days: int
    offer_again: bool = False
    unread: bool = False
    tag: Tag | None = None
    told: str = ""
    why_url: str = ""
    verbs: Sequence[Action] = ()
    menu: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class InboxSection:
    """A part of the inbox: Unread, Acknowledged."""

    label: str
    note: str
    rows: Sequence[InboxRow]
    more: Link | None = None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A referral or a choice: what, how it stands, one sentence, one link.

    ``item_id`` is the id of its element: "ref-<id>", "choice-<id>".
    """

    item_id: str
    term: str
    state: str
    icon: str = ""
    tone: str = ""
    text: str = ""
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One referral in the list of referrals.

    ``state`` is that of the work it is waiting on, None when it moves in time;
    ``stage`` is Sent, Scheduled, Seen, Cancelled or Declined.
    """

    template: ClassVar[str] = "components/referral_row.html"

    referral_id: str
    patient_name: str
    patient_url: str
    to: str
    stage: str
    icon: str
    stage_note: str = ""
    on: date | None = None
    days: int = 0
    state: State | None = None
    reason: str = ""
    why_url: str = ""
    verb: Action | None = None
    menu: Sequence[Action] = ()
