"""Nutrition, swallowing, gastrostomy and saliva."""

from datetime import date

from tests.pathway.oracle.choices import fresh, in_force
from tests.pathway.oracle.findings import (
    accepted_since,
    fvc_below,
    gastrostomy_cancelled,
    losses,
    measured,
)
from tests.pathway.oracle.known import Fact, Known, add_months, final_run, plus

SETTLED = {"done", "not_indicated", "declined"}


def nutr_3m(known: Known) -> bool:
    """'Completed review = weight present, or weight_unobtainable with reason. A = latest completed:
    due add_months(A,3); none: enrolled_on + 30. D > due.'"""
    if in_force(known, "nutrition_review"):
        return False
    completed = [
        each.on
        for each in known.of("nutrition_review")
        if each.data.get("weight_kg") is not None or each.data.get("weight_unobtainable") is True
    ]
    due = add_months(completed[-1], 3) if completed else plus(known.enrolled_on, 30)
    return known.late(due)


# --- swallowing ----------------------------------------------------------------------------------


def swal_screen(known: Known) -> bool:
    """'No screen ≥ T: D > T + 7. Else D > add_months(latest screen,3).'"""
    suspected = suspected_since(known)
    if suspected is None or in_force(known, "swallow_screen"):
        return False
    # "the rule is false on D ≤ withdrawal + 7"
    if any(not known.late(withdrawn, 7) for withdrawn in fresh(known, "swallow_screen")):
        return False
    screens = [on for on in known.days("swallow_screen") if on >= suspected]
    if not screens:
        return known.late(suspected, 7)
    return known.late(add_months(screens[-1], 3))


def suspected_since(known: Known) -> date | None:
    """'Onset bulbar: enrolled_on; else first bulbar_status impaired while the latest is impaired.'"""
    if known.patient["onset_region"] == "bulbar":
        return known.enrolled_on
    statuses = known.of("bulbar_status")
    if not statuses or statuses[-1].data["impaired"] is not True:
        return None
    return next(each.on for each in statuses if each.data["impaired"] is True)


def swal_vfss(known: Known) -> bool:
    """'T = first positive screen with no VFSS dated ≥ screen − 180 d; D > T + 14. A later negative
    screen does not clear it.'"""
    if in_force(known, "vfss"):
        return False
    studied = known.days("vfss")
    unstudied = [
        on
        for on in known.days("swallow_screen", positive=True)
        if not any(study >= plus(on, -180) for study in studied)
    ]
    return bool(unstudied) and known.late(max([unstudied[0], *fresh(known, "vfss")]), 14)


def dysph_plan(known: Known) -> bool:
    """'No complete plan: T = first positive screen or abnormal VFSS; plan exists: T = first abnormal
    VFSS after the latest complete plan. D > T + 7.'"""
    if in_force(known, "dysphagia_plan"):
        return False
    complete = [each.on for each in known.of("dysphagia_plan") if is_complete(each)]
    abnormal = known.days("vfss", abnormal=True)
    if complete:
        since = [on for on in abnormal if on > complete[-1]]
    else:
        since = abnormal + known.days("swallow_screen", positive=True)
    return bool(since) and known.late(max([min(since), *fresh(known, "dysphagia_plan")]), 7)


def is_complete(plan: Fact) -> bool:
    """'Complete = texture, chin_tuck and liquids each done/not_indicated/declined.'"""
    return all(plan.data.get(name) in SETTLED for name in ("texture", "chin_tuck", "liquids"))


# --- gastrostomy ---------------------------------------------------------------------------------


def peg_disc(known: Known) -> bool:
    """'T = first of positive screen, abnormal VFSS, weight loss ≥ 5.0% of baseline. No pending
    acceptance, placement or decline in force; measured FVC not < 30; D > T + 28. T also refreshed
    by gastrostomy_cancelled.'"""
    reasons = known.days("swallow_screen", positive=True) + known.days("vfss", abnormal=True)
    reasons += [each.on for each in losses(known, 5)]
    settled = accepted_since(known) is not None or known.of("gastrostomy_placed")
    if not reasons or settled or in_force(known, "gastrostomy") or fvc_below(known, 30):
        return False
    refreshed = fresh(known, "gastrostomy") + gastrostomy_cancelled(known)
    return known.late(max([min(reasons), *refreshed]), 28)


def peg_place(known: Known) -> bool:
    """'Pending acceptance at T; measured FVC not < 30; D > T + 28, or T + 14 once measured
    FVC < 60.'"""
    accepted = accepted_since(known)
    if accepted is None or fvc_below(known, 30):
        return False
    return known.late(accepted, 14 if fvc_below(known, 60) else 28)


def peg_fvc30(known: Known) -> bool:
    """'Pending acceptance, measured FVC < 30, no gastrostomy_plan_review dated ≥ the first
    FVC < 30.'"""
    if accepted_since(known) is None or not fvc_below(known, 30):
        return False
    first = next(each.on for each in measured(known) if each.data["fvc_pct"] < 30)
    return not any(on >= first for on in known.days("gastrostomy_plan_review"))


# --- saliva --------------------------------------------------------------------------------------


def sial_step(known: Known) -> set[str]:
    """'Only facts dated ≥ T, the first day of the current run of "present", count.'"""
    run = final_run(known.of("sialorrhea"), lambda each: each.data["present"])
    if not run or run[0].data["present"] is not True or in_force(known, "sialorrhea"):
        return set()
    present = run[0].on
    treated = [each for each in known.of("sialorrhea_treatment") if each.on >= present]
    answers = [each for each in known.of("sialorrhea_response", line=1) if each.on >= present]
    failed = [each for each in answers if each.data["effective"] is False]
    withdrawn = fresh(known, "sialorrhea")
    steps = set()
    # "step 1: present since T, no treatment and no failed line-1 response: D > T + 14"
    if not treated and not failed and known.late(max([present, *withdrawn]), 14):
        steps.add("step1")
    # "step 2: while the latest line-1 response is ineffective …, T2 = the first of that run,
    # no line-2 treatment ≥ T2: D > T2 + 28"
    last_run = final_run(answers, lambda each: each.data["effective"])
    if last_run and last_run[0].data["effective"] is False:
        second = last_run[0].on
        next_line = any(each.data["line"] == 2 and each.on >= second for each in treated)
        if not next_line and known.late(max([second, *withdrawn]), 28):
            steps.add("step2")
    return steps
