"""Bringing a clinic's files in: what is written, what is left, and what stands in the way."""

import csv
import json
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from alerts.models import Alert
from assessments.models import Assessment
from equipment.models import EquipmentRequest, EquipmentStatusChange, Loaner, Payer
from exchange.imports.plan import Change
from exchange.services.importing import ImportResult, import_clinic
from pathway import clock
from patients.facts import Fact
from patients.models import CareTeamAssignment, Decline, Patient
from patients.services import mark_entered_in_error
from referrals.models import Referral, ReferralStatusChange
from teams.models import Clinic, DefaultSeat
from tests.factories import a_clinic, a_member

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 12, 16, tzinfo=UTC)
PATIENT = {
    "external_id": "P1",
    "mrn": "D-0142",
    "given_name": "Ruth",
    "family_name": "Alder",
    "birth_on": "1961-06-03",
    "enrolled_on": "2026-01-05",
}
REVIEW = {"external_id": "n1", "patient": "P1", "date": "2026-01-10", "weight_kg": "64.9"}
REQUEST = {"external_id": "q1", "patient": "P1", "date": "2026-02-09", "item": "power_wheelchair"}
SUBMITTED = {"external_id": "s1", "request": "q1", "date": "2026-02-20", "status": "submitted"}

Rows = list[dict[str, str]]


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic(name="Harbor")


class Folder:
    """A folder of files that a test writes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, delimiter: str = ",", **files: Rows) -> "Folder":
        """``patients=[{...}]`` becomes patients.csv."""
        for name, rows in files.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            out = StringIO(newline="")
            writer = csv.DictWriter(out, columns, delimiter=delimiter, restval="")
            writer.writeheader()
            writer.writerows(rows)
            (self.path / f"{name}.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
        return self


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path).write(patients=[PATIENT])


def bring_in(clinic: Clinic, folder: Folder, **options: Any) -> ImportResult:
    """Import at noon on 12 Mar 2026."""
    with clock.set_to(NOON):
        return import_clinic(clinic=clinic, folder=folder.path, **options)


def counted(result: ImportResult, file: str) -> dict[str, int]:
    """What happened to the rows of a file."""
    return {change.value: count for change, count in result.counts[f"{file}.csv"].items() if count}


def standing(model: type[Fact]) -> list[Any]:
    """Facts of a model that are not marked entered in error."""
    return list(model.objects.in_force().order_by("happened_on"))


def places(result: ImportResult) -> list[tuple[str, int, str, str]]:
    """Where the problems are, with the values."""
    return [(each.file, each.line, each.column, each.value) for each in result.problems]


def test_a_person_with_a_bit_of_everything(clinic: Clinic, folder: Folder) -> None:
    nadia = a_member(clinic, "nutrition", email="nadia.wren@harbor.example")
    folder.write(
        patients=[{**PATIENT, "onset_region": "Arm", "baseline_weight_kg": "68", "payer": "Medicare"}],
        nutrition_review=[REVIEW],
        care_team=[
            {
                "external_id": "c1",
                "patient": "P1",
                "discipline": "nutrition",
                "member": nadia.email,
                "date": "2026-01-05",
                "until": "2026-02-01",
            }
        ],
        declines=[{"external_id": "d1", "patient": "P1", "date": "2026-02-01", "topic": "palliative"}],
        referrals=[
            {"external_id": "r1", "patient": "P1", "date": "2026-02-02", "discipline": "gastroenterology"}
        ],
        referral_updates=[
            {
                "external_id": "u1",
                "referral": "r1",
                "date": "2026-02-05",
                "status": "scheduled",
                "appointment_on": "2026-03-20",
            }
        ],
        equipment=[{**REQUEST, "payer": "Medicare Advantage", "vendor": "Slate Mobility"}],
        equipment_updates=[SUBMITTED],
        equipment_calls=[
            {"external_id": "k1", "request": "q1", "date": "2026-03-09", "next_call_on": "2026-03-13"}
        ],
        equipment_loans=[
            {
                "external_id": "l1",
                "request": "q1",
                "date": "2026-02-15",
                "item_lent": "Transport chair",
                "returned_on": "2026-03-01",
            }
        ],
    )

    result = bring_in(clinic, folder)

    assert list(result.problems) == []
    assert result.added == ["Medicare Advantage", "Slate Mobility"]
    ruth = Patient.objects.get(clinic=clinic)
    assert (ruth.onset_region, ruth.baseline_weight_g, ruth.external_id) == ("upper_limb", 68_000, "P1")
    assert ruth.is_recalculating is False
    [review] = standing(Assessment)
    assert (review.findings, review.recorded_on) == ({"weight_g": 64_900}, date(2026, 3, 12))
    [seat] = standing(CareTeamAssignment)
    assert (seat.member, seat.ended_on, seat.ended_recorded_on) == (
        nadia,
        date(2026, 2, 1),
        date(2026, 3, 12),
    )
    [request] = standing(EquipmentRequest)
    assert (request.stage, request.stage_since, request.next_call_on) == (
        "submitted",
        date(2026, 2, 20),
        date(2026, 3, 13),
    )
    assert Loaner.objects.get().returned_on == date(2026, 3, 1)
    assert Referral.objects.get().appointment_on == date(2026, 3, 20)
    assert Decline.objects.get().permanent is False
    [alert] = Alert.objects.all()
    assert (alert.rule, alert.subject, alert.opens_on) == ("EQ-STAGE", str(request.pk), date(2026, 3, 12))


def test_the_same_folder_again_changes_nothing(clinic: Clinic, folder: Folder) -> None:
    folder.write(nutrition_review=[REVIEW], equipment=[REQUEST], equipment_updates=[SUBMITTED])
    bring_in(clinic, folder)
    before = list(Patient.objects.values("pk", "chart_version"))

    again = bring_in(clinic, folder)

    assert counted(again, "patients") == {"unchanged": 1}
    assert counted(again, "nutrition_review") == {"unchanged": 1}
    assert counted(again, "equipment_updates") == {"unchanged": 1}
    assert list(Patient.objects.values("pk", "chart_version")) == before
    assert Assessment.objects.count() == 1


def test_a_changed_row_is_marked_in_error_and_entered_anew(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder.write(nutrition_review=[REVIEW]))

    result = bring_in(clinic, folder.write(nutrition_review=[{**REVIEW, "weight_kg": "63.9"}]))

    assert counted(result, "nutrition_review") == {"changed": 1}
    old, new = Assessment.objects.order_by("entry")
    assert (old.void_reason, old.voided_on) == ("Changed in import", date(2026, 3, 12))
    assert (new.findings, new.external_id, new.voided_at) == ({"weight_g": 63_900}, "n1", None)


def test_rows_that_are_not_there_any_more_stay(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder.write(nutrition_review=[REVIEW, {**REVIEW, "external_id": "n2"}]))

    bring_in(clinic, folder.write(nutrition_review=[REVIEW]))
    (folder.path / "nutrition_review.csv").unlink()
    bring_in(clinic, folder)

    assert len(standing(Assessment)) == 2


def test_what_was_marked_in_error_here_stays_so_until_the_row_changes(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder.write(nutrition_review=[REVIEW]))
    mark_entered_in_error(fact=Assessment.objects.get(), user=None, reason="Another person")

    same = bring_in(clinic, folder)
    other = bring_in(clinic, folder.write(nutrition_review=[{**REVIEW, "date": "2026-01-11"}]))

    assert counted(same, "nutrition_review") == {"left": 1}
    assert counted(other, "nutrition_review") == {"new": 1}
    assert [review.happened_on for review in standing(Assessment)] == [date(2026, 1, 11)]


def test_a_request_that_changes_takes_its_entries_with_it(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder.write(equipment=[REQUEST], equipment_updates=[SUBMITTED]))

    result = bring_in(clinic, folder.write(equipment=[{**REQUEST, "item": "manual_wheelchair"}]))

    assert (counted(result, "equipment"), counted(result, "equipment_updates")) == (
        {"changed": 1},
        {"changed": 1},
    )
    [request], [change] = standing(EquipmentRequest), standing(EquipmentStatusChange)
    assert (request.item_id, request.stage, change.request) == ("manual_wheelchair", "submitted", request)


def test_a_request_with_entries_that_are_not_in_the_files_is_not_replaced(
    clinic: Clinic, folder: Folder
) -> None:
    bring_in(clinic, folder.write(equipment=[REQUEST], equipment_updates=[SUBMITTED]))
    (folder.path / "equipment_updates.csv").unlink()

    result = bring_in(clinic, folder.write(equipment=[{**REQUEST, "item": "manual_wheelchair"}]))

    assert places(result) == [("equipment.csv", 2, "external_id", "q1")]
    assert "equipment_updates.csv" in next(iter(result.problems)).reason
    assert EquipmentRequest.objects.get().item_id == "power_wheelchair"


def test_new_rows_hang_on_requests_imported_before(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder.write(equipment=[REQUEST]))
    (folder.path / "equipment.csv").unlink()

    result = bring_in(clinic, folder.write(equipment_updates=[SUBMITTED]))

    assert list(result.problems) == []
    assert EquipmentRequest.objects.get().stage == "submitted"


def test_a_seat_that_was_left_and_a_loan_that_came_back(clinic: Clinic, folder: Folder) -> None:
    seat = {
        "external_id": "c1",
        "patient": "P1",
        "discipline": "nutrition",
        "outside_provider": "Kit Linnet",
        "date": "2026-01-05",
        "until": "",
    }
    loan = {
        "external_id": "l1",
        "request": "q1",
        "date": "2026-02-15",
        "item_lent": "Chair",
        "returned_on": "",
    }
    bring_in(clinic, folder.write(equipment=[REQUEST], care_team=[seat], equipment_loans=[loan]))
    folder.write(
        care_team=[{**seat, "until": "2026-03-01"}], equipment_loans=[{**loan, "returned_on": "2026-03-02"}]
    )

    ended, again = bring_in(clinic, folder), bring_in(clinic, folder)

    assert (counted(ended, "care_team"), counted(ended, "equipment_loans")) == ({"ended": 1}, {"ended": 1})
    assert (counted(again, "care_team"), counted(again, "equipment_loans")) == (
        {"unchanged": 1},
        {"unchanged": 1},
    )
    assert CareTeamAssignment.objects.get().ended_on == date(2026, 3, 1)
    assert Loaner.objects.get().returned_on == date(2026, 3, 2)


def test_a_person_is_changed_and_empty_cells_leave_what_is_there(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder.write(patients=[{**PATIENT, "phone": "555-0100"}]))

    result = bring_in(clinic, folder.write(patients=[{**PATIENT, "family_name": "Alder-Fern", "phone": ""}]))

    assert counted(result, "patients") == {"changed": 1}
    ruth = Patient.objects.get()
    assert (ruth.family_name, ruth.phone) == ("Alder-Fern", "555-0100")


def test_new_people_inherit_the_seats_their_file_does_not_fill(clinic: Clinic, folder: Folder) -> None:
    for discipline, provider in (("nutrition", "Kit Linnet"), ("neurology", "Dr Ida Avocet")):
        DefaultSeat.objects.create(clinic=clinic, discipline_id=discipline, outside_provider=provider)
    row = {"external_id": "c1", "patient": "P1", "discipline": "nutrition", "date": "2026-01-05"}

    bring_in(clinic, folder.write(care_team=[{**row, "outside_provider": "Lou Wren"}]))

    seats = CareTeamAssignment.objects.values_list("discipline", "outside_provider")
    assert set(seats) == {("nutrition", "Lou Wren"), ("neurology", "Dr Ida Avocet")}


def test_the_day_of_recording_and_the_order_are_taken(clinic: Clinic, folder: Folder) -> None:
    status = {"patient": "P1", "date": "2026-02-01", "recorded_on": "2026-02-03"}
    folder.write(
        status_changes=[
            {"external_id": "a", "status": "active", "order": "2", **status},
            {"external_id": "h", "status": "hospice", "order": "1", **status},
        ]
    )

    bring_in(clinic, folder)

    ruth = Patient.objects.get()
    assert (ruth.status, ruth.status_on) == ("active", date(2026, 2, 1))


def test_a_dry_run_does_everything_and_keeps_nothing(clinic: Clinic, folder: Folder) -> None:
    result = bring_in(clinic, folder.write(nutrition_review=[REVIEW]), dry_run=True)

    assert (counted(result, "nutrition_review"), result.stopped) == ({"new": 1}, False)
    assert (Patient.objects.count(), Assessment.objects.count()) == (0, 0)


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


def test_another_clinic_is_not_looked_at(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder)

    result = bring_in(a_clinic(name="Lakeside"), folder)

    assert counted(result, "patients") == {"new": 1}


def test_unknown_and_missing_files_are_named(clinic: Clinic, tmp_path: Path) -> None:
    Folder(tmp_path).write(nutrition_reviews=[REVIEW])
    (tmp_path / "notes.txt").write_text("not a table")

    result = bring_in(clinic, Folder(tmp_path))

    assert [(each.file, each.reason[:24]) for each in result.problems] == [
        ("nutrition_reviews.csv", "This file is not known. "),
        ("patients.csv", "The file is missing."),
    ]


def test_semicolons_the_clinics_dates_and_decimal_commas(clinic: Clinic, folder: Folder) -> None:
    german = {**PATIENT, "birth_on": "03.06.1961", "enrolled_on": "5.1.2026"}
    folder.write(
        ";", patients=[german], nutrition_review=[{**REVIEW, "date": "10.1.2026", "weight_kg": "64,9"}]
    )

    refused = bring_in(clinic, folder)
    taken = bring_in(clinic, folder, date_format="DD.MM.YYYY")

    assert places(refused)[0] == ("patients.csv", 2, "birth_on", "03.06.1961")
    assert list(taken.problems) == []
    assert Assessment.objects.get().findings == {"weight_g": 64_900}
    assert Patient.objects.get().birth_on == date(1961, 6, 3)


def test_the_command_tells_what_happened(clinic: Clinic, folder: Folder) -> None:
    out = StringIO()
    folder.write(nutrition_review=[{**REVIEW, "date": "2026-01-10"}])

    call_command("import_clinic", str(folder.path), "--clinic", "Harbor", "--dry-run", stdout=out)
    call_command("import_clinic", str(folder.path), stdout=out)

    told = ["patients.csv: 1 new", "nutrition_review.csv: 1 new"]
    assert out.getvalue().splitlines() == [*told, "Dry run: nothing was kept.", *told, "Imported."]


def test_the_command_tells_what_is_wrong(clinic: Clinic, folder: Folder) -> None:
    err = StringIO()
    folder.write(nutrition_review=[{**REVIEW, "weight_kg": "heavy"}])

    with pytest.raises(CommandError, match="Nothing was imported: 1 problems"):
        call_command("import_clinic", str(folder.path), stderr=err)

    assert err.getvalue().startswith("nutrition_review.csv, line 2, weight_kg: 'heavy' This is not a number.")


def test_the_command_tells_programs_as_json(clinic: Clinic, folder: Folder) -> None:
    out = StringIO()
    folder.write(nutrition_review=[{**REVIEW, "weight_kg": "heavy"}])

    with pytest.raises(SystemExit) as stopped:
        call_command("import_clinic", str(folder.path), "--json", stdout=out)

    answer = json.loads(out.getvalue())
    assert stopped.value.code == 1
    assert (answer["imported"], answer["problem_count"]) == (False, 1)
    assert answer["problems"][0] == {
        "file": "nutrition_review.csv",
        "line": 2,
        "column": "weight_kg",
        "value": "heavy",
        "reason": "This is not a number. Write figures only, such as 64.9.",
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--clinic", "Nowhere"], "There is no clinic called Nowhere. Clinics: Harbor."),
        (["--clinic", "New", "--create", "--time-zone", "Mars"], "Mars is not a time zone"),
        (["--date-format", "DD/MM/YY"], "not a date format"),
    ],
)
def test_the_command_says_what_it_does_not_understand(
    clinic: Clinic, folder: Folder, words: list[str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("import_clinic", str(folder.path), *words)


def test_a_clinic_opened_for_an_import_that_fails_is_not_kept(folder: Folder) -> None:
    folder.write(nutrition_review=[{**REVIEW, "weight_kg": "heavy"}])

    with pytest.raises(CommandError):
        call_command("import_clinic", str(folder.path), "--clinic", "New", "--create", stderr=StringIO())

    assert Clinic.objects.count() == 0


def test_cells_that_do_not_count_in_a_row_do_not_change_it(clinic: Clinic, folder: Folder) -> None:
    update = {"external_id": "u1", "referral": "r1", "date": "2026-02-05", "appointment_on": "2026-02-05"}
    folder.write(
        referrals=[
            {"external_id": "r1", "patient": "P1", "date": "2026-02-02", "discipline": "palliative_care"},
            {"external_id": "r2", "patient": "P1", "date": "2026-02-02", "discipline": "palliative_care"},
        ],
        referral_updates=[
            {**update, "status": "seen", "reason": "came early"},
            {**update, "external_id": "u2", "referral": "r2", "status": "cancelled"},
        ],
    )
    bring_in(clinic, folder)

    again = bring_in(clinic, folder)

    assert counted(again, "referral_updates") == {"unchanged": 2}
    assert [each.reason for each in standing(ReferralStatusChange)] == ["", "Not said"]


def test_a_seat_names_somebody(clinic: Clinic, folder: Folder) -> None:
    folder.write(
        care_team=[{"external_id": "c1", "patient": "P1", "discipline": "nutrition", "date": "2026-01-05"}]
    )

    result = bring_in(clinic, folder)

    assert [each.reason for each in result.problems] == ["Name a member or an outside provider."]


def test_every_kind_of_change_has_its_count(clinic: Clinic, folder: Folder) -> None:
    assert set(bring_in(clinic, folder).counts["patients.csv"]) == set(Change)
    assert ReferralStatusChange.objects.count() == 0
