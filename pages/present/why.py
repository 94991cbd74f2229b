"""Why a task is due: its stored date arithmetic, facts, what closes it, and the source."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from alerts.selectors.ladder import next_step
from alerts.selectors.told import alerts_on, notices_about, steps_taken
from pages.present import people, timeline
from pages.present.patient import choices
from pages.present.rules import address as rule_address
from pages.present.rules import closes as rule_closes
from pages.present.rules import sources
from pages.present.rules import text as rule_text
from pages.present.seats import not_here
from pages.present.tasks import Reader, days, queue, state, title, verb
from pages.rows import Closing, Span, SumLine, SummaryRow, Told, UsedFact, WhyPanel
from pathway.catalogue import DISCIPLINES
from pathway.registry import rules
from pathway.rule import Rule
from pathway.settings import SHIPPED, ClinicSettings
from worklist.models import CareTask, CloseReason, Severity
from worklist.selectors.recorded import Recorded, chart_of, recorded_about
from worklist.wording import shown


def why_panel(task: CareTask, reader: Reader, settings: ClinicSettings = SHIPPED) -> WhyPanel:
    """Everything that answers "Why?" for one task; ``settings`` are those the task follows."""
    rule = rules().get(task.rule)
    recorded = recorded_about(task.patient) if rule else []
    return WhyPanel(
        task_id=str(task.pk),
        title=title(task),
        patient_name=str(task.patient),
        patient_url=reverse("pages:patient", args=[task.patient_id]),
        mrn=task.patient.mrn,
        state=state(task, reader.today),
        on=task.due_on,
        days=days(task, reader.today),
        closed=_closed(task),
        page_url=reverse("pages:why", args=[task.pk]),
        rule=_version(task) if rule else _("A task of the team"),
        rule_text=rule_text(task.rule, settings) if rule else _agreed(task),
        rule_url=rule_address("rule", task.rule) if rule else "",
        offer_again=task.offer_again,
        lines=_lines(task, reader.today),
        span=_span(task, reader.today),
        closes=_closes(rule),
        closes_not=_not_asked_for(task),
        facts=_facts(task, recorded),
        choices=_choices(task, rule, recorded),
        told=_told(task),
        sources=sources(rule, settings.setting(rule.code)) if rule else [],
        verbs=[] if task.closed_on else [verb(task, f"{title(task)}, {task.patient}")],
    )


def _closed(task: CareTask) -> str:
    """When and why the task closed; "" while it is open."""
    if task.closed_on is None:
        return ""
    said = {"day": people.day(task.closed_on), "why": task.get_close_reason_display().lower()}
    return _("Closed on %(day)s: %(why)s") % said


def _lines(task: CareTask, today: date) -> Sequence[SumLine]:
    """The sum as stored with the task, then today and the next rise in severity, or the day it closed."""
    last = SumLine(_("Closed"), task.closed_on, strong=True)
    if task.closed_on is None:
        last = SumLine(_("Today"), today, strong=True)
    if not task.steps:
        return [SumLine(_("Due"), task.due_on, strong=True), last]
    lines = [
        SumLine(
            shown(step),
            date.fromisoformat(step["on"]) if step["on"] else None,
            strong=step["text"] == "Due",
            line=index + 1 < len(task.steps) and task.steps[index + 1]["text"] == "Due",
        )
        for index, step in enumerate(task.steps)
    ]
    rises = [] if task.closed_on else _rises(task)
    ahead = [SumLine(_("Becomes %(severity)s") % {"severity": label.lower()}, on) for on, label in rises]
    return [*lines, last, *ahead]


def _rises(task: CareTask) -> Sequence[tuple[date, str]]:
    """The days on which severity rises, and to what."""
    return [
        (task.clinic.local_date(datetime.fromisoformat(at)), str(Severity(severity).label))
        for at, severity in task.rises
    ]


def _span(task: CareTask, today: date) -> Span | None:
    """The time from the first dated step to today, for a sum that starts from something recorded."""
    start = next((step for step in task.steps if step["on"]), None)
    if start is None or start["text"] == "Due" or task.closed_on:
        return None
    ahead = [(on, label) for on, label in _rises(task) if on > today]
    on, label = ahead[0] if ahead else (None, "")
    return Span(date.fromisoformat(start["on"]), task.due_on, today, shown(start), on, label)


def _facts(task: CareTask, recorded: Sequence[Recorded]) -> Sequence[UsedFact]:
    """The facts the evaluation used, each with the way to it on the person's timeline."""
    known = {str(each.fact_id): each for each in recorded}
    page = reverse("pages:patient", args=[task.patient_id])
    return [_fact(known[id_], page) for id_ in dict.fromkeys(task.evidence) if id_ in known]


def _choices(task: CareTask, rule: Rule[Any] | None, recorded: Sequence[Recorded]) -> Sequence[SummaryRow]:
    """What the work waits for, when it was closed by a choice that is still in force."""
    chosen = task.close_reason in (CloseReason.DECLINED, CloseReason.DEFERRED)
    if rule is None or not rule.decline_topic or not chosen:
        return []
    chart = chart_of(task.patient, recorded)
    return choices(task.patient, chart, recorded, topic=rule.decline_topic)


def _fact(each: Recorded, page: str) -> UsedFact:
    what, sentences = timeline.words(each)
    label = f"{what}: {sentences[0]}" if sentences and sentences[0] else what
    if each.is_voided:
        label = _("%(fact)s (entered in error)") % {"fact": label}
    note = _("%(day)s, recorded %(recorded)s") % {
        "day": people.day(each.on),
        "recorded": timeline.recorded_words(each.on, each.recorded_on),
    }
    return UsedFact(label, f"{page}?earlier=1#fact-{each.fact_id}", note)


def _told(task: CareTask) -> Sequence[Told]:
    """The alert in the app, every email about it, and the steps of the ladder, taken and ahead."""
    sent, waiting = _("Email: %(who)s"), _("Email waiting: %(who)s")
    mails = [
        Told(
            task.clinic.local_date(notice.at),
            (sent if notice.done else waiting) % {"who": notice.who},
            done=notice.done,
        )
        for notice in notices_about(task)
    ]
    told = [*_in_the_app(task), *mails, *_steps(task)]
    return [*sorted(told, key=lambda told: told.on), *_next_step(task)]


def _in_the_app(task: CareTask) -> Sequence[Told]:
    """Since when each alert stood in the app; whose the work is, or was last, beside the latest.

    Whose it was on that day is not stored: seats and rules change hands while an alert stands.
    """
    days = [task.clinic.local_date(alert.opened_at) for alert in alerts_on(task)]
    if not days:
        return []
    whose = _("In the app; last with: %(who)s") if task.closed_on else _("In the app; now with: %(who)s")
    who = str(task.owner) if task.owner else queue(task)
    return [*(Told(on, _("In the app")) for on in days[:-1]), Told(days[-1], whose % {"who": who})]


def _steps(task: CareTask) -> Sequence[Told]:
    """The steps of the ladder taken, and by name who was told."""
    return [
        Told(
            task.clinic.local_date(step.taken_at),
            _("Escalated to the %(step)s: %(who)s")
            % {
                "step": str(step.get_step_display()).lower(),
                "who": ", ".join(sorted(map(str, step.told.all()))) or _("nobody holds this role"),
            },
        )
        for step in steps_taken(task)
    ]


def _next_step(task: CareTask) -> Sequence[Told]:
    """The next step and its day, as things stand."""
    ahead = next_step(task)
    if ahead is None:
        return []
    step, at = ahead
    text = _("To the %(step)s, if nobody has recorded it") % {"step": str(step.label).lower()}
    return [Told(max(task.clinic.local_date(at), task.clinic.today()), text, done=False)]


def _version(task: CareTask) -> str:
    number = {"code": task.rule, "version": task.rule_version, "own": task.setting_version}
    if not task.setting_version:
        return _("%(code)s, version %(version)s") % number
    return _("%(code)s, version %(version)s; this clinic’s settings, version %(own)s") % number


def _agreed(task: CareTask) -> str:
    who = task.created_by or _("the team")
    return _("Agreed by %(who)s on %(day)s.") % {
        "who": who,
        "day": people.day(task.clinic.local_date(task.opened_at)),
    }


def _not_asked_for(task: CareTask) -> str:
    """Why a seat of the team that is empty is not asked for: the clinic has no such discipline."""
    if task.rule != "TEAM-GAP" or not task.clinic.absent:
        return ""
    absent = [_(name) for code, name in DISCIPLINES.items() if code in task.clinic.absent]
    return _("%(not_here)s; nobody is asked to fill that.") % {"not_here": not_here(absent)}


def _closes(rule: Rule[Any] | None) -> Sequence[Closing]:
    return rule_closes(rule) if rule else [Closing("check-circle", _("Marking it done."))]
