"""Work left open, one story each: every rule of the catalogue is overdue for somebody."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from exchange.demo.care import next_test
from exchange.demo.history import Life

Story = Callable[[Life], None]


def _ruth(life: Life) -> None:
    """Weight loss; she wants to decide in spring. A referral that nobody answered."""
    life.add("decline", -60, "edith", topic="gastrostomy", reoffer_on=life.day(40))


def _joseph(life: Life) -> None:
    """The mask was given up a month ago, and nothing arranged since (NIV-TRIG, critical)."""
    life.add("niv_start", -222, "ben", backup_rate=True)
    life.add("niv_adherence_review", -150, "ben", hours_per_day=2.5)
    life.add("niv_stop", -24, "ben", findings={"reason": "Could not sleep with the mask"})


def _samuel(life: Life) -> None:
    """Changed his mind about ventilation; his last cognitive screen was too long ago (COG-SCREEN)."""
    life.add("decline", -80, "amir", topic="niv", note="Wants to talk to his brother first.")
    life.add("withdraw_decline", -9, "amir", topic="niv")
    life.add(
        "cognitive_screen",
        -425,
        "ilse",
        recorded=-299,
        tool="ALS-CBS",
        impaired=False,
        executive_impaired=False,
        done_elsewhere="Lakeside ALS Clinic, from the transfer letter",
    )


def _ingrid(life: Life) -> None:
    """A new device, whose backup rate nobody confirmed (NIV-BACKUP)."""
    life.add("niv_start", -180, "ben", backup_rate=True)
    life.add("niv_adherence_review", -112, "ben", hours_per_day=7.5)
    life.add("niv_device_update", -9, "ben", backup_rate=None)


def _noor(life: Life) -> None:
    """She asked to talk about what lies ahead (EOL-TALK, critical)."""
    life.add("eol_discussion", -380, "hana")
    life.add("eol_discussion", -48, "hana")
    life.add("eol_trigger", -11, "marcus", reason="patient_request")


def _gideon(life: Life) -> None:
    """Distress at home (EOL-TALK); gastrostomy is to be offered again (PEG-DISC)."""
    life.add("eol_discussion", -380, "hana")
    life.add("eol_discussion", -120, "hana")
    life.add("eol_trigger", -20, "maya", reason="distress")
    life.add("decline", -190, "edith", topic="gastrostomy", reoffer_on=life.day(-5))


def _mateo(life: Life) -> None:
    """Declined gastrostomy, then wanted to hear more; nobody has asked since (PEG-DISC)."""
    life.add("decline", -130, "edith", topic="gastrostomy", reoffer_on=life.day(60))
    life.add("withdraw_decline", -34, "edith", topic="gastrostomy", note="Wants to hear more.")


def _wanda(life: Life) -> None:
    """Accepted with an FVC of 50 (PEG-PLACE, critical)."""
    life.add("gastrostomy_decision", -20, "edith", decision="accepted")


def _sofia(life: Life) -> None:
    """Accepted, the date postponed twice (PEG-PLACE); a new diet plan lacks one answer (DYSPH-PLAN)."""
    for day, abnormal in ((-290, True), (-140, False), (-18, True)):
        life.add("vfss", day, "asha", abnormal=abnormal)
    life.add("dysphagia_plan", -286, "asha", texture="done", chin_tuck="done", liquids="done")
    life.add("dysphagia_plan", -9, "asha", texture="done", chin_tuck="declined")
    life.add("decline", -270, "edith", topic="gastrostomy", reoffer_on=life.day(-30))
    life.add("gastrostomy_decision", -34, "edith", decision="accepted")


def _moira(life: Life) -> None:
    """Accepted although the FVC is below 30; the plan is to be reviewed (PEG-FVC30)."""
    life.add("gastrostomy_decision", -6, "edith", decision="accepted")


def _leon(life: Life) -> None:
    """On ventilation early, and its use not reviewed (NIV-ADH)."""
    stages = [("requested", -112), ("documented", -111), ("submitted", -110), ("approved", -108),
              ("ordered", -107), ("delivered", -105), ("in_use", -102)]  # fmt: skip
    life.equipment("bpap", "amir", stages, payer="Medicare", vendor="Basalt Respiratory", backup_rate=True)
    life.add("niv_start", -96, "ben", backup_rate=True)


def _aniela(life: Life) -> None:
    """A liver test of more than five times the limit, and no decision yet (RIL-HEP)."""
    life.add("lft", -128, "ilse", alt_x_uln=0.7, ast_x_uln=0.8)
    life.add("med_start", -125, "ilse", drug="riluzole", route="oral")
    for day in (-96, -67, -37):
        life.add("lft", day, "ilse", alt_x_uln=1.1, ast_x_uln=0.9)
    life.add("lft", -2, "ilse", alt_x_uln=5.6, ast_x_uln=3.1)


def _kwame(life: Life) -> None:
    """Riluzole was started elsewhere without a liver test on file (RIL-BASE)."""
    life.add("med_start", -18, "ilse", drug="riluzole", route="oral")


def _amara(life: Life) -> None:
    """In the first months of riluzole, and the monthly test is late (RIL-LFT, urgent)."""
    life.add("lft", -40, "ilse", alt_x_uln=0.5, ast_x_uln=0.6)
    life.add("med_start", -40, "ilse", drug="riluzole", route="oral")


def _tessa(life: Life) -> None:
    """Later in the course, the three-monthly test is late (RIL-LFT)."""
    start = life.day(-280)
    life.add("lft", -284, "ilse", alt_x_uln=0.5, ast_x_uln=0.6)
    life.add("med_start", start, "ilse", drug="riluzole", route="oral")
    last = start
    while (last := next_test(start, last) - timedelta(days=2)) < life.day(-104):
        life.add("lft", last, "ilse", alt_x_uln=0.8, ast_x_uln=0.7)
    life.add("lft", -104, "ilse", alt_x_uln=0.8, ast_x_uln=0.7)


def _leila(life: Life) -> None:
    """The next edaravone cycle is not confirmed (EDV-CYCLE)."""
    life.add("med_start", -233, "ilse", drug="edaravone", route="iv")
    for number in range(8):
        life.add("cycle_start", -233 + 28 * number, "marcus", findings={"place": "infusion_center"})


def _felix(life: Life) -> None:
    """Edaravone by mouth, cycles on time."""
    life.add("med_start", -94, "ilse", drug="edaravone", route="oral")
    for day in (-94, -66, -38, -10):
        life.add("cycle_start", day, "marcus", findings={"place": "home"})


def _ravi(life: Life) -> None:
    """The yearly cognitive screen is late (COG-SCREEN)."""
    life.add("cognitive_screen", -400, "ilse", tool="ECAS", impaired=False, executive_impaired=False)


def _bruno(life: Life) -> None:
    """Executive dysfunction found, and no safety plan (EXEC-SAFE)."""
    life.add("cognitive_screen", -160, "ilse", tool="ECAS", impaired=False, executive_impaired=False)
    life.add("cognitive_screen", -24, "ilse", tool="ECAS", impaired=True, executive_impaired=True)


def _tomas(life: Life) -> None:
    """Saliva runs, and no first step was taken (SIAL-STEP, step 1)."""
    life.add("sialorrhea", -22, "asha", present=True)


def _henry(life: Life) -> None:
    """The first line did not help, and no second was tried (SIAL-STEP, step 2)."""
    life.add("sialorrhea", -120, "asha", present=True)
    life.add("sialorrhea_treatment", -112, "ilse", line=1, kind="Oral anticholinergic")
    life.add("sialorrhea_response", -33, "ilse", line=1, effective=False)


def _miriam(life: Life) -> None:
    """A positive swallow screen, and no study (SWAL-VFSS)."""
    life.add("gastrostomy_decision", -22, "edith", decision="accepted")
    life.add("gastrostomy_placed", -9, "edith", findings={"technique": "peg"})


UNFINISHED: Mapping[int, Story] = {
    142: _ruth,
    98: _joseph,
    153: _samuel,
    109: _ingrid,
    112: _noor,
    91: _gideon,
    133: _mateo,
    82: _wanda,
    95: _sofia,
    136: _moira,
    71: _leon,
    168: _aniela,
    171: _kwame,
    174: _amara,
    148: _tessa,
    115: _leila,
    145: _felix,
    124: _ravi,
    159: _bruno,
    139: _tomas,
    161: _henry,
    176: _miriam,
}
