"""What may be recorded, by theme, with values near the catalogue's thresholds.

A happening is a kind and, for each field, the values to choose from; what is named more than once
comes more often.
"""

from collections.abc import Mapping
from typing import Any, Final

Happening = tuple[str, Mapping[str, Any]]

ABSENT: Final = "<absent>"
"""A field left out."""

DAY: Final = "<day>"
"""Any day of the life."""

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
SEATS = tuple(f"discipline:{each}" for each in DISCIPLINES)
TOPICS = (
    "mdt_visit",
    "lft",
    "resp_testing",
    "niv",
    "cognitive_screen",
    "nutrition_review",
    "swallow_screen",
    "vfss",
    "dysphagia_plan",
    "gastrostomy",
    "sialorrhea",
    "palliative",
    "eol_discussion",
    *SEATS,
)
ITEMS = ("power_wheelchair", "suction", "walker", "aac_device", "home_modification", "cushion", "bpap")
STAGES = (
    "documented",
    "submitted",
    "approved",
    "ordered",
    "ordered",
    "denied",
    "appealed",
    "delivered",
    "delivered",
    "in_use",
    "cancelled",
    "transferred",
)

YES_NO = (True, False)
MOSTLY = (True, True, False)
SURE_OR_NOT = (True, False, None, ABSENT)
FVC = (95, 80, 79, 64, 60, 59, 58, 50, 49, 49.5, 35, 30, 29, None, None)
WEIGHTS = (80, 80.0, 78, 76.1, 76.0, 75.999, 72.1, 72.0, 68.5, None)
X_ULN = (0.8, 1.4, 5.0, 5.1, 5.1, 7)
MEASURES = ("done", "done", "done", "done", "not_indicated", "declined", None, ABSENT)


def _declined(topics: tuple[str, ...]) -> Happening:
    return ("decline", {"topic": topics})


def _declined_until(topics: tuple[str, ...]) -> Happening:
    return (
        "decline",
        {"topic": topics, "reoffer_on": (DAY, DAY, None, ABSENT), "permanent": (*YES_NO, ABSENT)},
    )


def _withdrawn(topics: tuple[str, ...]) -> Happening:
    return ("withdraw_decline", {"topic": topics})


def _deferred(topics: tuple[str, ...]) -> Happening:
    return ("deferral", {"topic": topics, "until": DAY, "reason": "inpatient"})


def _resumed(topics: tuple[str, ...]) -> Happening:
    return ("withdraw_deferral", {"topic": topics})


CHOICE_KINDS = (_declined, _declined_until, _withdrawn, _deferred, _resumed)


def _choices(*topics: str) -> tuple[Happening, ...]:
    return tuple(kind(topics) for kind in CHOICE_KINDS)


def _start(drug: str) -> Happening:
    return ("med_start", {"drug": drug, "route": ("oral", ABSENT)})


def _stop(drug: str) -> Happening:
    return ("med_stop", {"drug": drug})


_VISIT: Happening = ("clinic_visit", {})
_LUNGS: Happening = (
    "resp_assessment",
    {"fvc_pct": FVC, "symptoms": YES_NO, "sdb": (False, None, ABSENT, True)},
)
_WEIGHED: Happening = ("nutrition_review", {"weight_kg": WEIGHTS})
_LOSING: Happening = ("nutrition_review", {"weight_kg": (80, 76.1, 76.0, 72.1, 72.0)})
_NOT_WEIGHED: Happening = ("nutrition_review", {"weight_kg": None, "weight_unobtainable": YES_NO})
_LFT: Happening = ("lft", {"alt_x_uln": X_ULN})
_LFT_IN_FULL: Happening = (
    "lft",
    {"alt_x_uln": X_ULN, "ast_x_uln": (*X_ULN, None), "bilirubin_high": (*YES_NO, ABSENT)},
)
_DECIDED: Happening = (
    "prescriber_decision",
    {"drug": "riluzole", "decision": ("continue", "reduce", "stop")},
)
_CYCLE: Happening = ("cycle_start", {"drug": "edaravone"})
_NIV_START: Happening = ("niv_start", {"backup_rate": SURE_OR_NOT})
_NIV_UPDATE: Happening = ("niv_device_update", {"backup_rate": SURE_OR_NOT})
_NIV_STOP: Happening = ("niv_stop", {})
_ADHERENCE: Happening = ("niv_adherence_review", {"hours_per_day": (2.5, 6)})
_OVERRIDE: Happening = ("backup_override", {"reason": "tested without"})
_BPAP: Happening = (
    "equipment_request",
    {"id": ("B1", "B1", "B2"), "item": "bpap", "backup_rate": SURE_OR_NOT},
)
_BPAP_STATUS: Happening = ("equipment_status", {"id": ("B1", "B1", "B2"), "status": STAGES})
_BPAP_CANCELLED: Happening = ("equipment_status", {"id": ("B1", "B1", "B2"), "status": "cancelled"})
_SCREENED: Happening = (
    "cognitive_screen",
    {"tool": ("ECAS", "ALS-CBS"), "impaired": YES_NO, "executive_impaired": MOSTLY},
)
_BULBAR: Happening = ("bulbar_status", {"impaired": MOSTLY})
_SWALLOW: Happening = ("swallow_screen", {"positive": MOSTLY})
_VFSS: Happening = ("vfss", {"abnormal": MOSTLY})
_DIET: Happening = ("dysphagia_plan", {"texture": MEASURES, "chin_tuck": MEASURES, "liquids": MEASURES})
_ACCEPTED: Happening = ("gastrostomy_decision", {"decision": "accepted"})
_PLACED: Happening = ("gastrostomy_placed", {})
_PLAN_REVIEW: Happening = ("gastrostomy_plan_review", {})
_PEG_CANCELLED: Happening = ("gastrostomy_cancelled", {})
_SALIVA: Happening = ("sialorrhea", {"present": MOSTLY})
_TREATED: Happening = ("sialorrhea_treatment", {"line": (1, 2), "kind": "treatment"})
_ANSWERED: Happening = ("sialorrhea_response", {"line": 1, "effective": (True, False, False)})
_PALLIATIVE: Happening = ("referral", {"id": ("R1", "R2"), "discipline": "palliative_care"})
_REFERRAL: Happening = ("referral", {"id": "R3", "discipline": "nutrition"})
_MOVED: Happening = ("referral_update", {"id": ("R1", "R1", "R2", "R3"), "status": ("seen", "cancelled")})
_BOOKED: Happening = (
    "referral_update",
    {"id": ("R1", "R1", "R2", "R3"), "status": "scheduled", "appointment_on": (DAY, DAY, DAY, None, ABSENT)},
)
_TRIGGER: Happening = ("eol_trigger", {"reason": ("distress", "progression", "patient_request")})
_TALKED: Happening = ("eol_discussion", {})
_REQUEST: Happening = ("equipment_request", {"id": ("Q1", "Q2"), "item": ITEMS})
_STATUS: Happening = ("equipment_status", {"id": ("Q1", "Q2"), "status": STAGES})
_CONTACT: Happening = ("equipment_contact", {"id": ("Q1", "Q2", "B1")})
_LOANED: Happening = ("loaner_provided", {"id": ("Q1", "Q2")})

THEMES: Mapping[str, tuple[Happening, ...]] = {
    "visits": (_VISIT,) * 8 + _choices("mdt_visit"),
    "team": (
        ("team_assign", {"discipline": DISCIPLINES}),
        ("team_unassign", {"discipline": DISCIPLINES}),
        ("team_assign", {"discipline": ("palliative_care", "neurology")}),
        ("team_unassign", {"discipline": ("palliative_care", "neurology")}),
        *_choices("palliative", "discipline:palliative_care", "discipline:neurology", *SEATS),
    ),
    "riluzole": (
        (_start("riluzole"),) * 3
        + (_stop("riluzole"),)
        + (_LFT,) * 4
        + (_LFT_IN_FULL, _LFT_IN_FULL, _DECIDED, _DECIDED)
        + (_declined(("lft",)), _withdrawn(("lft",)), _deferred(("lft",)))
    ),
    "edaravone": (_start("edaravone"), _start("edaravone"), _stop("edaravone")) + (_CYCLE,) * 4,
    "lungs": (_LUNGS,) * 7
    + (_BPAP, _BPAP_CANCELLED, _NIV_START, _NIV_STOP)
    + _choices("niv", "resp_testing"),
    "planning": (
        ("resp_assessment", {"fvc_pct": (60, 59, 59, 50, 55, None), "symptoms": False}),
        ("resp_assessment", {"fvc_pct": (60, 59, 59, 50, 55, None), "symptoms": False}),
        ("resp_assessment", {"fvc_pct": (60, 59, 58, 50, 49), "symptoms": (False, False, False, True)}),
        _BPAP,
        _BPAP_CANCELLED,
        *_choices("niv"),
    ),
    "niv": (
        *(_NIV_START, _NIV_START, _NIV_UPDATE, _NIV_UPDATE, _NIV_STOP, _OVERRIDE, _ADHERENCE, _ADHERENCE),
        *(_BPAP, _BPAP_STATUS, _BPAP_CANCELLED, _BULBAR, _SWALLOW),
    ),
    "tracheostomy": (("tracheostomy", {}),) + (_LUNGS,) * 4,
    "thinking": (
        *(_SCREENED, _SCREENED, _SCREENED, ("safety_plan", {}), ("safety_plan", {})),
        *(_BPAP, _BPAP_CANCELLED, _NIV_START),
        *_choices("cognitive_screen"),
    ),
    "nutrition": (_WEIGHED,) * 5 + (_NOT_WEIGHED,) * 2 + _choices("nutrition_review"),
    "swallowing": (
        *(_BULBAR, _BULBAR, _SWALLOW, _SWALLOW, _SWALLOW, _SWALLOW, _VFSS, _VFSS, _DIET, _DIET),
        *_choices("swallow_screen", "vfss", "dysphagia_plan"),
    ),
    "gastrostomy": (
        *(_LOSING, _LOSING, _LOSING, _SWALLOW, _VFSS, _LUNGS, _ACCEPTED, _ACCEPTED, _PEG_CANCELLED, _PLACED),
        *_choices("gastrostomy"),
    ),
    "placing": (
        *(
            _ACCEPTED,
            _ACCEPTED,
            _ACCEPTED,
            _PLACED,
            _PLAN_REVIEW,
            _PEG_CANCELLED,
            _declined(("gastrostomy",)),
        ),
        ("resp_assessment", {"fvc_pct": (60, 59, 30, 29), "symptoms": YES_NO}),
        ("resp_assessment", {"fvc_pct": (30, 29, 29), "symptoms": YES_NO}),
    ),
    "saliva": (
        *(_SALIVA, _SALIVA, _SALIVA, _TREATED, _TREATED, _ANSWERED, _ANSWERED, _ANSWERED) * 2,
        *_choices("sialorrhea"),
    ),
    "referrals": (
        _PALLIATIVE,
        _PALLIATIVE,
        _REFERRAL,
        _MOVED,
        _MOVED,
        _BOOKED,
        _BOOKED,
        *_choices("palliative"),
    ),
    "talk": (
        *(_TRIGGER, _TRIGGER, _TRIGGER, _TALKED, _TALKED),
        ("resp_assessment", {"fvc_pct": (50, 49), "symptoms": YES_NO}),
        ("status_change", {"status": ("hospice", "active")}),
        *_choices("eol_discussion"),
    ),
    "equipment": (_REQUEST, _REQUEST, _REQUEST) + (_STATUS,) * 6 + (_CONTACT, _CONTACT, _LOANED, _LOANED),
}

ANYTHING: tuple[Happening, ...] = tuple(each for theme in THEMES.values() for each in theme)

KINDS = frozenset(kind for kind, _fields in ANYTHING) | {"void"}
FIELDS = tuple(sorted({name for _kind, fields in ANYTHING for name in fields} | {"ref"}))
VALUES = tuple(
    {
        (type(value), value): value
        for _kind, fields in ANYTHING
        for options in fields.values()
        for value in (options if isinstance(options, tuple) else (options,))
        if value not in (ABSENT, DAY)
    }.values()
)
"""Every value that some field may have, true apart from 1."""
