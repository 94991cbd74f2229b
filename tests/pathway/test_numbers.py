"""Every number of the catalogue's section 2, and the range a clinic may set it in."""

from typing import Any

import pytest

from pathway.catalogue import ITEMS, TOPICS, PatientStatus
from pathway.chart import DEFAULTS
from pathway.parameter import limits
from pathway.registry import rules
from pathway.settings import CommonParameters

NUMBERS: dict[str, dict[str, tuple[Any, float | None, float | None]]] = {
    "COG-SCREEN": {"initial_days": (90, 14, 365), "interval_months": (12, 3, 24), "grace_days": (30, 0, 90)},
    "DMT-12M": {"interval_months": (12, 3, 24)},
    "DYSPH-PLAN": {"window_days": (7, 1, 60)},
    "EDV-CYCLE": {"cycle_days": (28, 14, 60), "grace_days": (3, 0, 14)},
    "EOL-TALK": {
        "window_days": (14, 1, 90),
        "patient_request_days": (7, 1, 60),
        "fvc_lt": (50, 30, 80),
        "annual_months": (12, 3, 24),
    },
    "EQ-AGE": {
        "default": (30, 1, 365),
        "by_item": (
            {
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
                "home_modification": 60,
                "power_wheelchair": 90,
            },
            1,
            365,
        ),
    },
    "EQ-RETURN": {"window_days": (45, 14, 180)},
    "EQ-STAGE": {
        "requested": (3, 1, 60),
        "documented": (2, 1, 60),
        "submitted": (7, 1, 60),
        "approved": (5, 1, 60),
        "ordered": (10, 1, 90),
        "denied": (3, 1, 60),
        "appealed": (14, 1, 90),
        "delivered": (7, 1, 60),
        "ordered_by_item": ({"power_wheelchair": 45, "aac_device": 21, "home_modification": 45}, 1, 365),
    },
    "EXEC-SAFE": {"window_days": (14, 1, 90)},
    "HOSP-INFO": {"fvc_lt": (30, 20, 50)},
    "MDT-VISIT": {"interval_months": (3, 1, 12), "grace_days": (14, 0, 60)},
    "NIV-ADH": {"due_days": (90, 14, 180), "earliest_day": (61, 0, 120)},
    "NIV-BACKUP": {},
    "NIV-TRIG": {
        "fvc_lt_with_symptoms": (80, 50, 100),
        "fvc_lt": (50, 30, 80),
        "sdb": (True, None, None),
        "window_days": (14, 1, 60),
    },
    "NUTR-3M": {
        "interval_months": (3, 1, 12),
        "initial_days": (30, 7, 180),
        "grace_days": (0, 0, 60),
        "urgent_after_days": (14, 0, 90),
    },
    "PALL-REF": {"window_days": (30, 7, 180)},
    "PEG-DISC": {
        "weight_loss_pct_ge": (5, 2, 20),
        "window_days": (28, 7, 120),
        "not_applicable_fvc_lt": (30, 0, 50),
    },
    "PEG-FVC30": {"fvc_lt": (30, 20, 50)},
    "PEG-PLACE": {
        "window_days": (28, 7, 120),
        "short_window_days": (14, 3, 60),
        "short_if_fvc_lt": (60, 40, 90),
    },
    "RAD-PLAN": {"fvc_ge": (50, 30, 70), "fvc_lt": (60, 50, 90), "window_days": (28, 7, 90)},
    "REF-STALL": {"unscheduled_days": (14, 1, 90), "after_appointment_days": (7, 1, 60)},
    "RESP-3M": {
        "interval_months": (3, 1, 6),
        "initial_days": (30, 7, 90),
        "grace_days": (14, 0, 60),
        "urgent_fvc_lt": (60, 30, 100),
    },
    "RIL-BASE": {"lookback_days": (90, 14, 365)},
    "RIL-HEP": {"x_uln_gt": (5.0, 2, 10)},
    "RIL-LFT": {
        "first_until_months": (3, 1, 12),
        "first_every_months": (1, 1, 6),
        "second_until_months": (12, 1, 36),
        "second_every_months": (3, 1, 12),
        "later_every_months": (6, 1, 12),
        "grace_days": (7, 0, 30),
        "intake_grace_days": (30, 0, 90),
    },
    "SIAL-STEP": {"step1_days": (14, 1, 90), "step2_days": (28, 1, 120)},
    "SWAL-SCREEN": {"first_days": (7, 1, 60), "interval_months": (3, 1, 12)},
    "SWAL-VFSS": {"window_days": (14, 1, 90), "lookback_days": (180, 0, 365)},
    "TEAM-GAP": {"window_days": (30, 7, 180)},
}


@pytest.mark.parametrize("code", list(rules()))
def test_the_catalogues_numbers_and_their_ranges(code: str) -> None:
    parameters = rules()[code].parameters

    found = {
        name: (getattr(parameters, name), known.low, known.high) for name, known in limits(parameters).items()
    }

    assert found == NUMBERS[code]


def test_measurements_may_have_decimals_and_days_may_not() -> None:
    measured = {
        f"{code} {name}"
        for code, rule in rules().items()
        for name, known in limits(rule.parameters).items()
        if not known.whole
    }

    assert measured == {
        "EOL-TALK fvc_lt",
        "HOSP-INFO fvc_lt",
        "NIV-TRIG fvc_lt",
        "NIV-TRIG fvc_lt_with_symptoms",
        "PEG-DISC not_applicable_fvc_lt",
        "PEG-DISC weight_loss_pct_ge",
        "PEG-FVC30 fvc_lt",
        "PEG-PLACE short_if_fvc_lt",
        "RAD-PLAN fvc_ge",
        "RAD-PLAN fvc_lt",
        "RESP-3M urgent_fvc_lt",
        "RIL-HEP x_uln_gt",
    }


def test_numbers_carry_their_unit() -> None:
    units = {
        f"{code} {name}": known.unit
        for code, rule in rules().items()
        for name, known in limits(rule.parameters).items()
    }

    assert units.pop("NIV-TRIG sdb") == ""
    assert units.pop("RIL-HEP x_uln_gt") == "times the upper limit of normal"
    assert {unit for name, unit in units.items() if "months" in name} == {"months"}
    assert {unit for name, unit in units.items() if "fvc" in name.split()[1] or "pct" in name.split()[1]} == {
        "%"
    }
    assert all(
        unit == "days"
        for name, unit in units.items()
        if "_days" in name or name.startswith(("EQ-", "NIV-ADH"))
    )


def test_rules_that_hand_over_to_each_other_judge_by_the_same_numbers() -> None:
    assert rules()["RAD-PLAN"].parameters.niv == rules()["NIV-TRIG"].parameters
    assert rules()["PEG-PLACE"].parameters.review == rules()["PEG-FVC30"].parameters


def test_the_common_terms() -> None:
    common = CommonParameters()

    assert DEFAULTS.reentry_grace_days == common.reentry_grace_days == 14
    assert {name: (known.low, known.high) for name, known in limits(common).items()} == {
        "reentry_grace_days": (0, 60),
        "reoffer_months": (1, 24),
    }


def test_the_months_until_a_topic_is_offered_again() -> None:
    months = {code: topic.reoffer_months for code, topic in TOPICS.items()}

    assert {code: number for code, number in months.items() if not code.startswith("discipline:")} == {
        "mdt_visit": 3,
        "lft": 1,
        "resp_testing": 3,
        "niv": 3,
        "cognitive_screen": 6,
        "nutrition_review": 3,
        "swallow_screen": 3,
        "vfss": 3,
        "dysphagia_plan": 3,
        "gastrostomy": 3,
        "sialorrhea": 3,
        "palliative": 3,
        "eol_discussion": 3,
    }
    assert {number for code, number in months.items() if code.startswith("discipline:")} == {6}
    assert CommonParameters().reoffer_months == months


OWNERS = {
    "COG-SCREEN": ("neurology", ()),
    "DMT-12M": ("neurology", ()),
    "DYSPH-PLAN": ("speech_language_pathology", ("nutrition",)),
    "EDV-CYCLE": ("coordinator", ()),
    "EOL-TALK": ("neurology", ("palliative_care",)),
    "EQ-AGE": ("social_work", ()),
    "EQ-RETURN": ("social_work", ()),
    "EQ-STAGE": ("social_work", ()),
    "EXEC-SAFE": ("occupational_therapy", ()),
    "HOSP-INFO": ("neurology", ("palliative_care",)),
    "MDT-VISIT": ("coordinator", ()),
    "NIV-ADH": ("pulmonology", ()),
    "NIV-BACKUP": ("pulmonology", ()),
    "NIV-TRIG": ("pulmonology", ()),
    "NUTR-3M": ("nutrition", ()),
    "PALL-REF": ("social_work", ("palliative_care",)),
    "PEG-DISC": ("gastroenterology", ()),
    "PEG-FVC30": ("gastroenterology", ("pulmonology",)),
    "PEG-PLACE": ("gastroenterology", ()),
    "RAD-PLAN": ("pulmonology", ()),
    "REF-STALL": ("coordinator", ()),
    "RESP-3M": ("pulmonology", ()),
    "RIL-BASE": ("neurology", ()),
    "RIL-HEP": ("neurology", ()),
    "RIL-LFT": ("neurology", ()),
    "SIAL-STEP": ("neurology", ()),
    "SWAL-SCREEN": ("speech_language_pathology", ()),
    "SWAL-VFSS": ("speech_language_pathology", ()),
    "TEAM-GAP": ("coordinator", ()),
}


def test_the_owner_of_each_rule_and_who_is_informed() -> None:
    assert {code: (rule.owner, rule.informed) for code, rule in rules().items()} == OWNERS


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("interval", {"DMT-12M", "MDT-VISIT", "NUTR-3M", "RESP-3M", "RIL-LFT", "SWAL-SCREEN"}),
        ("notice", {"HOSP-INFO", "NIV-BACKUP", "PEG-FVC30", "RIL-BASE", "RIL-HEP"}),
    ],
)
def test_notices_hold_at_once_and_the_others_give_grace(kind: str, codes: set[str]) -> None:
    assert {code for code, rule in rules().items() if rule.kind == kind} == codes


def test_every_rule_applies_while_active_but_the_one_about_what_the_dead_had_on_loan() -> None:
    assert {code for code, rule in rules().items() if PatientStatus.ACTIVE not in rule.statuses} == {
        "EQ-RETURN"
    }
    assert rules()["EQ-RETURN"].statuses == {PatientStatus.DECEASED}


def test_who_asks_for_and_fits_each_item() -> None:
    asked: dict[str, set[str]] = {}
    for code, item in ITEMS.items():
        assert item.code == code
        assert item.fitted_by == item.requested_by
        asked.setdefault(item.requested_by, set()).add(code)

    assert {discipline: len(items) for discipline, items in asked.items()} == {
        "physical_therapy": 10,
        "occupational_therapy": 10,
        "pulmonology": 4,
        "nutrition": 1,
        "speech_language_pathology": 2,
        "social_work": 1,
        "neurology": 1,
    }
    assert asked["pulmonology"] == {"bpap", "cough_assist", "suction", "oximeter"}
    assert asked["speech_language_pathology"] == {"aac_device", "voice_banking"}
    assert {code for code, item in ITEMS.items() if item.kind == "service"} == {
        "home_modification",
        "home_health",
        "infusion_service",
    }
