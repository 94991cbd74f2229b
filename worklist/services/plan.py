"""What changes between the care tasks stored and the work the rules now ask for."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from uuid import UUID

import orjson

from pathway.chart import Chart
from pathway.due import COORDINATOR, DueWork, Evaluation, Silenced
from pathway.due import CloseReason as WhySilent
from pathway.due import Severity as PathwaySeverity
from pathway.registry import rules
from patients.models import Patient
from worklist.models import CareTask, CloseReason, Severity
from worklist.selectors.settings import InForce
from worklist.wording import stored, stored_step

SEVERITIES = {
    PathwaySeverity.ATTENTION: Severity.ATTENTION,
    PathwaySeverity.URGENT: Severity.URGENT,
    PathwaySeverity.CRITICAL: Severity.CRITICAL,
}
SILENCED = {
    WhySilent.DECLINED: CloseReason.DECLINED,
    WhySilent.DEFERRED: CloseReason.DEFERRED,
    WhySilent.STATUS_CHANGE: CloseReason.STATUS_CHANGE,
    WhySilent.REENTRY: CloseReason.STATUS_CHANGE,
    WhySilent.NOT_APPLICABLE: CloseReason.NOT_APPLICABLE,
    WhySilent.RULE_OFF: CloseReason.RULE_OFF,
}
RULE_COLUMNS = (
    "anchor", "title", "title_params", "verb", "due_on", "overdue_on", "alert_at", "wake_at", "severity",
    "rises", "rises_at", "offer_again", "discipline_id", "informed", "owner_id", "reason", "steps",
    "evidence", "rule_version", "setting_version", "filled_from",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """One patient as judged on one clinic-local day, under the clinic's settings.

    ``touched`` are the rules set otherwise since the patient was last judged.
    """

    patient: Patient
    day: date
    now: datetime
    user_id: UUID | None
    chart: Chart
    evaluation: Evaluation
    known: Set[str]
    in_force: InForce
    touched: Set[str]

    @property
    def has_news(self) -> bool:
        """Whether something was recorded that the care tasks do not stand for yet."""
        return self.patient.is_recalculating

    def start_of(self, day: date) -> datetime:
        """The start of a clinic-local day, in UTC."""
        return self.patient.clinic.start_of(day)


@dataclass(slots=True)
class Changes:
    """Care tasks to write: close before open, since a need has one open task.

    ``news``: one that moved changed hands or severity, so somebody may have to be told.
    """

    closed: list[CareTask] = field(default_factory=list)
    resumed: list[CareTask] = field(default_factory=list)
    opened: list[CareTask] = field(default_factory=list)
    moved: list[CareTask] = field(default_factory=list)
    news: bool = False

    def add(self, other: "Changes") -> None:
        """Take in the changes of another patient."""
        self.closed += other.closed
        self.resumed += other.resumed
        self.opened += other.opened
        self.moved += other.moved
        self.news |= other.news


def plan(context: Context, tasks: Iterable[CareTask]) -> Changes:
    """Compare open rule tasks of a patient with the due work of its evaluation."""
    changes = Changes()
    asked = (work for work in context.evaluation.due if not rules()[work.rule].quiet)
    wanted = {(work.rule, work.subject): work for work in asked}
    silenced = {(each.rule, each.subject): each for each in context.evaluation.silenced}
    seats = _seats(context.chart)
    for task in tasks:
        key = (task.rule, task.subject)
        work = wanted.get(key)
        if work is None:
            changes.closed.append(close_task(task, context, _why(task, context, silenced.get(key), None)))
        elif _is_another_need(task, work, context):
            changes.closed.append(close_task(task, context, _why(task, context, None, work)))
        else:
            del wanted[key]
            told = _told_by(task)
            if _move(task, work, context, seats):
                changes.moved.append(task)
                changes.news |= _told_by(task) != told
    changes.opened = [_open(work, context, seats) for work in wanted.values()]
    return changes


def _is_another_need(task: CareTask, work: DueWork, context: Context) -> bool:
    """Work overdue before and after stays one task; else a new anchor or a moved day makes a new one."""
    if task.alert_at <= context.start_of(context.day):
        return work.overdue_on > context.day
    if task.wake_at is None:  # raised already, though an earlier day is judged only now
        return task.alert_at != context.start_of(max(work.overdue_on, context.day))
    return task.anchor != work.anchor


def _why(task: CareTask, context: Context, silence: Silenced | None, work: DueWork | None) -> CloseReason:
    """Why the task closes; ``work`` is what takes its place."""
    if silence is not None:
        return SILENCED[silence.why]
    if any(fact not in context.known for fact in task.evidence):
        return CloseReason.VOIDED
    if task.rule in context.touched and (not context.has_news or (work and work.anchor == task.anchor)):
        return CloseReason.SETTING_CHANGED
    return CloseReason.SATISFIED


def close_task(task: CareTask, context: Context, reason: CloseReason) -> CareTask:
    """Close a task on the judged day, with the reason; never before the day its alert opened."""
    raised_on = context.patient.clinic.local_date(task.alert_at) if task.wake_at is None else context.day
    task.closed_at, task.closed_on = context.now, max(context.day, raised_on)
    task.close_reason = reason
    task.closed_by_id = context.user_id
    task.wake_at = task.rises_at = None
    return task


def _open(work: DueWork, context: Context, seats: Mapping[str, UUID]) -> CareTask:
    task = CareTask(
        clinic_id=context.patient.clinic_id,
        patient=context.patient,
        rule=work.rule,
        subject=work.subject,
        opened_at=context.now,
    )
    alert_at = context.start_of(max(work.overdue_on, context.day))
    task.alert_at = task.wake_at = alert_at
    _fill(task, work, context, seats)
    return task


def _told_by(task: CareTask) -> tuple[object, ...]:
    """What decides who is told of a task, and how."""
    return task.owner_id, task.discipline_id, task.severity


def _move(task: CareTask, work: DueWork, context: Context, seats: Mapping[str, UUID]) -> bool:
    """Bring an open task up to date; returns whether anything changed."""
    before = [getattr(task, column) for column in RULE_COLUMNS]
    waits = task.wake_at is not None and task.alert_at > context.start_of(context.day)
    if waits and work.overdue_on != task.overdue_on:
        task.alert_at = task.wake_at = context.start_of(max(work.overdue_on, context.day))
    _fill(task, work, context, seats)
    return before != [getattr(task, column) for column in RULE_COLUMNS]


def _fill(task: CareTask, work: DueWork, context: Context, seats: Mapping[str, UUID]) -> None:
    rule = rules()[work.rule]
    title = stored(work.title) if work.title else {"text": rule.title, "params": {}}
    task.title, task.title_params = str(title["text"]), title["params"]
    task.verb = work.verb or rule.verb
    task.anchor = work.anchor
    task.due_on, task.overdue_on = work.due_on, work.overdue_on
    task.offer_again = work.offer_again
    task.discipline_id = None if work.owner == COORDINATOR else work.owner
    task.informed = list(work.informed)
    person = UUID(work.person) if work.person else seats.get(work.owner)
    task.owner_id = task.assigned_to_id or person
    task.reason = stored(work.reason)
    task.steps = [stored_step(step) for step in work.steps]
    task.evidence = list(work.evidence)
    task.rule_version = rule.version
    task.setting_version = context.in_force.settings.setting(work.rule).version
    task.filled_from = digest(work)
    _set_severity(task, work, context)


def digest(work: DueWork) -> str:
    """What a task of this work is filled from, in short.

    Neither the day it is judged on counts, nor the version of a setting that changes
    nothing about it.
    """
    rule = rules()[work.rule]
    said = orjson.dumps((work, rule.title, rule.verb, rule.version), default=str)
    return blake2b(said, digest_size=16).hexdigest()


def _set_severity(task: CareTask, work: DueWork, context: Context) -> None:
    ladder = [(work.overdue_on, work.severity), *work.rises]
    reached = [severity for on, severity in ladder if on <= context.day] or [work.severity]
    task.severity = SEVERITIES[max(reached, key=lambda severity: severity.rank)]
    ahead = [(context.start_of(on), SEVERITIES[severity]) for on, severity in work.rises if on > context.day]
    task.rises = [[at.isoformat(), int(severity)] for at, severity in ahead]
    task.rises_at = ahead[0][0] if ahead else None


def _seats(chart: Chart) -> dict[str, UUID]:
    """Who sits in each discipline's seat: the latest assignment that has not ended."""
    ended = {event.data.get("assignment") for event in chart.of("team_unassign")}
    return {
        event.data["discipline"]: UUID(event.data["member"])
        for event in chart.of("team_assign")
        if event.data.get("member") and event.id not in ended
    }
