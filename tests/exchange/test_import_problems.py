"""What stands in the way of an import: each problem by its place, and nothing written."""

from pathlib import Path

import pytest
from django.db import connection, transaction

from equipment.models import EquipmentRequest, Payer
from patients.models import Patient
from teams.models import Clinic
from tests.exchange.folders import PATIENT, REQUEST, REVIEW, SUBMITTED, Folder, bring_in, places

pytestmark = pytest.mark.django_db


def test_one_bad_cell_stops_everything(clinic: Clinic, folder: Folder) -> None:
    folder.write(
        nutrition_review=[REVIEW, {**REVIEW, "external_id": "n2", "weight_kg": "631"}],
        equipment=[{**REQUEST, "payer": "New Payer"}],
    )

    result = bring_in(clinic, folder)

    assert places(result) == [("nutrition_review.csv", 3, "weight_kg", "631")]
    assert (Patient.objects.count(), Payer.objects.count()) == (0, 0)


def test_all_problems_are_told_at_once_whoever_finds_them(clinic: Clinic, folder: Folder) -> None:
    folder.write(
        patients=[PATIENT, {**PATIENT, "external_id": "P2", "mrn": "D-2", "birth_on": "3.6.1961"}],
        nutrition_review=[
            {**REVIEW, "date": "2026-04-01"},
            {**REVIEW, "external_id": "n2", "patient": "P9"},
            {**REVIEW, "external_id": "n3", "patient": "P2"},
            {**REVIEW, "external_id": "n4", "recorded_on": "2027-01-01"},
        ],
        deferrals=[
            {
                "external_id": "f1",
                "patient": "P1",
                "date": "2026-03-01",
                "topic": "vfss",
                "until": "2026-02-01",
                "reason": "inpatient",
            }
        ],
        care_team=[
            {
                "external_id": "c1",
                "patient": "P1",
                "discipline": "nutrition",
                "member": "who@example.org",
                "date": "2026-01-05",
            }
        ],
        equipment=[REQUEST],
        equipment_updates=[
            {**SUBMITTED, "status": "cancelled"},
            {**SUBMITTED, "external_id": "s2", "date": "2026-02-25", "status": "approved"},
            {**SUBMITTED, "external_id": "s3", "request": "q9"},
        ],
    )

    result = bring_in(clinic, folder)

    assert sorted(places(result)) == [
        ("care_team.csv", 2, "member", "who@example.org"),
        ("deferrals.csv", 2, "until", "2026-02-01"),
        ("equipment_updates.csv", 3, "", ""),
        ("equipment_updates.csv", 4, "request", "q9"),
        ("nutrition_review.csv", 2, "date", "2026-04-01"),
        ("nutrition_review.csv", 3, "patient", "P9"),
        ("nutrition_review.csv", 5, "recorded_on", "2027-01-01"),
        ("patients.csv", 3, "birth_on", "3.6.1961"),
    ]
    assert Patient.objects.count() == 0


def test_nothing_happened_before_the_person_was_born(clinic: Clinic, folder: Folder) -> None:
    early = {**REVIEW, "date": "1961-06-02"}
    birth = {**REVIEW, "external_id": "n2", "date": "1961-06-03"}

    result = bring_in(clinic, folder.write(patients=[PATIENT], nutrition_review=[early, birth]))

    assert places(result) == [("nutrition_review.csv", 2, "date", "1961-06-02")]


def test_the_dates_of_a_person_are_held_against_each_other(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder)
    new = {**PATIENT, "external_id": "P2", "mrn": "D-2", "given_name": "Joseph"}
    born = {**PATIENT, "external_id": "P3", "mrn": "D-3", "given_name": "Holly", "enrolled_on": "1960-01-05"}
    folder.write(
        patients=[
            {**PATIENT, "onset_on": "2025-06-01", "diagnosed_on": "2025-05-31"},
            {**new, "onset_on": "2025-06-01", "diagnosed_on": "2025-05-31"},
            born,
            {**new, "external_id": "P4", "mrn": "D-4", "given_name": "Rowan", "enrolled_on": "2026-03-13"},
        ]
    )

    result = bring_in(clinic, folder)

    assert [(each.line, each.column, each.value, each.reason) for each in result.problems] == [
        (2, "diagnosed_on", "2025-05-31", "31 May 2025 is before the onset. Check both."),
        (3, "diagnosed_on", "2025-05-31", "31 May 2025 is before the onset. Check both."),
        (4, "enrolled_on", "1960-01-05", "5 Jan 1960 is before the date of birth. Check both."),
        (5, "enrolled_on", "2026-03-13", "13 Mar 2026 is in the future. Check the year."),
    ]
    assert Patient.objects.get().onset_on is None


def test_a_row_that_now_names_another_person_is_refused(clinic: Clinic, folder: Folder) -> None:
    other = {**PATIENT, "external_id": "P2", "mrn": "D-2", "given_name": "Joseph"}
    bring_in(clinic, folder.write(patients=[PATIENT, other], nutrition_review=[REVIEW]))

    result = bring_in(clinic, folder.write(nutrition_review=[{**REVIEW, "patient": "P2"}]))

    assert places(result) == [("nutrition_review.csv", 2, "external_id", "n1")]


def test_people_who_are_probably_there_twice_stop_the_import(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder)
    folder.write(
        patients=[
            {**PATIENT, "external_id": "P2", "given_name": "Joseph"},
            {**PATIENT, "external_id": "P3", "mrn": "D-3", "given_name": "ruth ", "family_name": "ALDER"},
            {**PATIENT, "external_id": "P4", "mrn": "D-4", "birth_on": "1971-06-03"},
        ]
    )

    result = bring_in(clinic, folder)

    assert [(each.external_id, each.other_external_id, each.why) for each in result.duplicates] == [
        ("P2", "P1", "same MRN"),
        ("P3", "P1", "same name and date of birth"),
    ]
    assert Patient.objects.count() == 1


def test_unknown_and_missing_files_are_named(clinic: Clinic, tmp_path: Path) -> None:
    Folder(tmp_path).write(nutrition_reviews=[REVIEW])
    (tmp_path / "notes.txt").write_text("not a table")

    result = bring_in(clinic, Folder(tmp_path))

    assert [(each.file, each.reason[:24]) for each in result.problems] == [
        ("nutrition_reviews.csv", "This file is not known. "),
        ("patients.csv", "The file is missing."),
    ]


def test_a_seat_names_somebody(clinic: Clinic, folder: Folder) -> None:
    folder.write(
        care_team=[{"external_id": "c1", "patient": "P1", "discipline": "nutrition", "date": "2026-01-05"}]
    )

    result = bring_in(clinic, folder)

    assert [each.reason for each in result.problems] == ["Name a member or an outside provider."]


def test_a_request_with_entries_that_are_not_in_the_files_is_not_replaced(
    clinic: Clinic, folder: Folder
) -> None:
    bring_in(clinic, folder.write(equipment=[REQUEST], equipment_updates=[SUBMITTED]))
    (folder.path / "equipment_updates.csv").unlink()

    result = bring_in(clinic, folder.write(equipment=[{**REQUEST, "item": "manual_wheelchair"}]))

    assert places(result) == [("equipment.csv", 2, "external_id", "q1")]
    assert "equipment_updates.csv" in next(iter(result.problems)).reason
    assert EquipmentRequest.objects.get().item_id == "power_wheelchair"


@pytest.mark.parametrize(
    ("table", "condition"),
    [("patients_patient", "mrn <> 'D-0142'"), ("assessments_assessment", "external_id <> 'n1'")],
)
def test_what_only_the_database_refuses_stops_everything(
    clinic: Clinic, folder: Folder, table: str, condition: str
) -> None:
    folder.write(nutrition_review=[REVIEW])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT not_this_one CHECK ({condition}) NOT VALID")

    with transaction.atomic():
        result = bring_in(clinic, folder)

    [problem] = result.problems
    assert problem.file == "patients.csv"
    assert "The database refused what was to be stored" in problem.reason
    assert '"not_this_one"' in problem.reason
    assert "Failing row" not in problem.reason
    assert not Patient.objects.exists()
