"""From the day something starts to the work that is due: the three shapes every rule takes."""

from datetime import date
from typing import Any

from pathway.dates import add_days, add_months
from pathway.due import Need, Phrase, Severity, Step
from pathway.facts import Event
from pathway.value import value
from pathway.words import gettext_noop as _


@value()
class Start:
    """The day a window counts from: what happened then (a message id), and the fact that says so.

    ``anchor`` is "" for joining the clinic and for the diagnosis, which are no events.
    """

    on: date
    what: str
    anchor: str = ""

    @classmethod
    def at(cls, event: Event, what: str) -> "Start":
        """Counting from an event."""
        return cls(event.on, what, event.id)


def grace_of(days: int) -> Step:
    """The step of a sum that allows so many days."""
    return Step(_("1 day’s grace") if days == 1 else _("%(days)s days’ grace"), {"days": days})


NEW_ANSWER = _("New answer")
"""What a withdrawal or a material change is called where it starts a window anew."""


def latest(*starts: Start | None) -> Start:
    """The latest of the starts there are; on a tie the first, so give the more telling first."""
    return max((start for start in starts if start), key=lambda start: start.on)


def refreshed(start: Start, ended_by: Event | None) -> Start:
    """``start``, or the later answer that ended a choice and gives a full window anew."""
    return latest(start, Start.at(ended_by, NEW_ANSWER)) if ended_by else start


def deadline(
    start: Start,
    days: int,
    *,
    severity: Severity,
    grace_days: int = 0,
    evidence: tuple[str, ...] = (),
    **more: Any,
) -> Need:
    """Work due ``days`` after ``start``. ``more`` are fields of :class:`Need`."""
    one, several = _("%(what)s %(start)s + 1 day."), _("%(what)s %(start)s + %(days)s days.")
    counted = {"days": days}
    why = Phrase(one if days == 1 else several, {"what": start.what, "start": start.on, **counted})
    more.setdefault("reason", why)
    plus = Step(_("+ 1 day") if days == 1 else _("+ %(days)s days"), counted)
    return _need(start, add_days(start.on, days), plus, grace_days, severity, evidence, more)


def interval(
    start: Start,
    months: int,
    *,
    severity: Severity,
    grace_days: int = 0,
    evidence: tuple[str, ...] = (),
    **more: Any,
) -> Need:
    """Work due again ``months`` after ``start``. ``more`` are fields of :class:`Need`."""
    one, several = _("%(what)s %(start)s + 1 month."), _("%(what)s %(start)s + %(months)s months.")
    counted = {"months": months}
    why = Phrase(one if months == 1 else several, {"what": start.what, "start": start.on, **counted})
    more.setdefault("reason", why)
    plus = Step(_("+ 1 month") if months == 1 else _("+ %(months)s months"), counted)
    return _need(start, add_months(start.on, months), plus, grace_days, severity, evidence, more)


def notice(
    start: Start, *, severity: Severity, reason: Phrase, evidence: tuple[str, ...] = (), **more: Any
) -> Need:
    """Work that is missing from the very day of ``start``."""
    return Need(
        due_on=start.on,
        overdue_on=start.on,
        severity=severity,
        anchor=start.anchor,
        evidence=_evidence(start, evidence),
        reason=reason,
        steps=(Step(start.what, on=start.on),),
        **more,
    )


def _need(
    start: Start,
    due_on: date,
    plus: Step,
    grace_days: int,
    severity: Severity,
    evidence: tuple[str, ...],
    more: dict[str, Any],
) -> Need:
    return Need(
        due_on=due_on,
        overdue_on=add_days(due_on, grace_days + 1),
        severity=severity,
        anchor=start.anchor,
        evidence=_evidence(start, evidence),
        steps=(Step(start.what, on=start.on), plus),
        **more,
    )


def _evidence(start: Start, more: tuple[str, ...]) -> tuple[str, ...]:
    """The facts used, each once, the start first."""
    return tuple(dict.fromkeys(filter(None, (start.anchor, *more))))
