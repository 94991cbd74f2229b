"""Care tasks as rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from alerts.models import SnoozeReason
from pages.present import people
from pages.present.links import link_to
from pages.rows import Action, How, PersonRows, State, Tag, TaskRow
from pathway import clock
from pathway.registry import rules
from teams.models import Membership
from worklist.models import EQUIPMENT_RULES, CareTask, Severity
from worklist.wording import shown

STATES = {
    Severity.ATTENTION: State.ATTENTION,
    Severity.URGENT: State.URGENT,
    Severity.CRITICAL: State.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the rows, in which clinic, on which local day."""

    membership: Membership
    today: date
    selectable: bool = False


def reader(membership: Membership) -> Reader:
    """The reader of a request, today; coordinators and leads may tick rows."""
    return Reader(
        membership=membership,
        today=membership.clinic.today(),
        selectable=membership.sees_whole_clinic,
    )


def title(task: CareTask) -> str:
    """What is missing, or what is coming while it is not overdue, in the reader's language."""
    if not task.rule:
        return task.title
    rule = rules().get(task.rule)
    ahead = rule.ahead if rule and (task.offer_again or task.alert_at > clock.now()) else ""
    named = shown({"text": ahead or task.title, "params": task.title_params})
    if task.offer_again:
        return _("Offer again: %(work)s") % {"work": named[:1].lower() + named[1:]}
    return named


def state(task: CareTask, today: date) -> State:
    """How a task stands: overdue by severity, snoozed meanwhile, in grace, or due."""
    if task.snoozed_until is not None and task.snoozed_until > clock.now():
        return State.SNOOZED
    if task.alert_at <= clock.now():
        return State.CATCH_UP if task.catch_up else STATES[Severity(task.severity)]
    return State.IN_GRACE if task.due_on < today else State.DUE


def days(task: CareTask, today: date) -> int:
    """Days overdue, days of grace left, or days until due, by state; never negative."""
    standing = state(task, today)
    if standing is State.IN_GRACE:
        return max((task.overdue_on - today).days - 1, 0)
    return abs((task.due_on - today).days)


def on(task: CareTask) -> date:
    """The day a row shows: the due date, or the day snoozed work is back."""
    if task.snoozed_until is not None and task.snoozed_until > clock.now():
        return task.clinic.local_date(task.snoozed_until)
    return task.due_on


def task_row(task: CareTask, reader: Reader) -> TaskRow:
    """One task as a row; read it through ``pages.selectors.for_rows``."""
    owner, note, icon = _owner(task, reader)
    named, standing = title(task), state(task, reader.today)
    about = f"{named}, {task.patient}"
    return TaskRow(
        task_id=str(task.pk),
        patient_id=str(task.patient_id),
        patient_name=str(task.patient),
        state=standing,
        title=named,
        on=on(task),
        days=days(task, reader.today),
        offer_again=task.offer_again,
        reason=_reason(task, reader, standing),
        why_url=link_to("pages:why", task.pk),
        tag=_tag(task, reader),
        owner=owner,
        owner_note=note,
        owner_icon=icon,
        verb=_end_snooze(task, about) if standing is State.SNOOZED else verb(task, about),
        menu=_menu(task, about, standing),
        selectable=reader.selectable,
    )


def reason(task: CareTask) -> str:
    """Why it is due, in one sentence."""
    if task.rule:
        return shown(task.reason)
    who = str(task.created_by) if task.created_by else _("The team")
    on = people.day(task.clinic.local_date(task.opened_at))
    if task.note:
        return _("%(who)s, %(on)s: “%(note)s”") % {"who": who, "on": on, "note": task.note}
    return _("Agreed by %(who)s, %(on)s.") % {"who": who, "on": on}


def verb(task: CareTask, about: str) -> Action:
    """The one verb that closes the task; ``about`` names it for those who hear it without its row."""
    if not task.rule:
        return Action(_("Mark done"), link_to("pages:task_done", task.pk), How.POST, about)
    if task.rule == "EQ-STAGE":
        return Action(_("Move stage"), link_to("pages:task_log", task.pk), How.IN_PLACE, about)
    if task.rule == "EQ-AGE":
        return Action(_("Log call"), link_to("pages:task_call", task.pk), How.IN_PLACE, about)
    if task.rule == "TEAM-GAP":
        return Action(_("Assign"), link_to("pages:team", task.patient_id), How.PAGE, about)
    label = _("Log answer") if task.offer_again else shown({"text": task.verb})
    return Action(label, link_to("pages:task_log", task.pk), How.IN_PLACE, about)


def menu(task: CareTask, about: str) -> Sequence[Action]:
    """Everything else that can be done about the task."""
    actions = [
        Action(
            _("Assign"),
            link_to("pages:task_assign", task.pk),
            How.IN_PLACE,
            about,
            "person-check",
            key="a",
        ),
        Action(_("Book a day"), link_to("pages:task_plan", task.pk), How.IN_PLACE, about, "calendar-check"),
    ]
    if task.rule == "EQ-STAGE":
        call = link_to("pages:task_call", task.pk)
        actions.insert(0, Action(_("Log call"), call, How.IN_PLACE, about, "telephone"))
    if task.rule == "EQ-AGE":
        move = link_to("pages:task_log", task.pk)
        actions.insert(0, Action(_("Move stage"), move, How.IN_PLACE, about, "truck"))
    if task.rule in EQUIPMENT_RULES:
        actions.append(
            Action(_("Open request"), link_to("equipment:detail", task.subject), How.PAGE, about, "truck")
        )
    if not task.rule:
        withdraw = link_to("pages:task_withdraw", task.pk)
        actions.append(Action(_("Not needed any more"), withdraw, How.POST, about, "x-lg"))
    return actions


def _menu(task: CareTask, about: str, standing: State) -> Sequence[Action]:
    """The menu of a row: overdue work may be snoozed, and snoozed work still be recorded."""
    actions = list(menu(task, about))
    if standing is State.SNOOZED:
        actions.insert(0, verb(task, about))
    elif standing in STATES.values():
        actions.append(
            Action(_("Snooze"), link_to("pages:task_snooze", task.pk), How.IN_PLACE, about, "moon", key="z")
        )
    return actions


def _end_snooze(task: CareTask, about: str) -> Action:
    return Action(_("End snooze"), link_to("pages:task_wake", task.pk), How.POST, about)


def _reason(task: CareTask, reader: Reader, standing: State) -> str:
    said: Mapping[str, str] | None = getattr(task, "snooze", None)
    return waits_because(said, task, reader) if standing is State.SNOOZED and said else reason(task)


def waits_because(said: Mapping[str, str], task: CareTask, reader: Reader) -> str:
    """Who snoozed the work, when and why; ``said`` is what ``with_snooze`` annotates."""
    why = str(SnoozeReason(said["reason"]).label)
    return _("%(who)s, %(day)s: %(why)s") % {
        "who": _("You") if said["by_id"] == str(reader.membership.user_id) else said["by"],
        "day": people.day(task.clinic.local_date(datetime.fromisoformat(said["at"]))),
        "why": f"{why}. “{said['note']}”" if said["note"] else f"{why}.",
    }


def queue(task: CareTask) -> str:
    """Whose queue the task waits in while it is nobody's: "nutrition queue"."""
    return _("%(discipline)s queue") % {"discipline": _discipline(task)}


def _discipline(task: CareTask) -> str:
    return str(task.discipline.name if task.discipline else _("Coordinator")).lower()


def _owner(task: CareTask, reader: Reader) -> tuple[str, str, str]:
    """Name, second line and icon of who it is with."""
    if task.owner is None:
        return _("Unassigned"), queue(task), "person-dash"
    name = _("You") if task.owner_id == reader.membership.user_id else str(task.owner)
    if task.assigned_by is not None:
        return name, _("by %(who)s") % {"who": task.assigned_by}, "person-check"
    return name, _discipline(task), ""


def _tag(task: CareTask, reader: Reader) -> Tag | None:
    """The day the work is booked for, or the next call about its request."""
    if task.planned_on is not None:
        text = _("Booked %(day)s") % {"day": people.day(task.planned_on)}
        return Tag(text, icon="calendar-check", tone="action")
    call_on: date | None = getattr(task, "next_call_on", None)
    if call_on is None:
        return None
    tone = "" if call_on <= reader.today else "action"
    return Tag(_("Call %(day)s") % {"day": people.day(call_on)}, icon="telephone", tone=tone)


def by_person(tasks: Iterable[CareTask], reader: Reader) -> list[PersonRows]:
    """Tasks grouped by patient; a person's place is that of their worst row."""
    order: dict[object, list[CareTask]] = {}
    for task in tasks:
        order.setdefault(task.patient_id, []).append(task)
    return [_person(of_person, reader) for of_person in order.values()]


def _person(tasks: Sequence[CareTask], reader: Reader) -> PersonRows:
    patient = tasks[0].patient
    return PersonRows(
        patient_id=str(patient.pk),
        name=str(patient),
        url=link_to("pages:patient", patient.pk),
        line=people.line(patient, reader.today),
        rows=[task_row(task, reader) for task in one_per_request(tasks)],
    )


def one_per_request(tasks: Iterable[CareTask]) -> list[CareTask]:
    """One row per equipment request, however much is overdue about it: its worst task."""
    kept: dict[str, CareTask] = {}
    for task in tasks:
        kept.setdefault(task.row, task)
    return list(kept.values())


def fill_first(
    people_rows: Sequence[PersonRows], *, of: Reader, tasks: Sequence[CareTask]
) -> list[PersonRows]:
    """Fill the verb of the first row that is the reader's own: the one filled button in view."""
    mine = {str(task.pk) for task in tasks if task.owner_id == of.membership.user_id}
    found = False
    filled = []
    for person in people_rows:
        rows = []
        for row in person.rows:
            if not found and isinstance(row, TaskRow) and row.verb and row.task_id in mine:
                row, found = replace(row, verb=replace(row.verb, filled=True)), True
            rows.append(row)
        filled.append(replace(person, rows=rows))
    return filled
