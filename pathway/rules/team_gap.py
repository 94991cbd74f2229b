"""TEAM-GAP: each of the nine disciplines has somebody within 30 days of joining."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import DISCIPLINES, PALLIATIVE_CARE
from pathway.chart import Chart
from pathway.choices import Choice
from pathway.due import COORDINATOR, Need, NotApplicable, Phrase, Severity
from pathway.parameter import number_of_days
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.window import Start, deadline
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """Days from joining to a full team."""

    window_days: int = number_of_days(30, _("Days to a full team"), low=7, high=180)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Due 30 days after joining while a seat is neither filled nor declined.

    A seat that nobody can fill, since the clinic has no such discipline, is not asked for.
    """
    filled, absent = seated(chart), chart.patient.absent
    open_seats = [code for code in DISCIPLINES if code not in filled and not _declined(chart, code)]
    vacant = [code for code in open_seats if code not in absent]
    if not vacant:
        if open_seats:
            yield NotApplicable()
        return
    names = tuple(DISCIPLINES[code] for code in vacant)
    yield deadline(
        Start(chart.patient.enrolled_on, _("Joined")),
        parameters.window_days,
        severity=Severity.ATTENTION,
        reason=Phrase(_("Nobody yet for: %(disciplines)s."), {"disciplines": names}),
        topic=_offered_again(chart, vacant),
    )


def seated(chart: Chart) -> set[str]:
    """Disciplines with an assignment that has not ended.

    Assigning and unassigning switch on and off, so the latest by (date, entry order) says.
    """
    events = sorted(
        (*chart.of("team_assign"), *chart.of("team_unassign")), key=lambda event: (event.order, event.kind)
    )
    taken: dict[str, set[str]] = {}
    for event in events:
        seats = taken.setdefault(str(event.data.get("discipline")), set())
        if event.kind == "team_assign":
            seats.add(event.id)
        elif assignment := event.data.get("assignment"):
            seats.discard(str(assignment))
        else:
            seats.clear()
    return {code for code, seats in taken.items() if seats}


def _topics(code: str) -> tuple[str, ...]:
    """What may be declined about a seat; declining palliative care covers its seat."""
    own = f"discipline:{code}"
    return (own, "palliative") if code == PALLIATIVE_CARE else (own,)


def _declined(chart: Chart, code: str) -> bool:
    return any(chart.declined(topic) for topic in _topics(code))


def _offered_again(chart: Chart, vacant: list[str]) -> str:
    """The topic whose end made the gap: the first to end, where every vacant seat had been declined."""
    ended: list[tuple[Choice, str]] = []
    for code in vacant:
        of_seat = [
            (choice, topic)
            for topic in _topics(code)
            for choice in chart.choices(topic)
            if choice.ever_in_force and choice.end is not None
        ]
        if not of_seat:
            return ""
        ended.append(max(of_seat, key=lambda each: each[0].end or each[0].event.on))
    return min(ended, key=lambda each: each[0].end or each[0].event.on)[1]


_PATIENT = {"enrolled_on": "2026-03-02", "onset_region": "lower_limb"}
_ALL_BUT_ONE = tuple(
    {"type": "team_assign", "date": "2026-03-02", "data": {"discipline": code}}
    for code in DISCIPLINES
    if code != "gastroenterology"
)

RULE = Rule(
    code="TEAM-GAP",
    title=_("Care team incomplete"),
    ahead=_("Care team complete"),
    verb=_("Assign"),
    recorded_as="team_assign",
    condition=_(
        "%(window_days)s days after joining, each of the nine disciplines has somebody or has been declined."
    ),
    closes=_("Somebody in every seat; a declined discipline counts as covered."),
    kind=RuleKind.DEADLINE,
    owner=COORDINATOR,
    severities=(Severity.ATTENTION,),
    source=(
        Source(_("Nine disciplines named: NASEM 2024"), Mark.STATED),
        Source(_("30 days: product default"), Mark.DEFAULT),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "A seat left empty is overdue on day 31; a decline covers it.",
            _PATIENT,
            (
                *_ALL_BUT_ONE,
                {"type": "decline", "date": "2026-04-13", "data": {"topic": "discipline:gastroenterology"}},
            ),
            "2026-10-12",
            (("", "2026-04-02", "2026-04-13"),),
        ),
        Example(
            "Nine people on day 30 are on time.",
            _PATIENT,
            (
                *_ALL_BUT_ONE,
                {"type": "team_assign", "date": "2026-04-01", "data": {"discipline": "gastroenterology"}},
            ),
            "2027-03-01",
            (),
        ),
        Example(
            "A seat that is left vacant opens it that day.",
            _PATIENT,
            (
                *_ALL_BUT_ONE,
                {"type": "team_assign", "date": "2026-03-02", "data": {"discipline": "gastroenterology"}},
                {"type": "team_unassign", "date": "2026-06-01", "data": {"discipline": "nutrition"}},
            ),
            "2026-12-31",
            (("", "2026-06-01", None),),
        ),
    ),
)
