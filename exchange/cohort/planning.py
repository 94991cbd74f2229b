"""Cognition, talks about the end of life, palliative care, choices, and how care ends."""

from datetime import date, timedelta

from exchange.cohort import figures, names
from exchange.cohort.history import History
from exchange.cohort.person import Course

SEAT_IN_TIME = 0.985


def draw_ends(history: History, course: Course) -> None:
    """Hospice before most deaths; a few people move away."""
    random = history.random
    if course.dies_on <= history.as_of:
        history.add("status_change", course.dies_on, status="deceased")
    elif history.chance(0.02):
        history.until = history.visits_until = some_day(history, course)
        history.add("status_change", history.until, status="discharged")
    if history.chance(figures.HOSPICE_BEFORE_DEATH):
        elected = course.dies_on - timedelta(days=random.randint(10, 120))
        elected = max(elected, course.enrolled_on + timedelta(days=1))
        history.add("status_change", elected, status="hospice")
        history.visits_until = min(history.visits_until, elected)


def draw_team(history: History, course: Course) -> None:
    """Somebody for each discipline within three weeks, for a few seats later."""
    for discipline, provider in names.PROVIDERS.items():
        in_time = history.chance(SEAT_IN_TIME)
        day = (
            history.within(course.enrolled_on, 0, 20)
            if in_time
            else history.within(course.enrolled_on, 33, 70)
        )
        history.add("team_assign", day, discipline=discipline, outside_provider=provider)


def draw_cognition(history: History, course: Course) -> None:
    """A screen at one of the first visits, then yearly; a safety plan where executive function suffers."""
    impaired = history.chance(figures.COGNITION_IMPAIRED)
    executive = impaired and history.chance(figures.EXECUTIVE_IMPAIRED / figures.COGNITION_IMPAIRED)
    last: date | None = None
    for visit in history.visits:
        if last is not None and (visit - last).days < 290:
            continue
        if not history.chance(0.9):
            continue
        last = visit
        history.find(
            "cognitive_screen",
            visit,
            tool="ECAS",
            score=history.random.randint(72, 104) if impaired else history.random.randint(106, 130),
            impaired=impaired,
            executive_impaired=executive,
        )
        if executive:
            day = history.after(visit, 8, 0.6)
            history.find("safety_plan", day, falls=True, choking=True, injury=True)


def draw_talks(history: History, course: Course) -> None:
    """Talks about the end of life: yearly, and after each trigger."""
    triggers = [(day, reason) for day, reason in _triggers(history, course) if day <= history.visits_until]
    for day, reason in triggers:
        history.find("eol_trigger", day, reason=reason)
    low = [event.on for event in history.of("resp_assessment") if _below_50(event.data["findings"])]
    answered = course.enrolled_on
    for day in sorted([*(day for day, _reason in triggers), *low[:1], *history.visits]):
        trigger = day not in history.visits or day in low[:1]
        if not trigger and (day - answered).days < 260:
            continue
        if not trigger and not history.chance(0.9):
            continue
        answered = max(day, history.after(day, 6, 0.7) if trigger else day)
        history.find(
            "eol_discussion",
            answered,
            took_part=history.random.choice(_WITH),
            hospice_information=history.chance(0.4) or None,
        )
    _directive(history)


_WITH = ("The person and a spouse", "The person and a daughter", "The person alone")


def _triggers(history: History, course: Course) -> list[tuple[date, str]]:
    shares = (("distress", 0.12), ("patient_request", 0.1), ("progression", 0.15))
    return [(some_day(history, course), reason) for reason, share in shares if history.chance(share)]


def _below_50(findings: dict[str, object]) -> bool:
    fvc = findings.get("fvc_pct")
    return isinstance(fvc, int) and fvc < 50


def _directive(history: History) -> None:
    if history.visits and history.chance(figures.ADVANCE_DIRECTIVE):
        day = history.random.choice(history.visits[:6])
        kinds = ("health_care_proxy", "living_will", "medical_order")
        status = history.random.choice(("full", "full", "no_intubation", "neither"))
        kind = history.random.choice(kinds)
        history.find("advance_directive", day, directive=kind, on_file="Chart", code_status=status)


def draw_palliative(history: History, course: Course) -> None:
    """A referral in the first weeks; some people want to wait, and are asked again."""
    day = history.after(course.enrolled_on, 15, 0.6)
    while history.chance(0.1):
        again = history.within(day, 75, 110)
        history.add("decline", day, topic="palliative", reoffer_on=again)
        day = history.within(again, -5, 0) if history.chance(0.8) else history.within(again, 1, 14)
    provider = names.PROVIDERS["palliative_care"]
    referral = history.add("referral", day, discipline="palliative_care", provider=provider)
    if referral is None:
        return
    seen_on = history.within(day, 18, 45)
    booked_on = history.within(day, 2, 13) if history.chance(0.93) else history.within(day, 16, 30)
    seen_on = max(seen_on, booked_on + timedelta(days=1))
    history.add("referral_update", booked_on, id=referral, status="scheduled", appointment_on=seen_on)
    came = seen_on if history.chance(0.9) else history.within(seen_on, 3, 25)
    history.add("referral_update", came, id=referral, status="seen")


def draw_choices(history: History, course: Course) -> None:
    """A few want no weighing for a while; a few are in hospital."""
    if history.chance(0.03):
        day = some_day(history, course)
        history.add("decline", day, topic="nutrition_review", permanent=history.chance(0.1))
        if history.chance(0.3):
            history.add("withdraw_decline", history.within(day, 10, 80), topic="nutrition_review")
    if history.chance(0.08):
        day = some_day(history, course)
        until = history.within(day, 5, 40)
        history.add("deferral", day, topic="nutrition_review", until=until, reason="inpatient")


def some_day(history: History, course: Course) -> date:
    """Any day in care."""
    days = max((history.until - course.enrolled_on).days, 1)
    return course.enrolled_on + timedelta(days=history.random.randint(0, days))
