"""Riluzole with its liver tests, edaravone, and non-invasive ventilation."""

from datetime import date, timedelta
from math import exp

from exchange.cohort import figures
from exchange.cohort.equipment import request_item
from exchange.cohort.history import History
from exchange.cohort.person import Course, lognormal
from pathway.dates import add_months
from pathway.facts import Event

STARTS_RILUZOLE = 0.62
"""Share who ever take it here, so that 48.3 % take it at any time."""

STOPS_A_MONTH = 0.012
ON_EDARAVONE = 0.06
ON_TIME = 0.9
"""Share of blood tests and cycles on the day they are due, or before."""


def draw_medication(history: History, course: Course) -> None:
    """The disease-modifying drugs and what they ask for."""
    if history.visits and history.chance(STARTS_RILUZOLE):
        _riluzole(history)
    if history.visits and history.chance(ON_EDARAVONE):
        _edaravone(history)


def _riluzole(history: History) -> None:
    day = history.visits[0]
    start = history.within(day, 0, 10)
    stops = start + timedelta(days=history.random.expovariate(STOPS_A_MONTH / figures.DAYS_A_MONTH))
    _liver_test(history, day if history.chance(0.94) else history.within(start, 4, 20))
    history.find("med_start", start, drug="riluzole", dose="50 mg twice daily", route="oral")
    last = start
    while (last := _next_test(history, start, last)) <= min(stops, history.visits_until):
        if _liver_test(history, last) and not _decided(history, last):
            stops = last
            break
    if stops <= history.visits_until:
        history.find("med_stop", stops, drug="riluzole")


def _next_test(history: History, start: date, last: date) -> date:
    """A month later during the first three months, then three, after a year six (RIL-LFT)."""
    months = 1 if last < add_months(start, 3) else 3 if last < add_months(start, 12) else 6
    due = add_months(last, months)
    return history.within(due, -5, 6) if history.chance(ON_TIME) else history.within(due, 9, 30)


def _liver_test(history: History, day: date) -> bool:
    """A test; returns whether it was above five times the upper limit."""
    alt, ast = (min(lognormal(history.random, 0.7, 0.42), 40) for _enzyme in range(2))
    if history.chance(0.006):
        alt = 5.1 + exp(history.random.gauss(0, 0.5))
    history.find("lft", day, alt_x_uln=round(alt, 1), ast_x_uln=round(ast, 1))
    return round(alt, 1) > 5


def _decided(history: History, tested: date) -> bool:
    """A prescriber's decision after a high test, within days; returns whether riluzole goes on."""
    goes_on = history.chance(0.3)
    day = history.within(tested, 0, 1) if history.chance(0.8) else history.within(tested, 2, 6)
    decision = "reduce" if goes_on else "stop"
    history.find("prescriber_decision", day, drug="riluzole", decision=decision)
    return goes_on


def _edaravone(history: History) -> None:
    day = history.within(history.visits[0], 20, 60)
    if history.find("med_start", day, drug="edaravone", route="iv") is None:
        return
    stops = day + timedelta(days=history.random.randint(120, 600))
    while day <= min(stops, history.visits_until):
        history.find("cycle_start", day, place=history.random.choice(("infusion_center", "home")))
        late = history.random.randint(0, 2) if history.chance(ON_TIME) else history.random.randint(4, 12)
        day += timedelta(days=28 + late)
    history.find("med_stop", day, drug="edaravone", reason="The person’s choice")


def draw_ventilation(history: History, course: Course) -> None:
    """A device once the criteria are met, or before; its use is reviewed after two months."""
    need = _first_need(history)
    if need is not None and history.chance(figures.DECLINES_NIV):
        need = _declined(history, need)
    if need is None:
        return
    asked_on = history.after(need, 7, 0.6)
    certain = history.chance(0.93)
    delivered_on = request_item(history, "bpap", asked_on, backup_rate=True if certain else None)
    if delivered_on is None or delivered_on > history.visits_until:
        return
    start = _started(history, delivered_on)
    if start is None:
        return
    history.find("niv_start", start, backup_rate="yes" if certain else "not_known", interface="nasal_mask")
    if not certain:
        history.find("niv_device_update", history.within(start, 1, 10), backup_rate="yes")
    reviewed = history.within(start, 62, 88) if history.chance(0.88) else history.within(start, 93, 130)
    hours = round(min(max(history.random.gauss(6, 2.5), 0.5), 22), 1)
    history.find("niv_adherence_review", reviewed, hours_per_day=hours)
    _after_niv(history, course, start)


def _first_need(history: History) -> date | None:
    """The day on which a lung test meets the criteria, or some time after one in the planning band."""
    for event in history.of("resp_assessment"):
        if _criteria_met(event):
            return event.on
        if 50 <= (event.data["findings"].get("fvc_pct") or 100) < 60:
            return history.after(event.on, 11, 0.5)
    return None


def _started(history: History, delivered_on: date) -> date | None:
    """At once, or for many of those who had the device early not before the criteria are met."""
    met = [event.on for event in history.of("resp_assessment") if _criteria_met(event)]
    at_once = history.within(delivered_on, 0, 2)
    if history.chance(0.35):
        return at_once
    return max(at_once, met[0]) if met else None


def _criteria_met(event: Event) -> bool:
    findings = event.data["findings"]
    fvc = findings.get("fvc_pct") or 100
    return bool(fvc < 50 or (fvc < 80 and findings["symptoms"]) or findings["sleep_disordered_breathing"])


def _declined(history: History, need: date) -> date | None:
    """Answers of no, each time it is offered; the day on which the person changed their mind, if they did."""
    day = history.after(need, 5)
    for_good = history.chance(0.3)
    while not for_good:
        again = history.within(day, 80, 120)
        if history.add("decline", day, topic="niv", reoffer_on=again) is None:
            return None
        day = history.within(again, -6, 0) if history.chance(0.85) else history.within(again, 1, 12)
        if history.chance(0.3):
            return None if history.add("withdraw_decline", day, topic="niv") is None else day
    history.add("decline", day, topic="niv", permanent=True)
    return None


def _after_niv(history: History, course: Course, start: date) -> None:
    """A few stop; a few have a tracheostomy."""
    if history.chance(0.05):
        stopped = history.within(start, 40, 300)
        if history.find("niv_stop", stopped, reason="Could not get used to the mask"):
            history.add("decline", history.within(stopped, 0, 12), topic="niv", permanent=True)
    elif history.chance(figures.TRACHEOSTOMY * 2):
        late = start + (course.dies_on - start) / 2
        history.find("tracheostomy", late, planned=history.chance(0.6), ventilated=True)
