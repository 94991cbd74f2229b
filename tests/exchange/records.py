"""A clinic's CSV files as timelines, read without the product's own reader."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

_KINDS = {
    "status_changes": "status_change",
    "declines": "decline",
    "decline_withdrawals": "withdraw_decline",
    "deferrals": "deferral",
    "nutrition_review": "nutrition_review",
    "resp_assessment": "resp_assessment",
    "bulbar_status": "bulbar_status",
    "swallow_screen": "swallow_screen",
    "referrals": "referral",
    "referral_updates": "referral_update",
    "equipment": "equipment_request",
    "equipment_updates": "equipment_status",
}
_FLAGS = ("impaired", "positive", "permanent")
_RULES = ["NUTR-3M", "PALL-REF", "EQ-STAGE", "EQ-AGE"]


def timelines(folder: Path, *, as_of: date, recorded_on: date | None = None) -> list[dict[str, Any]]:
    """One timeline for each row of patients.csv; ``recorded_on`` in place of each row's own."""
    patient_of = _parents(folder)
    events: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, kind in _KINDS.items():
        for row in _rows(folder, name):
            parent = row.get("referral") or row.get("request")
            patient = row["patient"] if parent is None else patient_of[parent]
            events[patient].append(_event(kind, row, parent, recorded_on))
    return [
        {
            "id": row["external_id"],
            "patient": {
                "enrolled_on": row["enrolled_on"],
                "diagnosis_date": row["diagnosed_on"] or None,
                "onset_region": row["onset_region"],
                "clinic_tz": "America/New_York",
                "baseline_weight_kg": None,
            },
            "as_of": as_of.isoformat(),
            "rules_in_scope": _RULES,
            "events": sorted(events[row["external_id"]], key=lambda event: event["order"]),
        }
        for row in _rows(folder, "patients")
    ]


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _parents(folder: Path) -> dict[str, str]:
    files = ("referrals", "equipment")
    return {row["external_id"]: row["patient"] for name in files for row in _rows(folder, name)}


def _event(kind: str, row: dict[str, str], parent: str | None, recorded_on: date | None) -> dict[str, Any]:
    data: dict[str, Any] = {name: value for name, value in row.items() if value}
    data |= {flag: row[flag] == "yes" for flag in _FLAGS if row.get(flag)}
    data["id"] = parent or row["external_id"]
    if kind == "nutrition_review":
        data["weight_kg"] = float(row["weight_kg"]) if row["weight_kg"] else None
        reasoned = bool(row["weight_unobtainable"] == "yes" and row["weight_unobtainable_reason"])
        data["weight_unobtainable"] = reasoned
    return {
        "id": row["external_id"],
        "type": kind,
        "date": row["date"],
        "recorded_on": recorded_on.isoformat() if recorded_on else row["recorded_on"],
        "order": int(row["order"]),
        "data": data,
    }
