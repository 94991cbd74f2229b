"""A clinic's CSV files as timelines, read without the product's own reader."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

Row = dict[str, str]
Data = dict[str, Any]

_KINDS = {
    "status_changes": "status_change",
    "care_team": "team_assign",
    "declines": "decline",
    "decline_withdrawals": "withdraw_decline",
    "deferrals": "deferral",
    "deferral_ends": "withdraw_deferral",
    "referrals": "referral",
    "referral_updates": "referral_update",
    "equipment": "equipment_request",
    "equipment_updates": "equipment_status",
    "equipment_calls": "equipment_contact",
    "equipment_loans": "loaner_provided",
}
"""Files that are not called after the kind of their rows."""

_NUMBERS = ("fvc_pct", "alt_x_uln", "ast_x_uln", "hours_per_day")
_ANSWERS = {"yes": True, "no": False, "not_known": None}


def timelines(folder: Path, *, as_of: date, recorded_on: date | None = None) -> list[dict[str, Any]]:
    """One timeline for each row of patients.csv; ``recorded_on`` in place of each row's own."""
    patient_of = _parents(folder)
    events: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(folder.glob("*.csv")):
        for row in _rows(path) if path.stem != "patients" else ():
            parent = row.get("referral") or row.get("request")
            patient = row["patient"] if parent is None else patient_of[parent]
            kind = _KINDS.get(path.stem, path.stem)
            events[patient] += _events(kind, row, parent, recorded_on)
    return [
        {
            "id": row["external_id"],
            "patient": {
                "enrolled_on": row["enrolled_on"],
                "diagnosis_date": row["diagnosed_on"] or None,
                "onset_region": row["onset_region"],
                "clinic_tz": "America/New_York",
                "baseline_weight_kg": _number(row["baseline_weight_kg"]),
            },
            "as_of": as_of.isoformat(),
            "rules_in_scope": "ALL",
            "events": sorted(events[row["external_id"]], key=lambda event: event["order"]),
        }
        for row in _rows(folder / "patients.csv")
    ]


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _number(text: str) -> float | None:
    return float(text) if text else None


def _parents(folder: Path) -> dict[str, str]:
    files = ("referrals.csv", "equipment.csv")
    return {row["external_id"]: row["patient"] for name in files for row in _rows(folder / name)}


def _events(kind: str, row: Row, parent: str | None, recorded_on: date | None) -> Iterator[dict[str, Any]]:
    """The event of a row, and for a seat that was left the end of it."""
    data: Data = {name: _ANSWERS.get(value, value) for name, value in row.items() if value}
    data |= {name: float(row[name]) for name in _NUMBERS if row.get(name)}
    if row.get("line"):
        data["line"] = int(row["line"])
    data["id"] = parent or row["external_id"]
    data |= _MEANINGS.get(kind, lambda _row: {})(row)
    event = {
        "id": row["external_id"],
        "type": kind,
        "date": row["date"],
        "recorded_on": recorded_on.isoformat() if recorded_on else row["recorded_on"],
        "order": int(row["order"]),
        "data": data,
    }
    yield event
    if kind == "team_assign" and row["until"]:
        yield {
            **event,
            "id": f"{row['external_id']} ended",
            "type": "team_unassign",
            "date": row["until"],
            "recorded_on": recorded_on.isoformat() if recorded_on else row["until_recorded_on"],
            "data": {"discipline": row["discipline"], "assignment": row["external_id"]},
        }


def _nutrition_review(row: Row) -> Data:
    reasoned = bool(row["weight_unobtainable"] == "yes" and row["weight_unobtainable_reason"])
    return {"weight_kg": _number(row["weight_kg"]), "weight_unobtainable": reasoned}


def _breathing(row: Row) -> Data:
    return {"sdb": row["sleep_disordered_breathing"] == "yes", "symptoms": row["symptoms"] == "yes"}


def _liver_test(row: Row) -> Data:
    """Multiples of the upper limit, worked out where only values and limits are given."""
    return {
        f"{enzyme}_x_uln": float(row[f"{enzyme}_u_l"]) / float(row[f"{enzyme}_limit_u_l"])
        for enzyme in ("alt", "ast")
        if row[f"{enzyme}_u_l"] and row[f"{enzyme}_limit_u_l"]
    }


def _safety_plan(row: Row) -> Data:
    return {"complete": all(row[what] == "yes" for what in ("falls", "choking", "injury"))}


def _response(row: Row) -> Data:
    return {"line": 1, **({"effective": False} if row["why_not"] else {})}


_MEANINGS: dict[str, Callable[[Row], Data]] = {
    "nutrition_review": _nutrition_review,
    "resp_assessment": _breathing,
    "lft": _liver_test,
    "cycle_start": lambda _row: {"drug": "edaravone"},
    "safety_plan": _safety_plan,
    "sialorrhea_response": _response,
}
"""What the columns of a file mean to the rules, where they do not say it in so many words."""
