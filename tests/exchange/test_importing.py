"""Bringing a clinic's files in: what is written, and what is left as it is."""

from datetime import date

import pytest

from alerts.models import Alert
from assessments.models import Assessment
from equipment.models import EquipmentRequest, EquipmentStatusChange, Loaner, Payer
from exchange.imports.plan import Change
from patients.models import CareTeamAssignment, Decline, Patient
from patients.services import mark_entered_in_error
from referrals.models import Referral, ReferralStatusChange
from teams.models import Clinic, DefaultSeat
from tests.exchange.folders import (
    PATIENT,
    REQUEST,
    REVIEW,
    SUBMITTED,
    Folder,
    bring_in,
    counted,
    places,
    standing,
)
from tests.factories import a_clinic, a_member

pytestmark = pytest.mark.django_db


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
    alert = Alert.objects.get(rule="EQ-STAGE")
    assert (alert.subject, alert.opens_on) == (str(request.pk), date(2026, 3, 12))
    assert set(Alert.objects.values_list("rule", flat=True)) == {"EQ-STAGE", "RESP-3M", "TEAM-GAP"}


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


def test_another_clinic_is_not_looked_at(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder)

    result = bring_in(a_clinic(name="Lakeside"), folder)

    assert counted(result, "patients") == {"new": 1}


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


def test_a_stage_without_its_reason_is_taken_as_not_said(clinic: Clinic, folder: Folder) -> None:
    rows = [{**SUBMITTED, "external_id": key, "status": key} for key in ("denied", "approved", "cancelled")]
    folder.write(equipment=[REQUEST], equipment_updates=rows)
    bring_in(clinic, folder)

    again = bring_in(clinic, folder)

    assert counted(again, "equipment_updates") == {"unchanged": 3}
    changes = EquipmentStatusChange.objects.values_list("status", "reason")
    assert dict(changes) == {"denied": "Not said", "approved": "", "cancelled": "Not said"}


def test_payers_and_vendors_are_one_in_capitals_or_not(clinic: Clinic, folder: Folder) -> None:
    Payer.objects.create(clinic=clinic, name="Demo Mutual")
    named = [("q1", "DEMO MUTUAL", "Slate Mobility"), ("q2", "demo mutual", "slate mobility")]
    folder.write(
        equipment=[
            {**REQUEST, "external_id": id_, "payer": payer, "vendor": vendor} for id_, payer, vendor in named
        ]
    )

    result = bring_in(clinic, folder)

    assert result.added == ["Slate Mobility"]
    requests = EquipmentRequest.objects.values_list("payer__name", "vendor__name")
    assert list(requests) == [("Demo Mutual", "Slate Mobility")] * 2


def test_every_kind_of_change_has_its_count(clinic: Clinic, folder: Folder) -> None:
    assert set(bring_in(clinic, folder).counts["patients.csv"]) == set(Change)
    assert ReferralStatusChange.objects.count() == 0
