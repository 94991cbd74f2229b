"""How measures went over time: what a chart of the patient page is drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """One measurement: its value, as a figure, and with its unit. ``elsewhere``: at another place."""

    on: date
    value: float
    figure: str
    shown: str
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value that matters. ``urgent``: the one that makes work due."""

    value: float
    label: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened, keyed by a letter."""

    letter: str
    on: date
    label: str


@dataclass(frozen=True, slots=True)
class Lapse:
    """Time without a measurement that was overdue; ``since`` is the last one's day, if there is one."""

    overdue_on: date
    since: date | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class CourseChart:
    """One measure over time, on an axis of time that all charts of a page share.

    ``low``, ``high`` and ``step`` are those of the axis of values. ``sentence`` says what
    the chart shows to whoever does not see it; ``aside`` stands beside the last point.
    Between the two values of ``band`` something is to be planned.
    """

    code: str
    name: str
    unit: str
    points: Sequence[CoursePoint]
    start: date
    today: date
    low: float
    high: float
    step: float
    sentence: str
    thresholds: Sequence[Threshold] = ()
    band: tuple[float, float] | None = None
    milestones: Sequence[Milestone] = ()
    lapse: Lapse | None = None
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """The charts of a person, with the key to their letters."""

    charts: Sequence[CourseChart]
    milestones: Sequence[Milestone]
    elsewhere: bool = False
    """Whether any point was measured elsewhere."""
