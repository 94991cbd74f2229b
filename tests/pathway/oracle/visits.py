"""Visits, care team, medicines and cognition."""

from datetime import date

from tests.pathway.oracle.choices import in_force
from tests.pathway.oracle.findings import live_bpap, niv_since
from tests.pathway.oracle.known import Known, add_months, on_since, plus

DISCIPLINES = (
    "neurology",
    "pulmonology",
    "gastroenterology",
    "speech_language_pathology",
    "nutrition",
    "physical_therapy",
    "occupational_therapy",
    "social_work",
    "palliative_care",
)


def mdt_visit(known: Known) -> bool:
    """'A = latest clinic_visit or enrolled_on; D > add_months(A,3) + 14.'"""
    if in_force(known, "mdt_visit"):
        return False
    visits = known.days("clinic_visit")
    anchor = visits[-1] if visits else known.enrolled_on
    return known.late(add_months(anchor, 3), 14)


def team_gap(known: Known) -> bool:
    """'D > enrolled_on + 30 and any of the nine disciplines has neither an active assignment
    nor a decline in force.'"""
    return known.late(known.enrolled_on, 30) and not all(covered(known, each) for each in DISCIPLINES)


def covered(known: Known, discipline: str) -> bool:
    changes = known.of("team_assign", "team_unassign", discipline=discipline)
    if changes and changes[-1].kind == "team_assign":
        return True
    if in_force(known, f"discipline:{discipline}"):
        return True
    # "a decline of `palliative` also covers palliative care"
    return discipline == "palliative_care" and in_force(known, "palliative")


# --- riluzole and edaravone ----------------------------------------------------------------------


def course_since(known: Known, drug: str) -> date | None:
    """'A course start … is the first of its unbroken run.'"""
    return on_since(known.of("med_start", drug=drug), known.of("med_stop", drug=drug))


def ril_base(known: Known) -> bool:
    """'Current course started S; no LFT in [S−90, S] and none after S.'"""
    started = course_since(known, "riluzole")
    if started is None:
        return False
    tests = known.days("lft")
    return not any(plus(started, -90) <= on <= started or on > started for on in tests)


def ril_lft(known: Known) -> bool:
    """'D > add_months(A,step) + 7 and D > enrolled_on + 30.'"""
    started = course_since(known, "riluzole")
    if started is None or in_force(known, "lft"):
        return False
    # "A = latest LFT ≥ S, else S."
    since_start = [on for on in known.days("lft") if on >= started]
    anchor = since_start[-1] if since_start else started
    # "Step = 1 month if A < add_months(S,3); 3 if A < add_months(S,12); else 6."
    if anchor < add_months(started, 3):
        step = 1
    elif anchor < add_months(started, 12):
        step = 3
    else:
        step = 6
    return known.late(add_months(anchor, step), 7) and known.late(known.enrolled_on, 30)


def ril_hep(known: Known) -> bool:
    """'Course active; latest LFT (dated ≥ S−90) has max(ALT, AST) > 5.0 × ULN or bilirubin_high;
    no prescriber_decision(riluzole) dated ≥ that LFT.'"""
    started = course_since(known, "riluzole")
    if started is None:
        return False
    tests = [each for each in known.of("lft") if each.on >= plus(started, -90)]
    if not tests:
        return False
    values = [tests[-1].data.get(name) for name in ("alt_x_uln", "ast_x_uln")]
    high = any(value is not None and value > 5.0 for value in values)
    if not high and tests[-1].data.get("bilirubin_high") is not True:
        return False
    decisions = known.days("prescriber_decision", drug="riluzole")
    return not any(on >= tests[-1].on for on in decisions)


def edv_cycle(known: Known) -> bool:
    """'C = latest of course start and cycle_start; D > C + 28 + 3.'"""
    started = course_since(known, "edaravone")
    if started is None:
        return False
    latest = max([started, *known.days("cycle_start", drug="edaravone")])
    return known.late(plus(latest, 28), 3)


# --- cognition -----------------------------------------------------------------------------------


def cog_screen(known: Known) -> bool:
    """'(a) none ever and D > enrolled_on + 90; or (b) D > add_months(latest,12) + 30; or (c).'"""
    if in_force(known, "cognitive_screen"):
        return False
    screens = known.days("cognitive_screen")
    if not screens and known.late(known.enrolled_on, 90):
        return True
    if screens and known.late(add_months(screens[-1], 12), 30):
        return True
    return unscreened_before_niv(known, screens)


def unscreened_before_niv(known: Known, screens: list[date]) -> bool:
    """'(c) from the first date of the current BPAP request/NIV use, no screen with
    add_months(screen,12) ≥ that date.'"""
    current = [each.on for each in live_bpap(known)]
    in_use_since = niv_since(known)
    if in_use_since is not None:
        current.append(in_use_since)
    return bool(current) and not any(add_months(on, 12) >= min(current) for on in screens)


def exec_safe(known: Known) -> bool:
    """'Latest screen executive_impaired at T; no safety_plan dated ≥ T; D > T + 14.'"""
    screens = known.of("cognitive_screen")
    if not screens or screens[-1].data.get("executive_impaired") is not True:
        return False
    impaired_on = screens[-1].on
    planned = any(on >= impaired_on for on in known.days("safety_plan"))
    return not planned and known.late(impaired_on, 14)
