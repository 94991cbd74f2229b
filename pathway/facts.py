"""What is known of one person, in the form the rules read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from pathway.value import value


@value()
class Event:
    """One recorded fact.

    ``on`` is the clinic-local day it happened, ``recorded_on`` the day it was
    recorded, ``entry`` its place in the order of recording. ``data`` carries the
    fact's own fields as recorded; readers must expect any of them to be missing.
    """

    id: str
    kind: str
    on: date
    recorded_on: date
    entry: int
    data: Mapping[str, Any]

    @property
    def order(self) -> tuple[date, date, int]:
        """Sort key for "latest": the day it happened, then the order of entry."""
        return (self.on, self.recorded_on, self.entry)


@value()
class PatientFacts:
    """A person's unchanging data together with everything recorded about them.

    ``absent`` are the disciplines that the clinic does not have.
    """

    enrolled_on: date
    diagnosed_on: date | None
    onset_region: str
    baseline_weight_g: int | None
    events: Sequence[Event]
    absent: Collection[str] = ()
