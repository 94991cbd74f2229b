"""From a chart to due work: every rule's own arithmetic under the common terms.

The engine alone applies status, choices, the grace after a return, and enrolment.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

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
    for code, set_rule in settings.in_force.items():
        if only is not None and code not in only:
            continue
        rest = _rest(chart, set_rule)
        for need in set_rule.rule.find(chart, set_rule.rule.parameters):
            if rest is not None:
                silenced.append(Silenced(code, need.subject, rest))
            elif isinstance(need, NotApplicable):
                silenced.append(Silenced(code, need.subject, CloseReason.NOT_APPLICABLE))
            elif choice := _silence(chart, set_rule.rule, need):
                silenced.append(choice)
            else:
                due.append(_due_work(chart, set_rule, need))
    return Evaluation(tuple(due), tuple(silenced))


def _rest(chart: Chart, set_rule: RuleInForce) -> CloseReason | None:
    """Why a whole rule rests for this person, if it does."""
    if not set_rule.setting.enabled:
        return CloseReason.RULE_OFF
    return None if chart.standing.status in set_rule.rule.statuses else CloseReason.STATUS_CHANGE


def _silence(chart: Chart, rule: Rule[Any], need: Need) -> Silenced | None:
    """The choice that silences a need, if there is one."""
    in_force = [choice for choice in _choices(chart, rule, need) if choice.in_force(chart.day)]
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


def _choices(chart: Chart, rule: Rule[Any], need: Need) -> list[Choice]:
    topic = rule.decline_topic if need.topic is None else need.topic
    return [choice for choice in chart.choices(topic) if choice.ever_in_force] if topic else []


@dataclass(frozen=True, slots=True)
class _Floor:
    """A day before which work does not count as overdue, whatever its own arithmetic says.

    A floor that ``restarts`` the clock was agreed with the person: days count from it.
    """

    on: date
    steps: tuple[Step, ...]
    evidence: str = ""
    restarts: bool = False
    declined_on: date | None = None


def _due_work(chart: Chart, set_rule: RuleInForce, need: Need) -> DueWork:
    rule = set_rule.rule
    floors = list(_floors(chart, rule, need))
    overdue_on = max([need.overdue_on, *(floor.on for floor in floors)])
    binding = [floor for floor in floors if floor.on == overdue_on or floor.restarts]
    due_on = max([need.due_on, *(floor.on for floor in binding if floor.restarts)])
    declined_on = next((floor.declined_on for floor in binding if floor.declined_on), None)
    ladder = [(need.overdue_on, set_rule.severity(need.severity))]
    ladder += ((on, set_rule.severity(higher)) for on, higher in need.rises)
    severity, rises = _ladder(ladder, overdue_on, due_on - need.due_on, declined_on is not None)
    return DueWork(
        rule=rule.code,
        subject=need.subject,
        due_on=due_on,
        overdue_on=overdue_on,
        owner=set_rule.owner(need.owner),
        informed=rule.informed if need.informed is None else need.informed,
        severity=severity,
        rises=rises,
        offer_again=declined_on is not None,
        anchor=need.anchor,
        evidence=(*need.evidence, *(floor.evidence for floor in binding if floor.evidence)),
        reason=need.reason if declined_on is None else _offer_again(declined_on, due_on),
        steps=_sum(need, binding, overdue_on),
        title=need.title,
        verb=need.verb,
        person=need.person,
    )


def _floors(chart: Chart, rule: Rule[Any], need: Need) -> Iterator[_Floor]:
    """The floors that hold this need back: its own window has passed before their day."""
    if (joined := chart.patient.enrolled_on) > need.overdue_on:
        yield _Floor(joined, (Step(_("Joined"), on=joined),))
    if rule.kind is not RuleKind.NOTICE and (back := chart.standing.last_return(rule.statuses)):
        days = chart.common.reentry_grace_days
        if (on := add_days(back.event.on, days + 1)) > need.overdue_on:
            grace = Step(_("%(days)s days’ grace"), {"days": days})
            yield _Floor(on, (Step(_("Back in care"), on=back.event.on), grace), back.event.id)
    for choice in {choice.why: choice for choice in _choices(chart, rule, need)}.values():
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
    ladder: Sequence[tuple[date, Severity]], overdue_on: date, later: timedelta, offer_again: bool
) -> tuple[Severity, tuple[tuple[date, Severity], ...]]:
    """Severity on the first overdue day, and the rises still to come.

    An offer made again stays at attention. A restarted clock moves the rises with it.
    """
    if offer_again:
        return Severity.ATTENTION, ()
    severity = ladder[0][1]
    rises = []
    for on, higher in ladder[1:]:
        if on + later <= overdue_on:
            severity = max(severity, higher, key=lambda each: each.rank)
        else:
            rises.append((on + later, higher))
    return severity, tuple(rise for rise in rises if rise[1].rank > severity.rank)


def _sum(need: Need, binding: list[_Floor], overdue_on: date) -> tuple[Step, ...]:
    grace = (need.overdue_on - need.due_on).days - 1
    allowed = (Step(_("%(days)s days’ grace"), {"days": grace}),) if grace > 0 else ()
    held = (step for floor in binding for step in floor.steps)
    return (
        *need.steps,
        Step(_("Due"), on=need.due_on),
        *allowed,
        *held,
        Step(_("Overdue from"), on=overdue_on),
    )


def _offer_again(declined_on: date, offer_on: date) -> Phrase:
    text = _("Declined %(declined)s, to be offered again from %(offer)s.")
    return Phrase(text, {"declined": declined_on, "offer": offer_on})
