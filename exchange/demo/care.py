"""Care that is kept up: what a visit leads to in the weeks after it, for everybody without a gap.

Gaps, by name: "cognition", "talks", "niv", "study", "diet", "tube", "riluzole".
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from exchange.demo.history import Life
from exchange.demo.people import Person
from exchange.demo.visits import LEFT, Visit, clinic_day
from pathway.dates import add_months

STUDY_HOLDS = timedelta(days=180)


class Care:
    """Writes what belongs to the visits, up to yesterday or the last visit of those who left."""

    def __init__(self, life: Life, person: Person, visits: Sequence[Visit]) -> None:
        self.life = life
        self.person = person
        self.visits = visits
        left = LEFT.get(person.mrn)
        self.until = life.day(-1 if left is None else left)

    def add(self, kind: str, on: date, by: str, **data: Any) -> bool:
        """Something that happened; nothing of the days to come. Returns whether it did."""
        if on > self.until:
            return False
        self.life.add(kind, on, by, **data)
        return True


def keep_up(life: Life, person: Person, visits: Sequence[Visit]) -> None:
    """Everything that nobody has left open."""
    care = Care(life, person, visits)
    for name, part in _PARTS.items():
        if name not in person.gaps:
            part(care)


def _after(day: date, *, weeks: int) -> date:
    """Some weeks later, so that most things happen on the days of the clinic."""
    return day + timedelta(weeks=weeks)


def _cognition(care: Care) -> None:
    last: date | None = None
    for visit in care.visits:
        if last is None or (visit.day - last).days >= 270:
            last = visit.day
            impaired = care.person.mrn % 5 == 0
            care.add(
                "cognitive_screen", last, "ilse", tool="ECAS", impaired=impaired, executive_impaired=False
            )


def _talks(care: Care) -> None:
    """Yearly, and soon after the FVC first fell below 50."""
    low = next((visit.day for visit in care.visits if visit.fvc < 50), None)
    last = care.life.day(care.person.enrolled)
    for visit in care.visits:
        if visit.day == low or (visit.day - last).days >= 230:
            last = _after(visit.day, weeks=1) if visit.day == low else visit.day
            care.add("eol_discussion", last, "hana")


def _ventilation(care: Care) -> None:
    """Asked for days after the criteria are met; reviewed ten weeks after its start."""
    need = next((v for v in care.visits if v.fvc < 50 or (v.fvc < 80 and v.symptoms)), None)
    if need is None:
        return
    asked = _after(need.day, weeks=1)
    stages = zip(
        ("requested", "documented", "submitted", "approved", "ordered", "delivered", "in_use"),
        (asked + timedelta(days=days) for days in (0, 0, 0, 2, 2, 7, 7)),
        strict=True,
    )
    done = [(stage, on) for stage, on in stages if on <= care.until]
    if done:
        care.life.equipment(
            "bpap", "amir", done, payer=care.person.payer, vendor="Basalt Respiratory", backup_rate=True
        )
    start = _after(asked, weeks=1)
    care.add("niv_start", start, "ben", backup_rate=True)
    care.add("niv_adherence_review", _after(start, weeks=10), "ben", hours_per_day=6.5)


def _studies(care: Care) -> None:
    last: date | None = None
    for visit in care.visits:
        if visit.positive and (last is None or last < visit.day - STUDY_HOLDS):
            last = _after(visit.day, weeks=1)
            care.add("vfss", last, "asha", abnormal=visit.number % 2 == 0)


def _diet(care: Care) -> None:
    """After the first positive screen, and after each abnormal study."""
    events = [scene.event for scene in care.life.scenes]
    found = [event.on for event in events if event.kind == "vfss" and event.data["abnormal"]]
    found += [visit.day for visit in care.visits if visit.positive][:1]
    for day in sorted(found):
        care.add(
            "dysphagia_plan",
            _after(day, weeks=1),
            "asha",
            texture="done",
            chin_tuck="done",
            liquids="not_indicated",
        )


def _tube(care: Care) -> None:
    """Placed for people who swallow badly or breathe weakly; others declined, and are asked again."""
    person = care.person
    reasons = (v.day for v in care.visits if v.positive or (v.kg is not None and v.kg <= person.kg[0] * 0.95))
    reason = next(reasons, None)
    if reason is None:
        return
    asked = _after(reason, weeks=2)
    if person.onset == "bulbar" or person.fvc[1] < 50:
        care.add("gastrostomy_decision", asked, "edith", decision="accepted")
        care.add("gastrostomy_placed", _after(asked, weeks=1), "edith", findings={"technique": "peg"})
        return
    while True:
        again = _after(asked, weeks=24)
        note = "Eats well; wants to wait."
        if not care.add("decline", asked, "edith", topic="gastrostomy", reoffer_on=again, note=note):
            return
        asked = _after(again, weeks=-1)


def _riluzole(care: Care) -> None:
    """Every second person takes it, with liver tests on time."""
    if care.person.mrn % 2:
        return
    start = care.life.day(care.person.enrolled + 6)
    care.add("lft", start - timedelta(days=4), "ilse", alt_x_uln=0.6, ast_x_uln=0.7)
    care.add("med_start", start, "ilse", drug="riluzole", route="oral")
    last = start
    while care.add("lft", last := clinic_day(next_test(start, last)), "ilse", alt_x_uln=0.8, ast_x_uln=0.9):
        pass


def next_test(start: date, last: date) -> date:
    """When the next liver test is due: after one month, three or six."""
    months = 1 if last < add_months(start, 3) else 3 if last < add_months(start, 12) else 6
    return add_months(last, months)


_PARTS: Mapping[str, Callable[[Care], None]] = {
    "cognition": _cognition,
    "talks": _talks,
    "niv": _ventilation,
    "study": _studies,
    "diet": _diet,
    "tube": _tube,
    "riluzole": _riluzole,
}
