"""The parts of a patient page: facts, seats, timeline, the list of patients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pages.rows.frame import Action, Link
from pages.rows.work import State


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the strip at the top of a patient page.

    ``warn`` is the line in urgent ("102 days ago"). ``first``: stays in view on
    a phone.
    """

    label: str
    value: str
    lines: Sequence[str] = ()
    warn: str = ""
    first: bool = False


class Seat(StrEnum):
    """How a seat of the care team stands."""

    FILLED = "filled"
    NEVER_SEEN = "never_seen"
    EMPTY = "empty"
    LAPSED = "lapsed"
    DECLINED = "declined"
    ABSENT = "absent"  # the clinic has no such discipline


@dataclass(frozen=True, slots=True)
class SeatCell:
    """One seat of the care team: the discipline and who sits there; ``away`` says until when they are."""

    code: str
    discipline: str
    state: Seat
    name: str = ""
    note: str = ""
    action: Action | None = None
    away: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of what lies one click away: phone, caregiver, payer, interpreter."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something recorded about a person.

    ``recorded`` is "same day" or "79 days later, 17 Feb 2026". ``struck``: marked
    entered in error, and ``detail`` then says why, by whom and when.
    """

    fact_id: str
    on: date
    icon: str
    what: str
    detail: str = ""
    who: str = ""
    recorded: str = ""
    struck: bool = False
    menu: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One person in the list of patients or in search results.

    ``state`` is that of their worst open work, None when nothing is overdue.
    ``matched`` says why a search found them ("name sounds alike"), if not plain.
    """

    patient_id: str
    name: str
    url: str
    mrn: str
    born: date | None
    line: str = ""
    status: str = ""
    overdue: int = 0
    state: State | None = None
    matched: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a long list stands. Empty addresses where there is no such page."""

    text: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class LogGroup:
    """Part of the list of things that can be logged for a person."""

    label: str
    links: Sequence[Link]
