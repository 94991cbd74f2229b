"""The seats of a person's care team: who sits there, since when nobody does, or declined."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.registry import kinds
from pages.present import people
from pages.present.people import day
from pages.rows import Action, How, Seat, SeatCell
from pathway.catalogue import DISCIPLINES, PALLIATIVE_CARE
from pathway.chart import Chart
from pathway.registry import rules
from patients.models import Patient, Status
from worklist.selectors.recorded import Recorded


def seats(patient: Patient, recorded: Iterable[Recorded], chart: Chart) -> list[SeatCell]:
    """A cell for each of the nine disciplines, then for others that somebody sits in."""
    standing = [each for each in recorded if not each.is_voided]
    assignments = [each for each in standing if each.kind == "assignment"]
    names = {code: _(name) for code, name in DISCIPLINES.items()}
    for each in assignments:
        names.setdefault(each.data["discipline"], each.data["discipline_name"])
    return [
        _cell(
            patient,
            code,
            name,
            [each for each in assignments if each.data["discipline"] == code],
            seen=_last_seen(code, standing, assignments, chart.day),
            chart=chart,
        )
        for code, name in names.items()
    ]


def filled_note(cells: Sequence[SeatCell]) -> str:
    """How many of the seats are filled, and how many nobody is asked to fill."""
    filled = sum(cell.state in (Seat.FILLED, Seat.NEVER_SEEN) for cell in cells)
    absent = sum(cell.state is Seat.ABSENT for cell in cells)
    text = ngettext("%(filled)s of %(all)s seat filled", "%(filled)s of %(all)s seats filled", len(cells))
    said = text % {"filled": filled, "all": len(cells)}
    return f"{said}, {_('%(absent)s not available here') % {'absent': absent}}" if absent else said


def not_here(names: Sequence[str]) -> str:
    """That the clinic has no such disciplines: "This clinic has no gastroenterology"."""
    return _("This clinic has no %(disciplines)s") % {"disciplines": ", ".join(names).lower()}


def sits_there(assignment: Recorded, on: date) -> bool:
    """Whether an assignment fills its seat on a day: begun, not ended, and the member still works here."""
    ended = assignment.day("ended_on")
    begun = assignment.on <= on and (ended is None or on < ended)
    return begun and bool(assignment.data["works_here"])


def _cell(
    patient: Patient,
    code: str,
    name: str,
    assignments: Sequence[Recorded],
    *,
    seen: date | None,
    chart: Chart,
) -> SeatCell:
    """How one seat stands; ``assignments`` are those of the seat, latest first."""
    holders = [each for each in assignments if sits_there(each, chart.day)]
    if holders:
        who = ", ".join(dict.fromkeys(each.data["name"] for each in holders))
        note = _("seen %(day)s") % {"day": day(seen)} if seen else _("never seen here")
        away = ", ".join(said for each in holders if (said := _away(each, chart.day)))
        return SeatCell(code, name, Seat.FILLED if seen else Seat.NEVER_SEEN, who, note, away=away)
    declined, again = _declined(code, chart)
    if declined:
        note = _("offer again %(day)s") % {"day": day(again)} if again else _("not to be offered again")
        return SeatCell(code, name, Seat.DECLINED, note=note)
    action = fill(patient, code, name) if patient.status in (Status.ACTIVE, Status.HOSPICE) else None
    ahead = [each for each in assignments if each.on > chart.day]
    if ahead:
        note = _("%(who)s from %(day)s") % {"who": ahead[-1].data["name"], "day": day(ahead[-1].on)}
        return SeatCell(code, name, Seat.EMPTY, note=note, action=action)
    last = max(assignments, key=lambda each: each.data["ended_on"] or chart.day.isoformat(), default=None)
    if code in chart.patient.absent:
        note = "; ".join([not_here([name]), *([_lapse(last)] if last else [])])
        return SeatCell(code, name, Seat.ABSENT, note=note, action=action)
    if last:
        return SeatCell(code, name, Seat.LAPSED, note=_lapse(last), action=action)
    note = _("since joining, %(day)s") % {"day": day(patient.enrolled_on)}
    return SeatCell(code, name, Seat.EMPTY, note=note, action=action)


def fill(patient: Patient, code: str, name: str, label: str = "") -> Action:
    """The way to the form that fills a seat."""
    return Action(label or _("Fill seat"), reverse("pages:seat", args=[patient.pk, code]), How.PAGE, name)


def _away(holder: Recorded, today: date) -> str:
    """Until when whoever sits there is away, and who stands in; nothing when they are here."""
    first, last = holder.day("away_from"), holder.day("away_until")
    if first is None or not first <= today <= (last or today):
        return ""
    return people.away(last, holder.data["deputy"] or "")


def _lapse(last: Recorded) -> str:
    ended = last.day("ended_on")
    if ended is None:
        return _("%(who)s no longer works here") % {"who": last.data["name"]}
    return _("%(who)s to %(day)s") % {"who": last.data["name"], "day": day(ended)}


def _declined(code: str, chart: Chart) -> tuple[bool, date | None]:
    """Whether the seat is declined today, and when it is offered again (TEAM-GAP, catalogue 2.2)."""
    topics = [f"discipline:{code}", *(["palliative"] if code == PALLIATIVE_CARE else [])]
    in_force = [choice for topic in topics for choice in chart.choices(topic) if choice.in_force(chart.day)]
    ends = [choice.end for choice in in_force]
    return bool(in_force), None if None in ends else max((end for end in ends if end), default=None)


def _last_seen(
    code: str, standing: Iterable[Recorded], assignments: Iterable[Recorded], today: date
) -> date | None:
    """The last day this discipline is recorded to have seen the person here.

    That is: an assessment done here by whoever sits in the seat, or of a kind that is the
    discipline's own work, or a referral to the discipline on which the person was seen.
    """
    sitting = {
        each.data["member"]
        for each in assignments
        if each.data["discipline"] == code and sits_there(each, today)
    }
    usual = (rule for rule in rules().values() if rule.owner == code and not rule.optional)
    own = {rule.recorded_as for rule in usual} & set(kinds())

    def shows(each: Recorded) -> bool:
        if each.kind == "assessment" and not each.done_elsewhere:
            return str(each.who_id) in sitting or each.data["kind"] in own
        seen = each.kind == "referral_change" and each.data["status"] == "seen"
        return seen and each.data["discipline"] == code

    return max((each.on for each in standing if shows(each)), default=None)
