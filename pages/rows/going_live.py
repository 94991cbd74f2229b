"""What the page of a clinic going live is given."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from pages.rows.frame import Link


@dataclass(frozen=True, slots=True)
class LiveStep:
    """One of the four steps. ``state``: "done", "now" or "later"."""

    label: str
    text: str
    state: str
    icon: str


@dataclass(frozen=True, slots=True)
class CatchUpPart:
    """One discipline's catch-up work: how much there was, how much is left, what of that nobody has.

    ``url`` is empty for those who may not see its list.
    """

    label: str
    url: str
    total: int
    closed: int
    left: int
    untouched: int
    became: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class CatchUpPanel:
    """How far the clean-up is: the first sentence, the whole, and each discipline's part."""

    lead: SafeString
    became: str
    parts: Sequence[CatchUpPart]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SeatGaps:
    """What is said once about seats: which have nobody by default, which the clinic does not have."""

    texts: Sequence[str]
    link: Link | None = None
