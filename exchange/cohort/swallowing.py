"""Swallow studies, diet measures, gastrostomy and saliva: what follows the screens and the scales."""

from datetime import date, timedelta

from exchange.cohort import figures, names
from exchange.cohort.history import History
from exchange.cohort.person import Course

STUDY_HOLDS = timedelta(days=180)
LOSS = 0.05
"""Share of the weight before the disease whose loss brings gastrostomy up (PEG-DISC)."""


def draw_swallowing(history: History, course: Course) -> None:
    """In the order in which one leads to the other."""
    _studies(history)
    _diet(history)
    _saliva(history, course)
    _gastrostomy(history, course)
    if course.bulbar and history.chance(figures.ASPIRATION_PNEUMONIA):
        day = history.within(course.enrolled_on, 120, 500)
        history.find("aspiration_pneumonia", day, in_hospital=history.chance(0.8))


def _positive(history: History) -> list[date]:
    return [event.on for event in history.of("swallow_screen") if event.data["findings"]["positive"]]


def _studies(history: History) -> None:
    """A study for each positive screen that none of the half year before answers."""
    last: date | None = None
    for screened in _positive(history):
        if last is not None and last >= screened - STUDY_HOLDS:
            continue
        if last is not None and history.chance(0.6):
            declined_on = history.within(screened, 0, 6)
            history.add("decline", declined_on, topic="vfss", permanent=True)
            return
        last = history.after(screened, 10, 0.4)
        history.find("vfss", last, abnormal=history.chance(0.75))


def _diet(history: History) -> None:
    """All three measures answered, days after the first finding and after each abnormal study."""
    abnormal = [event.on for event in history.of("vfss") if event.data["findings"]["abnormal"]]
    last: date | None = None
    for found in sorted([*_positive(history)[:1], *abnormal]):
        if last is not None and found <= last:
            continue
        last = history.after(found, 3.5, 0.7)
        measures = {name: "done" if history.chance(0.8) else "not_indicated" for name in _MEASURES}
        history.find("dysphagia_plan", last, **measures)


_MEASURES = ("texture", "chin_tuck", "liquids")


def _saliva(history: History, course: Course) -> None:
    """Less than half of those with impaired swallowing drool; a third need the second step."""
    impaired = [visit for visit in history.visits if visit >= course.bulbar_from]
    if not impaired or not history.chance(0.45):
        return
    began = history.random.choice(impaired)
    history.add("sialorrhea", began, findings={"present": True})
    treated = history.after(began, 7, 0.7)
    history.find("sialorrhea_treatment", treated, line="1", treatment="Oral anticholinergic")
    asked = next((visit for visit in history.visits if visit > treated), None)
    if asked is None:
        return
    works = not history.chance(0.33)
    if history.find("sialorrhea_response", asked, effective=works) and not works:
        second = history.after(asked, 18, 0.45)
        history.find("sialorrhea_treatment", second, line="2", treatment="Botulinum toxin")


def _gastrostomy(history: History, course: Course) -> None:
    """Asked once swallowing or weight calls for it, and again until accepted or declined for good."""
    reason = _first_reason(history, course)
    if reason is None:
        return
    asked = reason if history.chance(0.5) else history.after(reason, 14, 0.6)
    ready = 0.3 if _positive(history) else 0.1
    while asked <= history.visits_until:
        if history.chance(ready):
            _accepted(history, asked, course)
            return
        for_good = history.chance(figures.DECLINES_NUTRITION / 2)
        again = history.within(asked, 110, 190)
        later = {} if for_good else {"reoffer_on": again}
        history.add("decline", asked, topic="gastrostomy", permanent=for_good, **later)
        if for_good:
            return
        asked = history.within(again, -12, 0) if history.chance(0.85) else history.within(again, 1, 12)
        ready = 0.3 if _positive(history) else 0.1


def _first_reason(history: History, course: Course) -> date | None:
    limit = course.baseline_kg * 1000 * (1 - LOSS)
    abnormal = [event.on for event in history.of("vfss") if event.data["findings"]["abnormal"]]
    weights = [(event.on, event.data["findings"].get("weight_g")) for event in history.of("nutrition_review")]
    lost = [on for on, grams in weights if grams is not None and grams <= limit]
    return min([*_positive(history), *abnormal, *lost], default=None)


def _accepted(history: History, day: date, course: Course) -> None:
    if history.find("gastrostomy_decision", day, decision="accepted") is None:
        return
    provider = names.PROVIDERS["gastroenterology"]
    referral = history.add(
        "referral", day, discipline="gastroenterology", provider=provider, reason="Gastrostomy"
    )
    seen = history.after(day, 10, 0.4)
    booked = history.within(day, 0, 4)
    if referral and history.add(
        "referral_update", booked, id=referral, status="scheduled", appointment_on=seen
    ):
        history.add("referral_update", seen, id=referral, status="seen")
    if course.fvc_on(day) < 31:
        outcome = "Radiological, under ventilation"
        history.find("gastrostomy_plan_review", history.within(day, 0, 3), outcome=outcome)
    if history.chance(0.05):
        history.find("gastrostomy_cancelled", history.within(day, 5, 20), reason="Prefers to wait")
        again = history.within(day, 21, 40)
        history.add("decline", again, topic="gastrostomy", permanent=True)
        return
    placed = history.after(seen, 6, 0.6)
    history.find("gastrostomy_placed", placed, technique="rig" if course.fvc_on(day) < 50 else "peg")
