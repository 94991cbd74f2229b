"""The form of a rule: one file in ``pathway/rules`` that holds one ``RULE``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pathway.catalogue import PatientStatus
from pathway.chart import Chart
from pathway.due import Need, NotApplicable, Phrase, Severity

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Parameters = TypeVar("Parameters", bound="DataclassInstance")

ACTIVE = frozenset({PatientStatus.ACTIVE})
ACTIVE_OR_HOSPICE = frozenset({PatientStatus.ACTIVE, PatientStatus.HOSPICE})
DECEASED = frozenset({PatientStatus.DECEASED})


class RuleKind(StrEnum):
    """Interval and deadline rules count from a date and give grace after a return to
    active; a notice holds from the day its fact is known."""

    INTERVAL = "interval"
    DEADLINE = "deadline"
    NOTICE = "notice"


class Mark(StrEnum):
    """Where a threshold comes from, as marked in the catalogue."""

    STATED = "S"
    VERIFIED = "V"
    GENERAL = "M"
    DEFAULT = "D"


@dataclass(frozen=True, slots=True)
class Source:
    """A citation and how far it has been confirmed."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: a timeline, and the alerts of this one rule it must give.

    ``patient`` and ``events`` have the form of a timelines file; ``alerts`` are
    (subject, opens_on, closes_on) in ISO text, None for one still open on ``as_of``.
    """

    says: str
    patient: Mapping[str, Any]
    events: Sequence[Mapping[str, Any]]
    as_of: str
    alerts: Sequence[tuple[str, str, str | None]]


def dated(kind: str, on: str, /, **data: Any) -> Mapping[str, Any]:
    """One event of an example, dated ``on`` (ISO text), with its own fields."""
    return {"type": kind, "date": on, "data": data}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Parameters]):
    """What a rule is, and the function that finds its work on a chart.

    ``title``, ``verb``, ``condition`` and ``closes`` are message ids; ``condition`` may
    name parameters. ``ahead`` names the work while it is not overdue, with the same
    parameters as the title; empty where the title serves. ``recorded_as`` is the kind of
    event whose recording meets the work, ``also_recorded_as`` other kinds that end it;
    ``recorded_with`` is what such a record usually says, by subject ("" for any).
    ``whose`` says to whom the work falls where that is not always the owner.
    ``find`` states the rule's own arithmetic only. It
    never asks what day it is, and yields at most one need per subject.
    An ``optional`` rule is off until a clinic turns it on. The work of a ``quiet`` one
    stands on a list of its own: no care task, no alert, no mail.
    """

    code: str
    title: str
    verb: str
    recorded_as: str
    condition: str
    closes: str
    kind: RuleKind
    owner: str
    severities: tuple[Severity, ...]
    source: tuple[Source, ...]
    version: int
    parameters: Parameters
    find: Callable[[Chart, Parameters], Iterable[Need | NotApplicable]]
    examples: tuple[Example, ...]
    ahead: str = ""
    informed: tuple[str, ...] = ()
    decline_topic: str = ""
    also_recorded_as: tuple[str, ...] = ()
    recorded_with: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    statuses: frozenset[PatientStatus] = ACTIVE
    whose: str = ""
    optional: bool = False
    quiet: bool = False

    def usual_record(self, subject: str) -> Mapping[str, Any]:
        """What the record that meets the work of ``subject`` usually says."""
        return self.recorded_with.get(subject, self.recorded_with.get("", {}))

    def in_words(self) -> Phrase:
        """The condition with the parameters' values filled in."""
        return Phrase(self.condition, asdict(self.parameters))
