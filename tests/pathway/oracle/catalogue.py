"""The 26 rules by code, and the three that are off unless turned on."""

from collections.abc import Callable

from tests.pathway.oracle import asking, breathing, eating, optional, visits
from tests.pathway.oracle.known import Known


def of_person(condition: Callable[[Known], bool]) -> Callable[[Known], set[str]]:
    """A rule about the whole person: the subject is empty."""
    return lambda known: {""} if condition(known) else set()


RULES: dict[str, Callable[[Known], set[str]]] = {
    "MDT-VISIT": of_person(visits.mdt_visit),
    "TEAM-GAP": of_person(visits.team_gap),
    "RIL-BASE": of_person(visits.ril_base),
    "RIL-LFT": of_person(visits.ril_lft),
    "RIL-HEP": of_person(visits.ril_hep),
    "EDV-CYCLE": of_person(visits.edv_cycle),
    "RESP-3M": of_person(breathing.resp_3m),
    "RAD-PLAN": of_person(breathing.rad_plan),
    "NIV-TRIG": of_person(breathing.niv_trig),
    "NIV-BACKUP": of_person(breathing.niv_backup),
    "NIV-ADH": of_person(breathing.niv_adh),
    "COG-SCREEN": of_person(visits.cog_screen),
    "EXEC-SAFE": of_person(visits.exec_safe),
    "NUTR-3M": of_person(eating.nutr_3m),
    "SWAL-SCREEN": of_person(eating.swal_screen),
    "SWAL-VFSS": of_person(eating.swal_vfss),
    "DYSPH-PLAN": of_person(eating.dysph_plan),
    "PEG-DISC": of_person(eating.peg_disc),
    "PEG-PLACE": of_person(eating.peg_place),
    "PEG-FVC30": of_person(eating.peg_fvc30),
    "SIAL-STEP": eating.sial_step,
    "PALL-REF": of_person(asking.pall_ref),
    "REF-STALL": asking.ref_stall,
    "EOL-TALK": of_person(asking.eol_talk),
    "EQ-STAGE": asking.eq_stage,
    "EQ-AGE": asking.eq_age,
}

OPTIONAL: dict[str, Callable[[Known], set[str]]] = {
    "DMT-12M": of_person(optional.dmt_12m),
    "HOSP-INFO": of_person(optional.hosp_info),
    "EQ-RETURN": optional.eq_return,
}
