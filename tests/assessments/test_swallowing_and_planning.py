"""Kinds about thinking, swallowing, saliva, gastrostomy and planning ahead."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessments.findings import Background, Earlier
from assessments.forms import form_for
from assessments.kinds.advance_directive import AdvanceDirective
from assessments.registry import event_data, kinds
from patients.models import Patient
from teams.models import User
from tests.factories import a_clinic, a_member, a_patient

ON = "2026-03-12"
ALL = {"falls": True, "choking": True, "injury": True}


@pytest.mark.parametrize(
    ("kind", "values", "summary", "told"),
    [
        (
            "cognitive_screen",
            {"tool": "ECAS", "score": 98, "impaired": True, "executive_impaired": True},
            "impaired, executive function impaired, ECAS 98 points",
            {"tool": "ECAS", "impaired": True, "executive_impaired": True},
        ),
        ("cognitive_screen", {"impaired": False}, "not impaired", {"impaired": False}),
        ("cognitive_screen", {"tool": "ALS-CBS"}, "no result, ALS-CBS", {"tool": "ALS-CBS"}),
        ("safety_plan", ALL, "covers falls, choking, injury", {}),
        ("safety_plan", {"falls": True}, "covers falls; not choking, injury", {"complete": False}),
        ("safety_plan", {}, "covers nothing yet", {"complete": False}),
        ("vfss", {"abnormal": True}, "abnormal", {"abnormal": True}),
        ("vfss", {"abnormal": False}, "normal", {"abnormal": False}),
        ("vfss", {}, "no result yet", {}),
        (
            "dysphagia_plan",
            {"texture": "done", "chin_tuck": "not_indicated", "liquids": "declined"},
            "food texture done, chin tuck not indicated, liquids declined",
            {"texture": "done", "chin_tuck": "not_indicated", "liquids": "declined"},
        ),
        (
            "dysphagia_plan",
            {"texture": "done"},
            "food texture done, chin tuck not answered, liquids not answered",
            {"texture": "done"},
        ),
        ("gastrostomy_decision", {"decision": "accepted"}, "accepted", {"decision": "accepted"}),
        ("gastrostomy_decision", {}, "not answered", {}),
        ("gastrostomy_placed", {"technique": "rig"}, "RIG", {}),
        ("gastrostomy_placed", {"technique": "other"}, "another technique", {}),
        ("gastrostomy_placed", {}, "technique not recorded", {}),
        ("gastrostomy_plan_review", {"outcome": "With radiology"}, "With radiology", {}),
        ("gastrostomy_cancelled", {"reason": "Too unwell"}, "Too unwell", {}),
        ("sialorrhea", {"present": True}, "present", {"present": True}),
        ("sialorrhea", {"present": False}, "not present", {"present": False}),
        ("sialorrhea", {}, "not answered", {}),
        (
            "sialorrhea_treatment",
            {"line": "1", "treatment": "oral anticholinergic"},
            "first line, oral anticholinergic",
            {"line": 1, "kind": "oral anticholinergic"},
        ),
        ("sialorrhea_treatment", {"line": "2"}, "second line", {"line": 2, "kind": ""}),
        ("sialorrhea_treatment", {"treatment": "glycopyrrolate"}, "line not recorded, glycopyrrolate", {}),
        ("sialorrhea_response", {"effective": True}, "first line effective", {"line": 1, "effective": True}),
        (
            "sialorrhea_response",
            {"effective": False},
            "first line not effective",
            {"line": 1, "effective": False},
        ),
        (
            "sialorrhea_response",
            {"why_not": "contraindicated"},
            "first line contraindicated",
            {"line": 1, "effective": False},
        ),
        ("sialorrhea_response", {}, "not answered", {}),
        ("eol_trigger", {"reason": "patient_request"}, "the person asked", {"reason": "patient_request"}),
        ("eol_trigger", {}, "reason not recorded", {}),
        (
            "eol_discussion",
            {"took_part": "Ruth and Sam Alder", "hospice_information": True},
            "with Ruth and Sam Alder, hospice information offered",
            {},
        ),
        ("eol_discussion", {}, "held", {}),
        (
            "advance_directive",
            {"directive": "living_will", "on_file": "scanned", "code_status": "no_resuscitation"},
            "living will, on file: scanned, no resuscitation (DNR)",
            {"directive": "living_will", "on_file": "scanned", "code_status": "no_resuscitation"},
        ),
        ("advance_directive", {"directive": "none"}, "none made yet", {"directive": "none"}),
        (
            "advance_directive",
            {"code_status": "full"},
            "no directive recorded, full code",
            {"code_status": "full"},
        ),
        ("aspiration_pneumonia", {"in_hospital": True}, "treated in hospital", {"in_hospital": True}),
        ("aspiration_pneumonia", {"in_hospital": False}, "treated at home", {"in_hospital": False}),
        ("aspiration_pneumonia", {}, "place of treatment not recorded", {}),
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
        ("cognitive_screen", {"tool": "ALS-CBS", "impaired": True, "executive_impaired": False}),
        ("safety_plan", {}),
        ("safety_plan", {"complete": False}),
        ("vfss", {"abnormal": True}),
        ("vfss", {}),
        ("dysphagia_plan", {"texture": "done", "liquids": "declined"}),
        ("gastrostomy_decision", {"decision": "accepted"}),
        ("gastrostomy_placed", {}),
        ("gastrostomy_plan_review", {}),
        ("gastrostomy_cancelled", {}),
        ("sialorrhea", {"present": False}),
        ("sialorrhea_treatment", {"line": 2, "kind": "botulinum_toxin"}),
        ("sialorrhea_treatment", {}),
        ("sialorrhea_response", {"line": 1, "effective": False}),
        ("sialorrhea_response", {}),
        ("eol_trigger", {"reason": "distress"}),
        ("eol_discussion", {}),
        ("advance_directive", {"directive": "health_care_proxy", "code_status": "full"}),
        ("aspiration_pneumonia", {"in_hospital": False}),
    ],
)
def test_findings_come_back_from_what_the_rules_read(kind: str, told: dict[str, Any]) -> None:
    assert kinds()[kind].findings.from_event_data(told).event_data() == told


def test_a_treatment_named_by_a_code_reads_as_words() -> None:
    found = kinds()["sialorrhea_treatment"].findings.from_event_data(
        {"line": 1, "kind": "oral_anticholinergic"}
    )

    assert found.summary() == "first line, oral anticholinergic"


def test_a_treatment_cannot_work_and_fail() -> None:
    with pytest.raises(ValidationError, match="Effective and not tolerated cannot both be true"):
        kinds()["sialorrhea_response"].findings.checked({"effective": True, "why_not": "not_tolerated"})


@pytest.mark.parametrize("score", [-1, 137, 98.5, True, "98"])
def test_points_are_whole_and_within_the_scale(score: object) -> None:
    with pytest.raises(ValidationError) as refused:
        kinds()["cognitive_screen"].findings.checked({"score": score})

    assert refused.value.message_dict == {"score": [f"{score} is not a whole number from 0 to 136."]}


@pytest.fixture
def patient(db: None) -> Patient:
    return a_patient(a_clinic())


@pytest.fixture
def user(patient: Patient) -> User:
    return a_member(patient.clinic)


@pytest.mark.parametrize(
    ("kind", "typed", "findings"),
    [
        (
            "cognitive_screen",
            {"tool": "ECAS", "score": "105", "impaired": "yes", "executive_impaired": "no"},
            {"tool": "ECAS", "score": 105, "impaired": True, "executive_impaired": False},
        ),
        ("safety_plan", {"falls": "on", "injury": "on"}, {"falls": True, "injury": True}),
        ("vfss", {"abnormal": "no"}, {"abnormal": False}),
        ("vfss", {}, {}),
        ("dysphagia_plan", {"liquids": "declined"}, {"liquids": "declined"}),
        ("gastrostomy_decision", {"decision": "accepted"}, {"decision": "accepted"}),
        ("gastrostomy_placed", {"technique": "peg"}, {"technique": "peg"}),
        ("gastrostomy_plan_review", {"outcome": "Go ahead"}, {"outcome": "Go ahead"}),
        ("gastrostomy_cancelled", {"reason": "Too unwell"}, {"reason": "Too unwell"}),
        ("sialorrhea", {"present": "yes"}, {"present": True}),
        (
            "sialorrhea_treatment",
            {"line": "2", "treatment": "botulinum toxin injection"},
            {"line": "2", "treatment": "botulinum toxin injection"},
        ),
        ("sialorrhea_response", {"why_not": "ineffective"}, {"why_not": "ineffective"}),
        ("eol_trigger", {"reason": "progression"}, {"reason": "progression"}),
        ("eol_discussion", {"hospice_information": "on"}, {"hospice_information": True}),
        ("advance_directive", {"code_status": "neither"}, {"code_status": "neither"}),
        ("aspiration_pneumonia", {"in_hospital": "yes"}, {"in_hospital": True}),
    ],
)
def test_what_is_typed_is_recorded(
    kind: str, typed: dict[str, str], findings: dict[str, Any], patient: Patient, user: User
) -> None:
    form = form_for(kind)({"happened_on": ON, **typed}, patient=patient, user=user)

    assert form.is_valid(), form.errors
    fact = form.submit()
    assert fact is not None
    assert (fact.kind, fact.findings, fact.happened_on) == (kind, findings, date(2026, 3, 12))


@pytest.mark.parametrize(
    ("kind", "typed", "errors"),
    [
        ("cognitive_screen", {"score": "137"}, {"score": ["137 is not a whole number from 0 to 136."]}),
        ("cognitive_screen", {"score": "many"}, {"score": ["Enter a whole number, such as 105."]}),
        ("gastrostomy_decision", {}, {"decision": ["Choose one."]}),
        ("gastrostomy_plan_review", {}, {"outcome": ["Fill this in."]}),
        ("gastrostomy_cancelled", {"reason": " "}, {"reason": ["Fill this in."]}),
        ("sialorrhea", {}, {"present": ["Choose one."]}),
        ("sialorrhea_treatment", {"treatment": "glycopyrrolate"}, {"line": ["Choose one."]}),
        ("sialorrhea_response", {}, {"effective": ["Choose one."]}),
        (
            "sialorrhea_response",
            {"effective": "yes", "why_not": "ineffective"},
            {"why_not": ["Effective and ineffective cannot both be true. Choose one."]},
        ),
        ("eol_trigger", {}, {"reason": ["Choose one."]}),
        ("advance_directive", {}, {"directive": ["Choose one, or the code status."]}),
    ],
)
def test_a_record_that_would_say_nothing_is_asked_for_more(
    kind: str, typed: dict[str, str], errors: dict[str, list[str]], patient: Patient, user: User
) -> None:
    form = form_for(kind)({"happened_on": ON, **typed}, patient=patient, user=user)

    assert form.errors == errors


def test_the_code_status_recorded_last_is_a_hint() -> None:
    earlier = [
        Earlier(date(2026, 3, 1), AdvanceDirective(directive="living_will")),
        Earlier(date(2026, 1, 1), AdvanceDirective(code_status="full")),
    ]

    assert AdvanceDirective().last(Background(earlier=earlier)) == "Full code"
    assert AdvanceDirective().last(Background()) == ""
