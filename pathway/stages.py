"""What the ALSFRS-R says: its sums, how fast they change, and two stages worked out from its items.

The items and sums are those of Cedarbaum and others 1999 (PubMed 10540002). King's
stage follows Balendra and others 2014 (10.3109/21678421.2014.897357), the MiToS stage
Chiò and others 2015 (J Neurol Neurosurg Psychiatry 86:38, table 1). Fang and others 2017
(PubMed 28054828) derive both from the ALSFRS-R side by side, and propose to give both.

Both know a stage 5, death, which no score can give. What a stage means for survival is
no part of this product.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pathway.facts import Event
from pathway.record import Record

LOWEST, HIGHEST = 0, 4
TOTAL = 48
DAYS_PER_MONTH = 365.25 / 12


class KingsStage(StrEnum):
    """How far the disease has spread; "0" when no region is affected by these items."""

    NONE = "0"
    ONE = "1"
    TWO = "2"
    THREE = "3"
    NUTRITION = "4A"
    BREATHING = "4B"


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A complete ALSFRS-R: twelve items from 0 (lost) to 4 (normal).

    ``cutting`` is item 5a, or 5b when ``gastrostomy``.
    """

    speech: int
    salivation: int
    swallowing: int
    handwriting: int
    cutting: int
    dressing: int
    turning: int
    walking: int
    stairs: int
    dyspnea: int
    orthopnea: int
    ventilation: int
    gastrostomy: bool = False

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Function | None":
        """The scale as recorded; None while an item is missing, or item 5 is answered both ways."""
        without, within = data.get("cutting_5a"), data.get("cutting_5b")
        if _is_score(without) and _is_score(within):
            return None
        items = {name: data.get(name) for name in ITEMS}
        items["cutting"] = within if _is_score(within) else without
        if not all(_is_score(value) for value in items.values()):
            return None
        return cls(**items, gastrostomy=_is_score(within))  # type: ignore[arg-type]

    @property
    def bulbar(self) -> int:
        """Items 1 to 3, of 12."""
        return self.speech + self.salivation + self.swallowing

    @property
    def fine_motor(self) -> int:
        """Items 4 to 6, of 12."""
        return self.handwriting + self.cutting + self.dressing

    @property
    def gross_motor(self) -> int:
        """Items 7 to 9, of 12."""
        return self.turning + self.walking + self.stairs

    @property
    def respiratory(self) -> int:
        """Items 10 to 12, of 12."""
        return self.dyspnea + self.orthopnea + self.ventilation

    @property
    def total(self) -> int:
        """All twelve items, of 48."""
        return self.bulbar + self.fine_motor + self.gross_motor + self.respiratory


ITEMS = (
    "speech",
    "salivation",
    "swallowing",
    "handwriting",
    "cutting",
    "dressing",
    "turning",
    "walking",
    "stairs",
    "dyspnea",
    "orthopnea",
    "ventilation",
)
"""The items in the order of the scale; item 5 is recorded as ``cutting_5a`` or ``cutting_5b``."""


def kings_stage(scale: Function) -> KingsStage:
    """King's stage: regions involved, or failure of breathing or nutrition, which comes first.

    A region is involved once one of its items is below normal: bulbar 1 to 3, arms 4 and
    5, legs 8. Nutrition has failed with a gastrostomy, breathing with item 10 at 0 or
    item 12 below 4. The method gives stage 4 either way; 4B is named when both hold.
    """
    if scale.dyspnea == LOWEST or scale.ventilation < HIGHEST:
        return KingsStage.BREATHING
    if scale.gastrostomy:
        return KingsStage.NUTRITION
    regions = (
        (scale.speech, scale.salivation, scale.swallowing),
        (scale.handwriting, scale.cutting),
        (scale.walking,),
    )
    return KingsStage(str(sum(min(items) < HIGHEST for items in regions)))


def mitos_stage(scale: Function) -> int:
    """The MiToS stage, 0 to 4: how many of four domains are lost.

    Movement: walking or dressing at most 1. Swallowing at most 1. Communicating: speech
    and handwriting both at most 1. Breathing: dyspnea at most 1, or item 12 at most 2.
    """
    lost = (
        scale.walking <= 1 or scale.dressing <= 1,
        scale.swallowing <= 1,
        scale.speech <= 1 and scale.handwriting <= 1,
        scale.dyspnea <= 1 or scale.ventilation <= 2,
    )
    return sum(lost)


def monthly_change(before: int, on: date, after: int, later: date) -> float | None:
    """Points per month (of 365.25 / 12 days) between two totals; None on one day or out of order."""
    days = (later - on).days
    return (after - before) * DAYS_PER_MONTH / days if days > 0 else None


def functions(record: Record) -> Sequence[tuple[Event, Function]]:
    """Every complete ALSFRS-R that is known, oldest first."""
    return [
        (event, scale) for event in record.of("alsfrs_r") if (scale := Function.read(event.data)) is not None
    ]


def _is_score(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST
