"""Visits, medication, ventilation and pregnancy: what is recorded, told to the rules, and asked for."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessments.drugs import DRUGS
from assessments.findings import Background, Earlier
from assessments.forms import LogForm, form_for
from assessments.kinds.edaravone_cycle import EdaravoneCycle
from assessments.kinds.lab_result import LabResult, multiple
from assessments.kinds.medication_start import MedicationStart
from assessments.kinds.respiratory_assessment import RespiratoryAssessment
from assessments.registry import event_data, kinds
from assessments.services import log_assessment
from patients.models import Patient
from tests.factories import a_clinic, a_member, a_patient

ON = "2026-03-12"


@pytest.mark.parametrize(
    ("kind", "values", "summary", "told"),
    [
        ("clinic_visit", {}, "took place", {}),
        (
            "clinic_visit",
            {"drug_discussed": True, "hospice_offered": True, "asked_for": "A ramp"},
            "disease-modifying drug discussed, hospice information offered, asked for: A ramp",
            {"drug_discussed": True},
        ),
        (
            "med_start",
            {"drug": "riluzole", "dose": "50 mg twice daily", "route": "oral"},
            "riluzole, 50 mg twice daily, by mouth",
            {"drug": "riluzole", "route": "oral"},
        ),
        ("med_start", {"dose": "50 mg"}, "no drug named, 50 mg", {}),
        ("med_stop", {"drug": "riluzole", "reason": "Nausea"}, "riluzole, Nausea", {"drug": "riluzole"}),
        ("med_stop", {}, "no drug named", {}),
        ("cycle_start", {"place": "home"}, "started, at home", {"drug": "edaravone"}),
        ("cycle_start", {}, "started", {"drug": "edaravone"}),
        (
            "lft",
            {"alt_x_uln": 5.6, "ast_x_uln": 1, "bilirubin_high": False},
            "ALT 5.6 × ULN, AST 1 × ULN, bilirubin not high",
            {"alt_x_uln": 5.6, "ast_x_uln": 1, "bilirubin_high": False},
        ),
        (
            "lft",
            {"alt_u_l": 224, "alt_limit_u_l": 40, "bilirubin_high": True},
            "ALT 5.6 × ULN (224\xa0U/L), bilirubin high",
            {"alt_x_uln": 5.6, "bilirubin_high": True},
        ),
        ("lft", {}, "no result", {}),
        (
            "prescriber_decision",
            {"drug": "riluzole", "decision": "reduce", "reason": "ALT rising"},
            "riluzole: reduce, ALT rising",
            {"drug": "riluzole", "decision": "reduce"},
        ),
        ("prescriber_decision", {"drug": "riluzole"}, "riluzole: no decision", {}),
        (
            "niv_start",
            {"backup_rate": "yes", "interface": "nasal_mask", "settings": "IPAP 12, EPAP 4"},
            "with backup rate, nasal mask, IPAP 12, EPAP 4",
            {"backup_rate": True},
        ),
        (
            "niv_device_update",
            {"backup_rate": "no", "interface": "other"},
            "without backup rate",
            {"backup_rate": False},
        ),
        ("niv_start", {"backup_rate": "not_known"}, "backup rate not known", {"backup_rate": None}),
        ("niv_stop", {"reason": "Not tolerated"}, "Not tolerated", {}),
        ("niv_stop", {}, "no reason given", {}),
        (
            "niv_adherence_review",
            {"hours_per_day": 5.5, "nights_pct": 90},
            "5.5\xa0h a day, 90% of nights",
            {"hours_per_day": 5.5},
        ),
        ("niv_adherence_review", {"nights_pct": 90}, "90% of nights", {}),
        ("backup_override", {"reason": "Awaiting part"}, "Awaiting part", {"reason": "Awaiting part"}),
        ("backup_override", {}, "no reason given", {}),
        (
            "tracheostomy",
            {"planned": False, "ventilated": True},
            "unplanned, ventilated through it",
            {},
        ),
        ("tracheostomy", {"ventilated": False}, "not ventilated through it", {}),
        ("pregnancy", {"pregnant": True}, "pregnant", {"pregnant": True}),
        ("pregnancy", {"pregnant": False}, "not pregnant, or no longer", {"pregnant": False}),
        ("pregnancy", {}, "not answered", {}),
        ("weight_trigger_on", {"reason": "Six weeks on"}, "counts again, Six weeks on", {}),
        (
            "resp_assessment",
            {"snip": 40, "oximetry_minutes": 7, "paco2": 46},
            "no FVC, SNIP 40\xa0cmH2O, overnight at 88% or below 7\xa0min, PaCO2 46\xa0mmHg",
            {"fvc_pct": None, "symptoms": False, "sdb": False},
        ),
    ],
)
def test_findings_are_told_in_one_line_and_to_the_rules(
    kind: str, values: dict[str, Any], summary: str, told: dict[str, Any]
) -> None:
    found = kinds()[kind].findings.checked(values)

    assert found.summary() == summary
    assert event_data(kind, found.answers(), kinds()[kind].schema_version) == told


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("clinic_visit", {}),
        ("med_start", {"drug": "edaravone", "route": "iv"}),
        ("med_start", {"drug": "pb_turso"}),
        ("med_stop", {"drug": "riluzole"}),
        ("cycle_start", {"drug": "edaravone"}),
        ("lft", {"alt_x_uln": 5.0}),
        ("lft", {"alt_x_uln": 0.8, "ast_x_uln": 1.1, "bilirubin_high": True}),
        ("prescriber_decision", {"drug": "riluzole", "decision": "continue"}),
        ("niv_start", {"backup_rate": True}),
        ("niv_start", {"backup_rate": None}),
        ("niv_device_update", {"backup_rate": False}),
        ("niv_stop", {}),
        ("niv_adherence_review", {"hours_per_day": 6.5}),
        ("backup_override", {"reason": "Awaiting part"}),
        ("tracheostomy", {}),
        ("pregnancy", {"pregnant": False}),
        ("weight_trigger_on", {}),
    ],
)
def test_findings_come_back_from_what_the_rules_read(kind: str, told: dict[str, Any]) -> None:
    assert kinds()[kind].findings.from_event_data(told).event_data() == told


@pytest.mark.parametrize(
    ("kind", "told", "problem"),
    [
        (
            "med_start",
            {"drug": "aspirin"},
            "aspirin is not one of: riluzole, edaravone, pb_turso, tofersen.",
        ),
        ("niv_start", {"backup_rate": 1}, "1 is not one of: yes, no, not_known."),
        (
            "prescriber_decision",
            {"drug": "riluzole", "decision": "pause"},
            "pause is not one of: continue, reduce, stop.",
        ),
        (
            "niv_adherence_review",
            {"hours_per_day": 45},
            "45\xa0h is above the 24\xa0h this form accepts. Did you mean 4.5?",
        ),
    ],
)
def test_what_the_vocabulary_does_not_know_is_refused(kind: str, told: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError) as refused:
        kinds()[kind].findings.from_event_data(told)

    assert [problem] in refused.value.message_dict.values()


@pytest.mark.parametrize(
    ("value", "limit", "times"),
    [(200, 40, 5.0), (201, 40, 5.025), (200.1, 40, 5.0025), (25, 30, 0.8333), (0, 40, 0.0), (None, 40, None)],
)
def test_a_multiple_is_kept_fine_enough_to_tell_five_from_more_than_five(
    value: float | None, limit: float, times: float | None
) -> None:
    assert multiple(value, limit) == times


def test_the_multiple_worked_out_counts_for_more_than_the_one_typed() -> None:
    result = LabResult.checked({"alt_x_uln": 5, "alt_u_l": 201, "alt_limit_u_l": 40})

    assert result.event_data() == {"alt_x_uln": 5.025}


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        (
            {"alt_x_uln": 6.5, "alt_u_l": 224, "alt_limit_u_l": 40},
            {"alt_x_uln": ["224 U/L is 5.6 times the limit of 40 U/L."]},
        ),
        (
            {"alt_x_uln": 1, "ast_u_l": 60},
            {"ast_limit_u_l": ["Enter the upper limit printed beside the value."]},
        ),
    ],
)
def test_a_value_and_its_multiple_must_agree(values: dict[str, Any], problems: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError) as refused:
        LabResult.checked(values)

    assert refused.value.message_dict == problems


def test_hints_show_what_was_recorded_last() -> None:
    day = date(2026, 2, 26)

    assert LabResult().last(
        Background(earlier=[Earlier(date(2026, 3, 2), LabResult()), Earlier(day, LabResult(alt_x_uln=1.25))])
    ) == ("1.25 × ULN on 26 Feb 2026")
    assert EdaravoneCycle().last(Background(earlier=[Earlier(day, EdaravoneCycle())])) == (
        "Last cycle 26 Feb 2026"
    )


def test_the_label_is_read_out_for_the_way_the_drug_is_given() -> None:
    def label(**values: str) -> list[str]:
        return [each.value for each in MedicationStart(**values).computed(Background())]

    riluzole = DRUGS["riluzole"]
    assert label(drug="riluzole") == [riluzole.usual_dose, riluzole.instruction]
    assert label(drug="edaravone", route="iv")[0] == "60 mg IV infusion over 60 minutes in 28-day cycles"
    assert label(drug="edaravone", route="oral") == []
    assert label(drug="tofersen") == label() == []


@pytest.mark.parametrize(
    ("finding", "value", "problem"),
    [
        ("oximetry_minutes", 961, "961\xa0min is above the 960\xa0min this form accepts. Did you mean 96.1?"),
        ("paco2", 7, "7\xa0mmHg is below the 15\xa0mmHg this form accepts. Did you mean 70?"),
    ],
)
def test_overnight_oximetry_and_blood_gas_have_ranges(finding: str, value: int, problem: str) -> None:
    with pytest.raises(ValidationError) as refused:
        RespiratoryAssessment.checked({finding: value})

    assert refused.value.message_dict == {finding: [problem]}


@pytest.fixture
def patient() -> Patient:
    return a_patient(a_clinic())


def form_of(kind: str, patient: Patient, **typed: str) -> LogForm:
    return form_for(kind)(
        {"happened_on": ON, **typed}, patient=patient, user=a_member(patient.clinic, "neurology")
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("med_start", {"drug": ["Choose one."]}),
        ("med_stop", {"drug": ["Choose one."]}),
        ("prescriber_decision", {"drug": ["Choose one."], "decision": ["Choose one."]}),
        ("niv_start", {"backup_rate": ["Choose one."]}),
        ("niv_device_update", {"backup_rate": ["Choose one."]}),
        ("niv_adherence_review", {"hours_per_day": ["Fill this in."]}),
        ("backup_override", {"reason": ["Fill this in."]}),
        ("pregnancy", {"pregnant": ["Choose one."]}),
        ("lft", {"alt_x_uln": ["Enter a result: a multiple, or a value with the lab’s limit."]}),
        ("clinic_visit", {}),
        ("cycle_start", {}),
        ("niv_stop", {}),
        ("tracheostomy", {}),
        ("weight_trigger_on", {}),
    ],
)
def test_a_form_asks_only_for_that_without_which_it_says_nothing(
    kind: str, missing: dict[str, list[str]], patient: Patient
) -> None:
    assert form_of(kind, patient).errors == missing


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("clinic_visit", {"drug_discussed": "on"}, {"drug_discussed": True}),
        (
            "med_start",
            {"drug": "tofersen", "route": "intrathecal"},
            {"drug": "tofersen", "route": "intrathecal"},
        ),
        ("med_stop", {"drug": "riluzole", "reason": "Nausea"}, {"drug": "riluzole", "reason": "Nausea"}),
        ("cycle_start", {"place": "clinic"}, {"place": "clinic"}),
        ("niv_start", {"backup_rate": "not_known"}, {"backup_rate": "not_known"}),
        ("niv_adherence_review", {"hours_per_day": "5,5 h"}, {"hours_per_day": 5.5}),
        ("lft", {"alt_x_uln": "5.25"}, {"alt_x_uln": 5.25}),
        (
            "lft",
            {"alt_u_l": "224", "alt_limit_u_l": "40"},
            {"alt_x_uln": 5.6, "alt_u_l": 224, "alt_limit_u_l": 40},
        ),
    ],
)
def test_what_is_typed_is_kept(
    kind: str, typed: dict[str, str], stored: dict[str, Any], patient: Patient
) -> None:
    form = form_of(kind, patient, **typed)

    assert form.is_valid(), form.errors
    assert form.record().findings == stored


@pytest.mark.django_db
def test_the_multiple_shows_while_values_are_typed(patient: Patient) -> None:
    form = form_of("lft", patient, ast_u_l="60", ast_limit_u_l="40")

    assert [tuple(each) for each in form.computed()] == [("AST", "1.5 × ULN")]


@pytest.mark.django_db
def test_a_withdrawn_drug_is_not_started_but_its_history_can_be_recorded(patient: Patient) -> None:
    day = DRUGS["pb_turso"].withdrawn_on
    assert day == date(2025, 8, 29)

    after = form_of("med_start", patient, drug="pb_turso", happened_on="2025-08-29")
    before = form_of("med_start", patient, drug="pb_turso", happened_on="2025-08-28")
    imported = log_assessment(
        patient_id=patient.pk, user=None, kind="med_start", findings={"drug": "pb_turso"}, on=day
    )

    assert after.errors == {
        "drug": [
            "The FDA withdrew the approval of PB/TURSO effective 29 Aug 2025. "
            "A course that began before that day can be recorded with its own date."
        ]
    }
    assert before.is_valid()
    assert imported.findings == {"drug": "pb_turso"}
