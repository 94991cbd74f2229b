"""The catalogue read literally, one day at a time, for NUTR-3M, PALL-REF, EQ-STAGE and EQ-AGE.

Written apart from the rules and sharing no code with them. It asks, for every day and every
rule, whether the condition holds at the end of that day. Slow and plain on purpose.
"""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

Raw = Mapping[str, Any]
Alert = tuple[str, str, date, date | None]

STAGE_LIMITS = {
    "requested": 3,
    "documented": 2,
    "submitted": 7,
    "approved": 5,
    "ordered": 10,
    "denied": 3,
    "appealed": 14,
    "delivered": 7,
}
ORDERED_LIMITS = {"power_wheelchair": 45, "aac_device": 21, "home_modification": 45}
AGE_TARGETS = {
    "bpap": 7,
    "cough_assist": 7,
    "suction": 7,
    "walker": 14,
    "manual_wheelchair": 14,
    "commode": 14,
    "shower_chair": 14,
    "hospital_bed": 14,
    "patient_lift": 14,
    "aac_device": 30,
    "power_wheelchair": 90,
    "home_modification": 60,
}
TERMINAL = {"in_use", "cancelled", "transferred"}
APPLIES_IN = {
    "NUTR-3M": {"active"},
    "PALL-REF": {"active"},
    "EQ-STAGE": {"active", "hospice"},
    "EQ-AGE": {"active", "hospice"},
}


def alerts(timeline: Raw) -> list[Alert]:
    """Every alert of a timeline as (rule, subject, opens, closes)."""
    first = date.fromisoformat(timeline["patient"]["enrolled_on"])
    last = date.fromisoformat(timeline["as_of"])
    open_since: dict[tuple[str, str], date] = {}
    found: list[Alert] = []
    day = first
    while day <= last:
        now_open = open_on(timeline, day)
        for rule, subject in [key for key in open_since if key not in now_open]:
            found.append((rule, subject, open_since.pop((rule, subject)), day))
        for key in now_open:
            open_since.setdefault(key, day)
        day += timedelta(days=1)
    found += [(rule, subject, since, None) for (rule, subject), since in open_since.items()]
    return sorted(found, key=lambda alert: (alert[2], alert[0], alert[1]))


def open_on(timeline: Raw, day: date) -> set[tuple[str, str]]:
    """The (rule, subject) whose condition is true at the end of ``day``."""
    patient, events = timeline["patient"], known(timeline["events"], day)
    true: set[tuple[str, str]] = set()
    if nutrition_overdue(patient, events, day) and not silent(events, "nutrition_review", day):
        true.add(("NUTR-3M", ""))
    if palliative_overdue(patient, events, day) and not silent(events, "palliative", day):
        true.add(("PALL-REF", ""))
    for subject, item, asked, statuses in requests(events):
        latest = statuses[-1]["data"]["status"] if statuses else "requested"
        since = run_start(statuses) if statuses else asked
        limit = ORDERED_LIMITS.get(item, 10) if latest == "ordered" else STAGE_LIMITS.get(latest, 0)
        if latest not in TERMINAL and day > since + timedelta(days=limit):
            true.add(("EQ-STAGE", subject))
        target = timedelta(days=AGE_TARGETS.get(item, 30))
        if latest not in TERMINAL | {"delivered"} and day > asked + target:
            true.add(("EQ-AGE", subject))
    return {(rule, subject) for rule, subject in true if applies(events, rule, day)}


def known(events: list[Raw], day: date) -> list[dict[str, Any]]:
    """Recorded by ``day``, dated by ``day``, not voided; oldest first by date, then entry."""
    seen = [
        {
            "id": raw["id"],
            "type": raw["type"],
            "date": date.fromisoformat(raw["date"]),
            "entry": (date.fromisoformat(raw.get("recorded_on") or raw["date"]), place),
            "data": raw["data"],
        }
        for place, raw in enumerate(events)
    ]
    seen = [each for each in seen if each["date"] <= day and each["entry"][0] <= day]

    def voided(one: dict[str, Any]) -> bool:
        return any(
            other["type"] == "void"
            and other["data"]["ref"] == one["id"]
            and (one["type"] != "void" or other["entry"] > one["entry"])
            and not voided(other)
            for other in seen
        )

    kept = [each for each in seen if not voided(each)]
    return sorted(kept, key=order)


def order(one: dict[str, Any]) -> tuple[date, tuple[date, int]]:
    return (one["date"], one["entry"])


def of_type(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [each for each in events if each["type"] == kind]


def add_months(day: date, months: int) -> date:
    """The same day number, or the last day of a shorter month, stepping one month at a time."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def nutrition_overdue(patient: Raw, events: list[dict[str, Any]], day: date) -> bool:
    done = [
        each["date"]
        for each in of_type(events, "nutrition_review")
        if each["data"].get("weight_kg") is not None or each["data"].get("weight_unobtainable")
    ]
    if done:
        return day > add_months(max(done), 3)
    return day > date.fromisoformat(patient["enrolled_on"]) + timedelta(days=30)


def palliative_overdue(patient: Raw, events: list[dict[str, Any]], day: date) -> bool:
    starts = [date.fromisoformat(patient["enrolled_on"])]
    if patient.get("diagnosis_date"):
        starts.append(date.fromisoformat(patient["diagnosis_date"]))
    for sent in of_type(events, "referral"):
        if sent["data"]["discipline"] != "palliative_care":
            continue
        updates = [
            each
            for each in of_type(events, "referral_update")
            if each["data"]["id"] == sent["data"]["id"]
            and not (each["data"]["status"] == "scheduled" and not each["data"].get("appointment_on"))
        ]
        if not updates or updates[-1]["data"]["status"] != "cancelled":
            return False
        starts.append(run_start(updates))
    starts += fresh(events, "palliative", "decline") + fresh(events, "palliative", "deferral")
    return day > max(starts) + timedelta(days=30)


def run_start(changes: list[dict[str, Any]]) -> date:
    """Date of the first of the equal statuses that the list ends with."""
    start: date = changes[-1]["date"]
    for each in reversed(changes):
        if each["data"]["status"] != changes[-1]["data"]["status"]:
            return start
        start = each["date"]
    return start


def requests(
    events: list[dict[str, Any]],
) -> list[tuple[str, str, date, list[dict[str, Any]]]]:
    found: list[tuple[str, str, date, list[dict[str, Any]]]] = []
    for asked in of_type(events, "equipment_request"):
        subject = asked["data"]["id"]
        if subject in [each[0] for each in found]:
            continue
        statuses = [each for each in of_type(events, "equipment_status") if each["data"]["id"] == subject]
        found.append((subject, asked["data"]["item"], asked["date"], statuses))
    return found


def ends_by_itself(choice: dict[str, Any]) -> date:
    """R of a decline or the day a deferral runs until; the far future when permanent."""
    if choice["type"] == "deferral":
        return date.fromisoformat(choice["data"]["until"])
    if choice["data"].get("permanent"):
        return date.max
    if choice["data"].get("reoffer_on"):
        return date.fromisoformat(choice["data"]["reoffer_on"])
    return add_months(choice["date"], 3)


def governing(events: list[dict[str, Any]], topic: str, kind: str) -> list[dict[str, Any]]:
    return [each for each in of_type(events, kind) if each["data"]["topic"] == topic]


def silent(events: list[dict[str, Any]], topic: str, day: date) -> bool:
    """Whether the latest decline, or the latest deferral, is in force on ``day``."""
    for kind in ("decline", "deferral"):
        chosen = governing(events, topic, kind)
        if not chosen or day >= ends_by_itself(chosen[-1]):
            continue
        withdrawn = governing(events, topic, f"withdraw_{kind}")
        if not any(order(each) > order(chosen[-1]) for each in withdrawn):
            return True
    return False


def fresh(events: list[dict[str, Any]], topic: str, kind: str) -> list[date]:
    """Dates of withdrawals that fell while a choice was in force."""
    dates = []
    withdrawals = governing(events, topic, f"withdraw_{kind}")
    for place, withdrawal in enumerate(withdrawals):
        before = [each for each in governing(events, topic, kind) if order(each) < order(withdrawal)]
        if not before or withdrawal["date"] >= ends_by_itself(before[-1]):
            continue
        if not any(order(each) > order(before[-1]) for each in withdrawals[:place]):
            dates.append(withdrawal["date"])
    return dates


def status_at(events: list[dict[str, Any]], day: date) -> str:
    changes = [each for each in of_type(events, "status_change") if each["date"] <= day]
    return changes[-1]["data"]["status"] if changes else "active"


def applies(events: list[dict[str, Any]], rule: str, day: date) -> bool:
    """Whether the status lets the rule apply and no grace after a return runs."""
    if status_at(events, day) not in APPLIES_IN[rule]:
        return False
    for changed in {each["date"] for each in of_type(events, "status_change")}:
        previous = status_at(events, changed - timedelta(days=1))
        returned = status_at(events, changed) == "active" != previous
        if returned and previous not in APPLIES_IN[rule] and day <= changed + timedelta(days=14):
            return False
    return True
