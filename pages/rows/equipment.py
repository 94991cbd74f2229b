"""Equipment requests on the board and in the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pages.rows.frame import Action, Link
from pages.rows.work import State


@dataclass(frozen=True, slots=True)
class Meter:
    """Days against a limit. Whole days; on the limit is not over it."""

    days: int
    limit: int
    label: str = ""
    breathing: bool = False

    @property
    def over(self) -> int:
        return max(0, self.days - self.limit)


@dataclass(frozen=True, slots=True)
class StageSteps:
    """How far a request has come: step ``at`` of ``of``, counted from 1."""

    at: int
    of: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class EquipmentCard:
    """One equipment request, as a card of the board and a row of the table.

    ``state`` is critical, urgent or attention when past a limit, else None.
    ``call_on`` is the next call; ``call_days`` is how far ahead (negative: late).
    """

    request_id: str
    item: str
    patient_id: str
    patient_name: str
    patient_url: str
    stage: str
    steps: StageSteps
    in_stage: Meter
    in_all: Meter
    state: State | None = None
    breathing: bool = False
    payer: str = ""
    vendor: str = ""
    note: str = ""  # "Denied 8 Mar 2026"
    loan: str = ""  # "Transport chair"
    call_on: date | None = None
    call_days: int = 0
    call: Action | None = None
    verb: Action | None = None
    menu: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class StageGroup:
    """The cards of one stage, past a limit first. ``more`` leads to the rest."""

    key: str
    label: str
    count: int
    limit: str = ""  # "limit 3 days"
    cards: Sequence[EquipmentCard] = ()
    more: Link | None = None


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One column of the board; with more than one group they are stacked."""

    label: str
    count: int
    note: str
    groups: Sequence[StageGroup]
