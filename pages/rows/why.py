"""Why a piece of work is due, and the frame of a form that logs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pages.rows.frame import Action, Link
from pages.rows.work import State, SummaryRow


@dataclass(frozen=True, slots=True)
class SumLine:
    """One line of the sum: term, date, remark.

    ``line`` draws the rule of a sum under it (before "Due"). ``strong``: Due and
    Today. ``link`` leads to the fact.
    """

    term: str
    on: date | None = None
    remark: str = ""
    link: Link | None = None
    strong: bool = False
    line: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """The bar under the sum: from a fact to today, with due and the next rise."""

    start: date
    due: date
    today: date
    start_label: str
    rises_on: date | None = None
    rises_label: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """One thing that closes the work. ``icon``: check-circle, slash-circle, pause-circle."""

    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact the rule used. ``note`` is when it happened and was recorded."""

    label: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Who has been told (``done``) or will be, on which day."""

    on: date
    text: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class SourceMark:
    """A source with its mark in words. ``setting``: a choice of the clinic."""

    mark: str
    text: str
    setting: bool = False


@dataclass(frozen=True, slots=True)
class WhyPanel:
    """Everything that answers "Why?" for one piece of work.

    ``closed`` says when and why it closed, if it did; ``choices`` closed it and are still in force.
    """

    task_id: str
    title: str
    patient_name: str
    patient_url: str
    mrn: str
    state: State
    on: date | None
    days: int
    page_url: str
    rule: str
    rule_text: str
    closed: str = ""
    offer_again: bool = False
    rule_url: str = ""
    lines: Sequence[SumLine] = ()
    span: Span | None = None
    closes: Sequence[Closing] = ()
    closes_not: str = ""
    facts: Sequence[UsedFact] = ()
    choices: Sequence[SummaryRow] = ()
    told: Sequence[Told] = ()
    sources: Sequence[SourceMark] = ()
    verbs: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """A value worked out from what was typed, by the same code as the rules."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Someone else saved first. Nothing that was typed is lost."""

    title: str
    text: str
    keep_mine: str
    keep_theirs: str
    theirs_url: str


@dataclass(frozen=True, slots=True)
class FormPanel:
    """The frame of a form: where it goes, what it says, what saving will do.

    ``item`` is the id of the element that success replaces ("task-<id>",
    "alert-<id>", "card-<id>"); without it the form is a page of its own.
    ``compute_url`` answers with the computed values while the person types.
    ``inline``: one line, the buttons at its end. ``heading`` is shown above the fields
    where the row does not already say what the form is ("Declined").
    """

    url: str
    submit: str
    title: str
    about: str = ""
    heading: str = ""
    item: str = ""
    consequence: str = ""
    computed: Sequence[Computed] = ()
    compute_url: str = ""
    alternatives: Sequence[Link] = ()
    cancel_url: str = ""
    conflict: Conflict | None = None
    danger: bool = False
    inline: bool = False
    version: str = ""
