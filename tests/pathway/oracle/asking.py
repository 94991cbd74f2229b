"""Palliative care, referrals, end-of-life talk and equipment."""

from datetime import date

from tests.pathway.oracle.choices import fresh, in_force
from tests.pathway.oracle.findings import measured, requests, status_of
from tests.pathway.oracle.known import Fact, Known, add_months, final_run
from tests.pathway.oracle.standing import hospice_elections

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


# --- referrals -----------------------------------------------------------------------------------


def referrals(known: Known) -> list[Fact]:
    """Referrals, each id once."""
    sent: list[Fact] = []
    for each in known.of("referral"):
        if each.data["id"] not in [other.data["id"] for other in sent]:
            sent.append(each)
    return sent


def updates(known: Known, referral: Fact) -> list[Fact]:
    """'"Scheduled" without appointment_on is as if not recorded.'"""
    return [
        each
        for each in known.of("referral_update", id=referral.data["id"])
        if each.data["status"] != "scheduled" or each.data.get("appointment_on")
    ]


def pall_ref(known: Known) -> bool:
    """'T = later of diagnosis_date and enrolled_on; no palliative referral that is not cancelled
    (any date); D > T + 30. T refreshed by the latest update on a palliative referral.'"""
    if in_force(known, "palliative"):
        return False
    starts = [known.enrolled_on, *fresh(known, "palliative")]
    # "no diagnosis date → enrolled_on is the anchor"
    if known.patient.get("diagnosis_date"):
        starts.append(date.fromisoformat(known.patient["diagnosis_date"]))
    for referral in referrals(known):
        if referral.data["discipline"] != "palliative_care":
            continue
        run = final_run(updates(known, referral), lambda each: each.data["status"])
        if not run or run[0].data["status"] != "cancelled":
            return False
        # "a repeated … cancellation does not move its date"
        starts.append(run[0].on)
    return known.late(max(starts), 30)


def ref_stall(known: Known) -> set[str]:
    """'Per referral: no update and D > date + 14; or latest update scheduled and
    D > appointment_on + 7. Palliative referrals are silent while palliative is declined.'"""
    stalled = set()
    for referral in referrals(known):
        if referral.data["discipline"] == "palliative_care" and in_force(known, "palliative"):
            continue
        moves = updates(known, referral)
        if not moves:
            late = known.late(referral.on, 14)
        elif moves[-1].data["status"] == "scheduled":
            late = known.late(date.fromisoformat(moves[-1].data["appointment_on"]), 7)
        else:
            late = False
        if late:
            stalled.add(referral.data["id"])
    return stalled


# --- end-of-life talk ----------------------------------------------------------------------------


def eol_talk(known: Known) -> bool:
    """'Any trigger at t with no discussion dated ≥ t and D > t + 14 (patient_request 7); … or
    D > add_months(latest discussion or enrolled_on, 12).'"""
    if in_force(known, "eol_discussion"):
        return False
    # "Electing hospice counts as a discussion."
    talks = known.days("eol_discussion") + hospice_elections(known)
    withdrawn = fresh(known, "eol_discussion")
    for on, window in triggers(known):
        if not any(talk >= on for talk in talks) and known.late(max([on, *withdrawn]), window):
            return True
    return known.late(add_months(max(talks, default=known.enrolled_on), 12))


def triggers(known: Known) -> list[tuple[date, int]]:
    """Each trigger with its window. 'First measured FVC < 50 is a trigger.'"""
    found = [
        (each.on, 7 if each.data["reason"] == "patient_request" else 14) for each in known.of("eol_trigger")
    ]
    low = [each.on for each in measured(known) if each.data["fvc_pct"] < 50]
    return found + [(on, 14) for on in low[:1]]


# --- equipment -----------------------------------------------------------------------------------


def eq_stage(known: Known) -> set[str]:
    """'Per request: c = first day of the current run of the same status; D > c + limit(status).'"""
    stalled = set()
    for request in requests(known):
        status, since = status_of(known, request)
        if status in TERMINAL:
            continue
        limit = STAGE_LIMITS[status]
        if status == "ordered":
            limit = ORDERED_LIMITS.get(request.data["item"], limit)
        if known.late(since, limit):
            stalled.add(request.data["id"])
    return stalled


def eq_age(known: Known) -> set[str]:
    """'Per request not yet delivered or terminal: D > request date + target.'"""
    return {
        request.data["id"]
        for request in requests(known)
        if status_of(known, request)[0] not in TERMINAL | {"delivered"}
        and known.late(request.on, AGE_TARGETS.get(request.data["item"], 30))
    }
