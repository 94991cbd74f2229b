"""A clinic goes out as files and comes in elsewhere: the same facts, the same alerts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Assessment
from assessments.services import log_assessment
from audit.models import ChartRead
from equipment.models import EquipmentRequest
from exchange.export import export_clinic
from exchange.files.clinic import FILES
from exchange.imports.plan import Change
from exchange.services.cohort import seed_cohort
from exchange.services.importing import import_clinic
from pathway import clock
from pathway.facts import PatientFacts
from pathway.timeline import episodes
from patients.models import Patient
from patients.services import mark_entered_in_error
from teams.models import Clinic
from tests.factories import a_clinic, a_patient
from worklist.selectors.events import facts_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)


def out_of(clinic: Clinic, folder: Path) -> Path:
    """Export a clinic."""
    call_command("export_clinic", str(folder), "--clinic", clinic.name, stdout=StringIO())
    return folder


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def lives(clinic: Clinic) -> dict[str, Any]:
    """What the rules read of each person, and every alert it gives, with the files' ids."""
    patients = list(Patient.objects.filter(clinic=clinic).select_related("clinic"))
    facts = facts_of(patients)
    return {patient.external_id: _life(facts[patient.pk]) for patient in patients}


def _life(facts: PatientFacts) -> Any:
    """Ids differ from clinic to clinic, so each is told by its place in the order of recording."""
    places = {event.id: f"#{place}" for place, event in enumerate(facts.events)}

    def told(value: Any) -> Any:
        return places.get(value, value) if isinstance(value, str) else value

    events = [
        (event.kind, event.on, event.recorded_on, {name: told(value) for name, value in event.data.items()})
        for event in facts.events
    ]
    alerts = sorted(
        (each.opens_on, each.rule, told(each.subject), str(each.closes_on)) for each in episodes(facts, TODAY)
    )
    return (facts.enrolled_on, facts.diagnosed_on, facts.onset_region, events, alerts)


@pytest.mark.parametrize("seed", [1, 2])
def test_another_clinic_gets_the_same_facts_and_alerts(tmp_path: Path, seed: int) -> None:
    first = seed_cohort(name="First", patients=25, seed=seed, as_of=TODAY)
    with clock.set_to(NOON):
        folder = out_of(first, tmp_path / "first")
        second = a_clinic(name="Second")
        result = import_clinic(clinic=second, folder=folder)

        assert list(result.problems) == []
        assert lives(second) == lives(first)
        assert contents(out_of(second, tmp_path / "second")) == contents(folder)
    found = {rule for life in lives(first).values() for _on, rule, *_rest in life[-1]}
    assert {"MDT-VISIT", "TEAM-GAP", "RIL-LFT", "RESP-3M", "NUTR-3M", "EQ-STAGE", "EQ-AGE"} <= found
    assert len(found) >= 15


def test_what_was_never_imported_is_known_by_its_own_id(tmp_path: Path) -> None:
    clinic = seed_cohort(name="First", patients=5, seed=3, as_of=TODAY)
    Patient.objects.update(external_id="")
    with clock.set_to(NOON):
        folder = out_of(clinic, tmp_path)

        result = import_clinic(clinic=clinic, folder=folder)

    assert list(result.problems) == []
    for counts in result.counts.values():
        assert sum(counts.values()) == counts[Change.UNCHANGED]


def test_entries_marked_in_error_stay_at_home_with_what_hangs_on_them(tmp_path: Path) -> None:
    clinic = seed_cohort(name="First", patients=10, seed=3, as_of=TODAY)
    with clock.set_to(NOON):
        before = _counts(out_of(clinic, tmp_path / "before"))
        request = _a_request_with_changes(clinic)
        changes = request.changes.count()
        mark_entered_in_error(fact=request, user=None, reason="Another person's chair")
        after = _counts(out_of(clinic, tmp_path / "after"))

    assert before["equipment.csv"] - after["equipment.csv"] == 1
    assert before["equipment_updates.csv"] - after["equipment_updates.csv"] == changes > 0


def _a_request_with_changes(clinic: Clinic) -> Any:
    return EquipmentRequest.objects.filter(patient__clinic=clinic, changes__isnull=False).first()


def _counts(folder: Path) -> dict[str, int]:
    return {name: len(text.splitlines()) for name, text in contents(folder).items()}


def test_formulas_go_out_harmless_and_come_back_as_they_were(tmp_path: Path) -> None:
    clinic = seed_cohort(name="First", patients=1, seed=3, as_of=TODAY)
    Patient.objects.update(caregiver_name="=HYPERLINK(1)", communication_needs="'+writes")
    with clock.set_to(NOON):
        folder = out_of(clinic, tmp_path)
        import_clinic(clinic=a_clinic(name="Second"), folder=folder)

    assert "'=HYPERLINK(1)" in contents(folder)["patients.csv"]
    brought = Patient.objects.get(clinic__name="Second")
    assert (brought.caregiver_name, brought.communication_needs) == ("=HYPERLINK(1)", "'+writes")


def test_an_export_writes_every_file_and_says_whose_charts_it_shows(tmp_path: Path) -> None:
    clinic = seed_cohort(name="First", patients=2, seed=3, as_of=TODAY)

    out_of(clinic, tmp_path)

    assert set(contents(tmp_path)) == set(FILES)
    [read] = ChartRead.objects.filter(purpose="command export_clinic")
    assert set(read.patient_ids) == set(clinic.patients.values_list("pk", flat=True))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    clinic = a_clinic(name="First")
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CommandError, match="file"):
        out_of(clinic, tmp_path / "file")


def test_an_export_without_an_actor_is_refused(tmp_path: Path) -> None:
    clinic = seed_cohort(name="First", patients=1, seed=3, as_of=TODAY)

    with pytest.raises(RuntimeError):
        export_clinic(clinic=clinic, folder=tmp_path)


EVERY_KIND: Mapping[str, dict[str, Any]] = {
    "advance_directive": {"directive": "living_will", "on_file": "scanned", "code_status": "neither"},
    "alsfrs_r": {"speech": 4, "walking": 0, "cutting_5b": 2},
    "aspiration_pneumonia": {"in_hospital": False},
    "cognitive_screen": {"tool": "ALS-CBS", "score": 12, "impaired": False, "executive_impaired": True},
    "dysphagia_plan": {"texture": "done", "liquids": "declined"},
    "eol_discussion": {"took_part": "=1+1", "hospice_information": True},
    "eol_trigger": {"reason": "distress"},
    "gastrostomy_cancelled": {"reason": "Too unwell"},
    "gastrostomy_decision": {"decision": "accepted"},
    "gastrostomy_placed": {"technique": "rig"},
    "gastrostomy_plan_review": {"outcome": "With radiology"},
    "safety_plan": {"falls": True},
    "sialorrhea": {"present": False},
    "sialorrhea_response": {"effective": False, "why_not": "not_tolerated"},
    "sialorrhea_treatment": {"line": "2", "treatment": "botulinum toxin injection"},
    "vfss": {"abnormal": True},
}


def test_findings_about_function_swallowing_and_planning_come_back_whole(tmp_path: Path) -> None:
    with clock.set_to(NOON):
        first, second = a_clinic(name="First"), a_clinic(name="Second")
        patient = a_patient(first)
        for kind, findings in EVERY_KIND.items():
            log_assessment(
                patient_id=patient.pk, user=None, kind=kind, findings=findings, on=date(2026, 5, 4)
            )

        result = import_clinic(clinic=second, folder=out_of(first, tmp_path / "first"))

        there = Assessment.objects.filter(patient__clinic=second)
        assert list(result.problems) == []
        assert {fact.kind: fact.findings for fact in there} == EVERY_KIND
        assert there.count() == len(EVERY_KIND)
