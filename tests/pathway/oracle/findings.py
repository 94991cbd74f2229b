"""Findings that several rules share."""

from datetime import date

from tests.pathway.oracle.known import Fact, Known, final_run, on_since


def measured(known: Known) -> list[Fact]:
    """Assessments whose fvc_pct is not null."""
    return [each for each in known.of("resp_assessment") if each.data.get("fvc_pct") is not None]


def measured_fvc(known: Known) -> float | None:
    """'Measured FVC = latest fvc_pct that is not null.'"""
    found = measured(known)
    return found[-1].data["fvc_pct"] if found else None


def fvc_below(known: Known, limit: float) -> bool:
    value = measured_fvc(known)
    return value is not None and value < limit


def bulbar_impaired(known: Known) -> bool:
    """'Onset region bulbar, or latest bulbar_status impaired, or latest swallow screen positive.'"""
    statuses, screens = known.of("bulbar_status"), known.of("swallow_screen")
    return (
        known.patient["onset_region"] == "bulbar"
        or (bool(statuses) and statuses[-1].data["impaired"] is True)
        or (bool(screens) and screens[-1].data["positive"] is True)
    )


def grams(kilograms: float) -> int:
    """'Weights compare in whole grams.'"""
    return round(kilograms * 1000)


def losses(known: Known, percent: int) -> list[Fact]:
    """Weights that are at least so much under the baseline: 'recorded baseline, else first weight'."""
    weighed = [each for each in known.of("nutrition_review") if each.data.get("weight_kg") is not None]
    baseline_kg = known.patient.get("baseline_weight_kg")
    if baseline_kg is None and not weighed:
        return []
    baseline = grams(weighed[0].data["weight_kg"] if baseline_kg is None else baseline_kg)
    return [
        each for each in weighed if (baseline - grams(each.data["weight_kg"])) * 100 >= percent * baseline
    ]


# --- equipment -----------------------------------------------------------------------------------


def requests(known: Known, item: str | None = None) -> list[Fact]:
    """Equipment requests, each id once."""
    asked: list[Fact] = []
    for each in known.of("equipment_request"):
        if each.data["id"] not in [other.data["id"] for other in asked]:
            asked.append(each)
    return [each for each in asked if item is None or each.data["item"] == item]


def status_of(known: Known, request: Fact) -> tuple[str, date]:
    """The latest status, and the 'first day of the current run of the same status'."""
    changes = known.of("equipment_status", id=request.data["id"])
    if not changes:
        return "requested", request.on
    run = final_run(changes, lambda each: each.data["status"])
    return run[0].data["status"], run[0].on


def live_bpap(known: Known) -> list[Fact]:
    """'Equipment request for bpap whose latest status is not cancelled.'"""
    return [each for each in requests(known, "bpap") if status_of(known, each)[0] != "cancelled"]


def bpap_cancelled(known: Known) -> list[date]:
    """'A repeated … cancellation does not move its date.'"""
    found = [status_of(known, each) for each in requests(known, "bpap")]
    return [since for status, since in found if status == "cancelled"]


# --- NIV -----------------------------------------------------------------------------------------


def niv_since(known: Known) -> date | None:
    """'NIV in use = a niv_start with no niv_stop after it'; since its first start."""
    return on_since(known.of("niv_start"), known.of("niv_stop"))


def niv_stopped(known: Known) -> list[date]:
    """The day of the latest stop. 'Repeats reset nothing': of stops in a row the first."""
    changes = known.of("niv_start", "niv_stop")
    while changes and changes[-1].kind == "niv_start":
        changes.pop()
    return [final_run(changes, lambda each: each.kind)[0].on] if changes else []


# --- gastrostomy ---------------------------------------------------------------------------------


def accepted_since(known: Known) -> date | None:
    """Pending acceptance: 'not placed, cancelled or declined since', the first of its run.
    'A gastrostomy placed on or after the acceptance date ends that acceptance.'"""
    ends = known.of("gastrostomy_cancelled") + known.of("decline", topic="gastrostomy")
    placed = known.days("gastrostomy_placed")
    pending = [
        each
        for each in known.of("gastrostomy_decision", decision="accepted")
        if each.on > max(placed, default=date.min)
    ]
    return on_since(pending, ends)


def gastrostomy_cancelled(known: Known) -> list[date]:
    """The day of the latest cancellation; of cancellations in a row the first."""
    changes = known.of("gastrostomy_decision", "gastrostomy_cancelled")
    while changes and changes[-1].kind == "gastrostomy_decision":
        changes.pop()
    return [final_run(changes, lambda each: each.kind)[0].on] if changes else []
