"""Clinic visits, and what is measured at them or, between them, by phone and at home."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from exchange.cohort import figures
from exchange.cohort.history import History
from exchange.cohort.person import Course
from pathway.dates import add_months

KEPT_UP = 0.85
"""Share of three-monthly work that a phone call does in time when the next visit would come too late."""

MADE_UP = 0.75
"""Share of missed visits that are made up some weeks later."""


def draw_visits(history: History, course: Course) -> None:
    """The days of the visits, and what was found on them."""
    history.visits += _days(history, course)
    for day in history.visits:
        history.find("clinic_visit", day, drug_discussed=history.chance(0.7) or None)
        _weigh(history, course, day)
        _test_lungs(history, course, day)
    _keep_up(history, history.visits, 0, lambda day: _weigh(history, course, day))
    _keep_up(history, history.visits, 14, lambda day: _test_lungs(history, course, day))
    _speech(history, course)


def _days(history: History, course: Course) -> list[date]:
    days = []
    day = history.within(course.enrolled_on, 0, 14)
    while day <= history.visits_until:
        if not history.chance(figures.VISITS_MISSED):
            days.append(day)
        elif history.chance(MADE_UP):
            days.append(history.within(day, 10, 30))
        gap = max(35, round(history.random.gauss(*figures.VISIT_INTERVAL)))
        day += timedelta(days=gap)
    return [day for day in days if day <= history.visits_until]


def _keep_up(history: History, days: list[date], grace: int, write: Callable[[date], None]) -> None:
    """Call before three-monthly work falls overdue, where the next visit comes later."""
    for day, following in pairwise([*days, history.visits_until]):
        due = add_months(day, 3)
        if following > due + timedelta(days=grace) and history.chance(KEPT_UP):
            write(history.within(due, -10, 0))


def _weigh(history: History, course: Course, day: date) -> None:
    if history.chance(0.98):
        history.find("nutrition_review", day, **_weight(history, course, day))


def _weight(history: History, course: Course, day: date) -> dict[str, Any]:
    drawn = history.random.random()
    if drawn < 0.01:
        return {}
    if drawn < 0.03:
        return {"weight_unobtainable": True, "weight_unobtainable_reason": "No chair scale"}
    kg = min(max(course.kg_on(day), 30), 200)
    return {"weight_g": round(kg * 10) * 100, "intake": "mouth"}


def _test_lungs(history: History, course: Course, day: date) -> None:
    """Symptoms come more often with a low vital capacity; with bulbar onset some cannot be measured."""
    random = history.random
    fvc = course.fvc_on(day) + random.gauss(0, 2)
    often = 0.9 if fvc < 50 else 0.25 if fvc < 60 else 0.03 if fvc < 80 else 0.01
    findings: dict[str, Any] = {
        "symptoms": history.chance(often),
        "sleep_disordered_breathing": history.chance(0.005) or None,
    }
    if fvc > 12 and not (course.bulbar and history.chance(0.1)):
        findings["fvc_pct"] = round(min(fvc, 150))
    history.find("resp_assessment", day, **findings)


def _speech(history: History, course: Course) -> None:
    """Whether speech or swallowing is impaired; then a swallow screen every three months."""
    impaired = [day for day in history.visits if day >= course.bulbar_from]
    for day in history.visits:
        if day in impaired or history.chance(0.5):
            history.find("bulbar_status", day, impaired=day in impaired)
    if not impaired:
        return
    turns_positive = history.within(impaired[0], 0, 540)

    def screen(day: date) -> None:
        history.find("swallow_screen", day, positive=day >= turns_positive, tool="eat_10")

    for number, day in enumerate(impaired):
        if history.chance(0.95):
            screen(day if number or history.chance(0.85) else history.after(day, 7))
    _keep_up(history, impaired, 0, screen)
