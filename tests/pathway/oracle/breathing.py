"""Breathing."""

from datetime import date

from tests.pathway.oracle.choices import fresh, in_force
from tests.pathway.oracle.findings import (
    bpap_cancelled,
    bulbar_impaired,
    live_bpap,
    measured,
    measured_fvc,
    niv_since,
    niv_stopped,
)
from tests.pathway.oracle.known import Known, add_months, plus


def resp_3m(known: Known) -> bool:
    """'A = latest resp_assessment: due add_months(A,3); none: enrolled_on + 30. D > due + 14.
    Not after tracheostomy.' 'Null FVC counts.'"""
    if known.of("tracheostomy") or in_force(known, "resp_testing"):
        return False
    done = known.days("resp_assessment")
    due = add_months(done[-1], 3) if done else plus(known.enrolled_on, 30)
    return known.late(due, 14)


def arranged(known: Known) -> bool:
    """'Live BPAP request, NIV in use, tracheostomy, or NIV decline in force.'"""
    return bool(
        live_bpap(known) or niv_since(known) is not None or known.of("tracheostomy") or in_force(known, "niv")
    )


def rad_plan(known: Known) -> bool:
    """'50 ≤ measured FVC < 60; T = first assessment measured < 60; no NIV trigger …; D > T + 28.'"""
    value = measured_fvc(known)
    if value is None or not 50 <= value < 60 or niv_criteria_met(known) is not None or arranged(known):
        return False
    first = next(each.on for each in measured(known) if each.data["fvc_pct"] < 60)
    return known.late(max([first, *fresh(known, "niv")]), 28)


def niv_criteria_met(known: Known) -> date | None:
    """'First assessment with FVC < 50, or FVC < 80 and symptoms, or sleep-disordered breathing
    (null FVC: last measured value is paired with today's symptoms).'"""
    value: float | None = None
    for each in known.of("resp_assessment"):
        if each.data.get("fvc_pct") is not None:
            value = each.data["fvc_pct"]
        if each.data.get("sdb") is True:
            return each.on
        if value is not None and (value < 50 or (value < 80 and each.data.get("symptoms") is True)):
            return each.on
    return None


def niv_trig(known: Known) -> bool:
    """'No live BPAP request, NIV in use, tracheostomy or decline. D > T + 14. T also refreshed by
    latest niv_stop or BPAP cancellation. A later better reading does not clear T.'"""
    first = niv_criteria_met(known)
    if first is None or arranged(known):
        return False
    refreshed = fresh(known, "niv") + niv_stopped(known) + bpap_cancelled(known)
    return known.late(max([first, *refreshed]), 14)


def niv_backup(known: Known) -> bool:
    """'Bulbar impaired and (NIV in use or live BPAP request); the latest of request / niv_start /
    niv_device_update has backup_rate not true; no backup_override dated ≥ it (live requests,
    starts and updates are compared together).'"""
    requested = live_bpap(known)
    if not bulbar_impaired(known) or (not requested and niv_since(known) is None):
        return False
    devices = requested + known.of("niv_start", "niv_device_update")
    latest = max(devices, key=lambda each: each.order)
    overridden = any(on >= latest.on for on in known.days("backup_override"))
    # "unknown backup rate = not confirmed"
    return latest.data.get("backup_rate") is not True and not overridden


def niv_adh(known: Known) -> bool:
    """'NIV in use since S; D > S + 90 and no adherence review dated ≥ S + 61.'"""
    since = niv_since(known)
    if since is None:
        return False
    reviewed = any(on >= plus(since, 61) for on in known.days("niv_adherence_review"))
    return not reviewed and known.late(since, 90)
