"""What a clinic records about one synthetic person, up to a day."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from exchange.cohort import figures, names
from exchange.cohort.person import Course, Person, kings_stage_ends, lognormal
from pathway.catalogue import DISCIPLINES, ITEMS
from pathway.facts import Event

WALKING = ("walker", "ankle_foot_orthosis", "shower_chair", "manual_wheelchair", "commode")
LATER = ("power_wheelchair", "home_modification", "hospital_bed", "patient_lift", "cough_assist", "bpap")
SPEECH = ("aac_device", "suction", "feeding_pump")
LAST = ("pressure_mattress", "environmental_control", "slide_board", "lift_chair", "call_chime")


class History:
    """Collects events up to a day; each is recorded the same day or, now and then, later."""

    def __init__(self, random: Random, person: Person, as_of: date) -> None:
        self.random = random
        self.person = person
        self.as_of = as_of
        self.until = min(as_of, person.course.dies_on)
        self.visits_until = self.until
        self.events: list[Event] = []
        self._recorded: dict[str, date] = {}

    def add(self, kind: str, on: date, **data: Any) -> str | None:
        """Something that happened; nothing after the last day is kept. Returns its id."""
        if on > self.until:
            return None
        number = len(self.events) + 1
        id_ = f"{self.person.fields['external_id']}-{number:03}"
        data = {"external_id": id_, "id": id_, **data}
        recorded_on = min(on + timedelta(days=self._delay()), self.as_of)
        recorded_on = max(recorded_on, self._recorded.get(data["id"], recorded_on))
        self._recorded[id_] = recorded_on
        self.events.append(Event(id_, kind, on, recorded_on, number, data))
        return id_

    def chance(self, share: float) -> bool:
        """True as often as the share."""
        return self.random.random() < share

    def _delay(self) -> int:
        drawn = self.random.random()
        if drawn < 0.85:
            return 0
        return self.random.randint(1, 3) if drawn < 0.97 else self.random.randint(4, 21)


def draw_events(random: Random, person: Person, as_of: date) -> Sequence[Event]:
    """A person's records in the order they were recorded."""
    history = History(random, person, as_of)
    for part in (_ends, _team, _visits, _palliative, _choices, _equipment):
        part(history, person.course)
    return sorted(history.events, key=lambda event: (event.recorded_on, event.entry))


def _team(history: History, course: Course) -> None:
    for discipline in DISCIPLINES:
        if history.chance(0.94):
            day = course.enrolled_on + timedelta(days=history.random.randint(0, 20))
            history.add(
                "team_assign", day, discipline=discipline, outside_provider=names.PROVIDERS[discipline]
            )


def _visits(history: History, course: Course) -> None:
    day = course.enrolled_on + timedelta(days=history.random.randint(0, 14))
    while day <= history.visits_until:
        if not history.chance(figures.VISITS_MISSED):
            _visit(history, course, day)
        day += timedelta(days=max(28, round(history.random.gauss(*figures.VISIT_INTERVAL))))


def _visit(history: History, course: Course, day: date) -> None:
    """Weight, lungs, speech and swallowing."""
    random = history.random
    if history.chance(0.96):
        history.add("nutrition_review", day, findings=_weight(history, course, day))
    fvc = course.fvc_on(day) + random.gauss(0, 2)
    findings: dict[str, Any] = {"symptoms": fvc < 60 or history.chance(0.05)}
    if fvc > 12 and not (course.bulbar and history.chance(0.1)):
        findings["fvc_pct"] = round(min(fvc, 150))
    history.add("resp_assessment", day, findings=findings)
    impaired = course.bulbar or (day - course.onset_on).days > 600
    if history.chance(0.6):
        history.add("bulbar_status", day, findings={"impaired": impaired})
    if impaired and history.chance(0.8):
        history.add("swallow_screen", day, findings={"positive": history.chance(0.5), "tool": "eat_10"})


def _weight(history: History, course: Course, day: date) -> dict[str, Any]:
    drawn = history.random.random()
    if drawn < 0.02:
        return {}
    if drawn < 0.04:
        return {"weight_unobtainable": True, "weight_unobtainable_reason": "No chair scale"}
    kg = min(max(course.kg_on(day), 30), 200)
    return {"weight_g": round(kg * 10) * 100, "intake": "mouth"}


def _palliative(history: History, course: Course) -> None:
    random = history.random
    day = course.enrolled_on + timedelta(days=lognormal(random, 20, 0.8))
    if history.chance(0.1):
        history.add("decline", day, topic="palliative")
        day += timedelta(days=random.randint(60, 200))
        if history.chance(0.5):
            return
    referral = history.add(
        "referral", day, discipline="palliative_care", provider=names.PROVIDERS["palliative_care"]
    )
    if referral is None:
        return
    if history.chance(0.04):
        cancelled_on = day + timedelta(days=random.randint(3, 30))
        history.add("referral_update", cancelled_on, id=referral, status="cancelled", reason="Moved")
        return
    called_on, seen_on = (day + timedelta(days=random.randint(*span)) for span in ((2, 14), (18, 45)))
    history.add("referral_update", called_on, id=referral, status="scheduled", appointment_on=seen_on)
    if history.chance(0.9):
        history.add("referral_update", seen_on, id=referral, status="seen")


def _choices(history: History, course: Course) -> None:
    """Declines, some taken back, and stays in hospital."""
    for topic, share in (
        ("niv", figures.DECLINES_NIV),
        ("gastrostomy", figures.DECLINES_NUTRITION),
        ("nutrition_review", 0.03),
    ):
        if not history.chance(share):
            continue
        day = _some_day(history, course)
        history.add("decline", day, topic=topic, permanent=history.chance(0.1))
        if history.chance(0.3):
            day += timedelta(days=history.random.randint(10, 80))
            history.add("withdraw_decline", day, topic=topic)
    if history.chance(0.08):
        day = _some_day(history, course)
        until = day + timedelta(days=history.random.randint(5, 40))
        history.add("deferral", day, topic="nutrition_review", until=until, reason="inpatient")


def _some_day(history: History, course: Course) -> date:
    days = max((history.until - course.enrolled_on).days, 1)
    return course.enrolled_on + timedelta(days=history.random.randint(0, days))


def _equipment(history: History, course: Course) -> None:
    """As many items as belong to each of King's stages, asked for during it."""
    items = _items(history.random, course)
    start, had = course.onset_on, 0
    for end, (low, high) in zip(kings_stage_ends(course), figures.ITEMS_BY_STAGE, strict=True):
        wanted = history.random.randint(low, high)
        for item in items[had:wanted] if end > course.enrolled_on else ():
            day = start + timedelta(days=history.random.uniform(0, max((end - start).days, 1)))
            _request(history, item, max(day, course.enrolled_on))
        start, had = end, max(had, wanted)


def _items(random: Random, course: Course) -> Sequence[str]:
    first = [*SPEECH, *WALKING] if course.bulbar else [*WALKING]
    second = [*LATER] if course.bulbar else [*LATER, *SPEECH]
    random.shuffle(first)
    random.shuffle(second)
    return [*first, *second, *random.sample(LAST, len(LAST))]


def _request(history: History, item: str, day: date) -> None:
    random = history.random
    request = history.add(
        "equipment_request",
        day,
        item=item,
        payer=history.person.fields["payer"],
        vendor=random.choice(names.VENDORS),
        backup_rate=True if item == "bpap" and history.chance(0.8) else None,
    )
    if request is None:
        return
    for stage, on in _stages(random, item, day):
        if history.add("equipment_status", on, id=request, status=stage) is None:
            break
        if stage in ("submitted", "ordered") and history.chance(0.3):
            _call(history, request, on)
    if ITEMS[item].code == "power_wheelchair" and history.chance(0.5):
        history.add("loaner_provided", day + timedelta(days=7), id=request, item_lent="Transport chair")


def _call(history: History, request: str, on: date) -> None:
    called_on = on + timedelta(days=history.random.randint(2, 6))
    history.add(
        "equipment_contact",
        called_on,
        id=request,
        person="Intake desk",
        next_call_on=called_on + timedelta(days=history.random.randint(3, 10)),
    )


def _stages(random: Random, item: str, day: date) -> Iterator[tuple[str, date]]:
    """Each stage and its day; a third of the requests meet a denial, and go through an appeal."""
    lead = figures.LEAD_TIMES.get(item, figures.OTHER_LEAD_TIME)
    days = lognormal(random, lead.median, lead.sigma)
    after: Callable[[float], date] = lambda share: day + timedelta(days=days * share)  # noqa: E731
    yield "documented", after(0.1)
    yield "submitted", after(0.2)
    if random.random() < figures.PRIOR_AUTHORISATION_TROUBLE:
        yield "denied", after(0.45)
        yield "appealed", after(0.5)
        days *= 1.3
    yield "approved", after(0.6)
    yield "ordered", after(0.65)
    yield "delivered", after(1.0)
    yield "in_use", after(1.0) + timedelta(days=random.randint(1, 6))


def _ends(history: History, course: Course) -> None:
    """Hospice before most deaths; a few people move away."""
    random = history.random
    if course.dies_on <= history.as_of:
        history.add("status_change", course.dies_on, status="deceased")
    elif history.chance(0.02):
        history.until = history.visits_until = _some_day(history, course)
        history.add("status_change", history.until, status="discharged")
    if history.chance(figures.HOSPICE_BEFORE_DEATH):
        elected = course.dies_on - timedelta(days=random.randint(10, 120))
        elected = max(elected, course.enrolled_on + timedelta(days=1))
        history.add("status_change", elected, status="hospice")
        history.visits_until = min(history.visits_until, elected)
