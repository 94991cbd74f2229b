"""From a chart to due work: every rule's own arithmetic under the common terms.

The engine alone applies status, choices, the grace after a return, and enrolment.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from pathway.catalogue import PatientStatus
from pathway.chart import Chart
from pathway.choices import Choice, Ending
from pathway.dates import add_days
from pathway.due import (
    CloseReason,
    DueWork,
    Evaluation,
    Need,
    NotApplicable,
    Phrase,
    Severity,
    Silenced,
    Step,
)
from pathway.rule import Rule, RuleKind
from pathway.settings import SHIPPED, ClinicSettings, RuleInForce
from pathway.value import value
from pathway.window import grace_of
from pathway.words import gettext_noop as _


def evaluate(
    chart: Chart, settings: ClinicSettings = SHIPPED, *, only: Collection[str] | None = None
) -> Evaluation:
    """All due work of one person, and the work that is silent with the reason why.

    ``settings`` are the clinic's; ``chart`` must have been made with their common terms.
    ``only`` limits the answer to some rules. It holds for every day until
    ``chart.look_again_on``: work not yet overdue is in it, with its dates ahead.
    """
    due: list[DueWork] = []
    silenced: list[Silenced] = []
    status = chart.standing.status
    for code, set_rule in settings.in_force.items():
        if only is not None and code not in only:
            continue
        rule, rest = set_rule.rule, _rest(set_rule, status)
        for need in rule.find(chart, rule.parameters):
            if rest is not None:
                silenced.append(Silenced(code, need.subject, rest))
            elif isinstance(need, NotApplicable):
                silenced.append(Silenced(code, need.subject, CloseReason.NOT_APPLICABLE))
            else:
                choices = _choices(chart, rule, need)
                if choices and (silence := _silence(chart, rule, need, choices)):
                    silenced.append(silence)
                else:
                    due.append(_due_work(chart, set_rule, need, choices))
    return Evaluation(tuple(due), tuple(silenced))


def _rest(set_rule: RuleInForce, status: PatientStatus) -> CloseReason | None:
    """Why a whole rule rests for a person of this status, if it does."""
    if not set_rule.setting.enabled:
        return CloseReason.RULE_OFF
    return None if status in set_rule.rule.statuses else CloseReason.STATUS_CHANGE


def _silence(chart: Chart, rule: Rule[Any], need: Need, choices: Sequence[Choice]) -> Silenced | None:
    """The choice that silences a need, if there is one."""
    in_force = [choice for choice in choices if choice.in_force(chart.day)]
    if not in_force:
        return None
    declined = any(choice.why is CloseReason.DECLINED for choice in in_force)
    ends = [choice.end for choice in in_force if choice.end is not None]
    return Silenced(
        rule.code,
        need.subject,
        CloseReason.DECLINED if declined else CloseReason.DEFERRED,
        max(ends) if len(ends) == len(in_force) else None,
    )


def _choices(chart: Chart, rule: Rule[Any], need: Need) -> Sequence[Choice]:
    """What was ever chosen about a need, in force now or not."""
    topic = rule.decline_topic if need.topic is None else need.topic
    return [choice for choice in chart.choices(topic) if choice.ever_in_force] if topic else ()


@value()
class _Floor:
    """A day before which work does not count as overdue, whatever its own arithmetic says.

    A floor that ``restarts`` the clock was agreed with the person: days count from it.
    """

    on: date
    steps: tuple[Step, ...]
    evidence: str = ""
    restarts: bool = False
    declined_on: date | None = None


@value()
class _Hold:
    """When a need is due and overdue, by its own arithmetic and by the floors that decided it."""

    due_on: date
    overdue_on: date
    floors: Sequence[_Floor] = ()
    declined_on: date | None = None


def _due_work(chart: Chart, set_rule: RuleInForce, need: Need, choices: Sequence[Choice]) -> DueWork:
    rule = set_rule.rule
    hold = _hold(need, list(_floors(chart, rule, need, choices)))
    severity, rises = _ladder(set_rule, need, hold)
    return DueWork(
        rule=rule.code,
        subject=need.subject,
        due_on=hold.due_on,
        overdue_on=hold.overdue_on,
        owner=set_rule.owner(need.owner),
        informed=rule.informed if need.informed is None else need.informed,
        severity=severity,
        rises=rises,
        offer_again=hold.declined_on is not None,
        anchor=need.anchor,
        evidence=(*need.evidence, *(floor.evidence for floor in hold.floors if floor.evidence)),
        reason=need.reason if hold.declined_on is None else _offer_again(hold.declined_on, hold.due_on),
        steps=_sum(need, hold),
        title=need.title,
        verb=need.verb,
        person=need.person,
    )


def _hold(need: Need, floors: Sequence[_Floor]) -> _Hold:
    """What the floors make of a need: the latest of them, and those that restart the clock."""
    if not floors:
        return _Hold(need.due_on, need.overdue_on)
    overdue_on = max(need.overdue_on, *(floor.on for floor in floors))
    binding = [floor for floor in floors if floor.on == overdue_on or floor.restarts]
    due_on = max([need.due_on, *(floor.on for floor in binding if floor.restarts)])
    declined_on = next((floor.declined_on for floor in binding if floor.declined_on), None)
    return _Hold(due_on, overdue_on, binding, declined_on)


def _floors(chart: Chart, rule: Rule[Any], need: Need, choices: Sequence[Choice]) -> Iterator[_Floor]:
    """The floors that hold this need back: its own window has passed before their day."""
    if (joined := chart.patient.enrolled_on) > need.overdue_on:
        yield _Floor(joined, (Step(_("Joined"), on=joined),))
    if rule.kind is not RuleKind.NOTICE and (back := chart.standing.last_return(rule.statuses)):
        days = chart.common.reentry_grace_days
        if (on := add_days(back.event.on, days + 1)) > need.overdue_on:
            steps = (Step(_("Back in care"), on=back.event.on), grace_of(days))
            yield _Floor(on, steps, back.event.id)
    for choice in {choice.why: choice for choice in choices}.values():
        if choice.end is not None and choice.end >= need.overdue_on:
            yield _after_choice(choice, choice.end)


def _after_choice(choice: Choice, end: date) -> _Floor:
    """A choice that ran out restarts the clock; one that ended early is judged at once."""
    lapsed = choice.ending is Ending.LAPSED
    declined = choice.why is CloseReason.DECLINED
    if declined:
        began = Step(_("Declined"), on=choice.event.on)
        ended = Step(_("Offer again") if lapsed else _("No longer declined"), on=end)
    else:
        began = Step(_("Deferred"), on=choice.event.on)
        ended = Step(_("Deferred until") if lapsed else _("No longer deferred"), on=end)
    declined_on = choice.event.on if lapsed and declined else None
    return _Floor(end, (began, ended), choice.event.id, restarts=lapsed, declined_on=declined_on)


def _ladder(
    set_rule: RuleInForce, need: Need, hold: _Hold
) -> tuple[Severity, tuple[tuple[date, Severity], ...]]:
    """Severity on the first overdue day, and the rises still to come.

    An offer made again stays at attention. A restarted clock moves the rises with it.
    """
    if hold.declined_on is not None:
        return Severity.ATTENTION, ()
    severity = set_rule.severity(need.severity)
    if not need.rises:
        return severity, ()
    later = hold.due_on - need.due_on
    rises = []
    for on, named in need.rises:
        higher = set_rule.severity(named)
        if on + later <= hold.overdue_on:
            severity = max(severity, higher, key=lambda each: each.rank)
        else:
            rises.append((on + later, higher))
    return severity, tuple(rise for rise in rises if rise[1].rank > severity.rank)


def _sum(need: Need, hold: _Hold) -> tuple[Step, ...]:
    grace = (need.overdue_on - need.due_on).days - 1
    usual = (grace_of(grace),) if grace > 0 else ()
    held = (step for floor in hold.floors for step in floor.steps)
    return (
        *need.steps,
        Step(_("Due"), on=need.due_on),
        *(need.grace or usual),
        *held,
        Step(_("Overdue from"), on=hold.overdue_on),
    )


def _offer_again(declined_on: date, offer_on: date) -> Phrase:
    text = _("Declined %(declined)s, to be offered again from %(offer)s.")
    return Phrase(text, {"declined": declined_on, "offer": offer_on})
