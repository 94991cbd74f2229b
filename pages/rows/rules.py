"""The rules in words, as a clinic has set them, and what a change would have meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pages.rows.frame import Action, Link
from pages.rows.why import Closing, SourceMark


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in the list, or the terms all share. ``marks``: changed by the clinic, a draft."""

    code: str
    url: str
    title: str
    text: str
    owner: str
    is_on: bool
    is_common: bool = False
    marks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One thing that may be set: its value in this clinic, as shipped, and what is allowed."""

    label: str
    value: str
    shipped: str
    allowed: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class ExampleStep:
    """Something recorded in a worked example."""

    on: str
    what: str


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A worked example: what it shows, what was recorded, and the alerts that gives."""

    says: str
    joined: str
    steps: Sequence[ExampleStep]
    alerts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Version:
    """One version that is or was in force: who, when, why, and what it says."""

    number: int
    at: datetime | None
    who: str
    why: str
    says: Sequence[str]
    is_in_force: bool = False


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run over the patients has come; ``url`` answers with it anew."""

    text: str
    done: int
    total: int
    url: str
    is_finished: bool = False


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule in full."""

    code: str
    title: str
    text: str
    when: Sequence[str]
    owner: Sequence[str]
    closes: Sequence[Closing]
    ladder: Sequence[str]
    escalation: Sequence[str]
    sources: Sequence[SourceMark]
    lines: Sequence[SettingLine]
    examples: Sequence[WorkedExample]
    history: Sequence[Version]
    version: str
    draft: Link | None = None
    progress: RunProgress | None = None
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a draft sets otherwise."""

    label: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class Rate:
    """Alerts of one discipline under either setting, and for each patient-month in care."""

    label: str
    now: int
    then: int
    now_rate: float
    then_rate: float


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One kind of difference: how many alerts, and a handful of them by name."""

    label: str
    count: int
    examples: Sequence["ExampleRow"] = ()


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """One alert that differs."""

    name: str
    url: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """What a draft would have meant over the last twelve months."""

    code: str
    title: str
    lead: str
    changes: Sequence[Change]
    progress: RunProgress
    since: date
    rates: Sequence[Rate]
    differences: Sequence[DifferenceRow]
    notes: Sequence[str] = ()
    outdated: str = ""
