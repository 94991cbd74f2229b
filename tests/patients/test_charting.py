"""Blocks of charting: one inside another, and many facts stored together."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment
from assessments.services import log_assessment
from equipment.models import EquipmentItem, EquipmentRequest, EquipmentStatusChange, VendorContact
from equipment.services import advance, lend, log_call, request_equipment, return_loaner
from patients.charting import charting, storing_together
from patients.models import CareTeamAssignment, Patient, PatientStatusChange
from patients.services import (
    assign_care_team,
    change_status,
    end_assignment,
    joining,
    mark_entered_in_error,
    take_back_error_mark,
)
from patients.signals import chart_changed
from referrals.models import Referral
from referrals.services import mark_seen, place_referral, schedule
from teams.models import Discipline
from tests.factories import a_clinic, a_member, a_patient
from worklist.services.postpone import reconcile_at_the_end

pytestmark = pytest.mark.django_db
Heard = list[tuple[int, int]]


@pytest.fixture
def heard() -> Any:
    """(chart version, number of causes) of each time a chart changed."""
    calls: Heard = []

    def hear(*, patient: Patient, causes: list[Any], **_kwargs: Any) -> None:
        calls.append((patient.chart_version, len(causes)))

    chart_changed.connect(hear)
    yield calls
    chart_changed.disconnect(hear)


def _review(patient: Patient, on: date, kg: int) -> None:
    log_assessment(
        patient_id=patient.pk, user=None, kind="nutrition_review", findings={"weight_g": kg * 1000}, on=on
    )


def test_a_block_inside_another_writes_into_it_and_the_chart_changes_once(heard: Heard) -> None:
    patient = a_patient(a_clinic())
    heard.clear()

    with charting(patient_id=patient.pk, user=None):
        _review(patient, date(2026, 3, 3), 70)
        _review(patient, date(2026, 3, 4), 71)
        assert heard == []

    patient.refresh_from_db()
    assert heard == [(patient.chart_version, 2)]


def test_each_writer_in_a_block_is_named(heard: Heard) -> None:
    clinic = a_clinic()
    patient, nadia = a_patient(clinic), a_member(clinic, "nutrition")

    with charting(patient_id=patient.pk, user=None):
        change_status(patient_id=patient.pk, user=nadia, status="hospice", on=date(2026, 3, 3))
        change_status(patient_id=patient.pk, user=None, status="active", on=date(2026, 3, 4))

    changes = PatientStatusChange.objects.filter(patient=patient).order_by("entry")
    assert [change.recorded_by for change in changes] == [nadia, None]


def test_a_block_about_somebody_else_stands_alone(heard: Heard) -> None:
    clinic = a_clinic()
    first, second = a_patient(clinic), a_patient(clinic, given_name="Joseph", family_name="Elm")
    heard.clear()

    with charting(patient_id=first.pk, user=None):
        _review(second, date(2026, 3, 3), 70)
        assert len(heard) == 1

    assert len(heard) == 1


def test_a_batch_is_given_up_as_a_whole() -> None:
    patient = a_patient(a_clinic())

    def record() -> None:
        with charting(patient_id=patient.pk, user=None, in_batch=True):
            change_status(patient_id=patient.pk, user=None, status="hospice", on=date(2026, 3, 3))
            change_status(patient_id=patient.pk, user=None, status="gone", on=date(2026, 3, 3))

    with pytest.raises(ValidationError):
        record()

    patient.refresh_from_db()
    assert (patient.status, PatientStatusChange.objects.count()) == ("active", 0)


def _live(patient: Patient) -> None:
    """A bit of everything that services check against what is recorded already."""
    who: dict[str, Any] = {"patient_id": patient.pk, "user": None}
    pt = Discipline.objects.get(pk="physical_therapy")
    change_status(**who, status="hospice", on=date(2026, 3, 9))
    change_status(**who, status="active", on=date(2026, 3, 5))
    seat = assign_care_team(**who, discipline=pt, outside_provider="Sam Dipper", on=date(2026, 3, 3))
    end_assignment(assignment=seat, user=None, on=date(2026, 3, 20))
    referral = place_referral(**who, discipline=pt, on=date(2026, 3, 3))
    schedule(referral=referral, user=None, on=date(2026, 3, 4), appointment_on=date(2026, 3, 10))
    mark_seen(referral=referral, user=None, on=date(2026, 3, 10))
    chair = EquipmentItem.objects.get(pk="power_wheelchair")
    request = request_equipment(**who, item=chair, on=date(2026, 3, 3))
    advance(request=request, user=None, status="submitted", on=date(2026, 3, 8))
    advance(request=request, user=None, status="documented", on=date(2026, 3, 5))
    wrong = advance(request=request, user=None, status="in_use", on=date(2026, 3, 9))
    mark_entered_in_error(fact=wrong, user=None, reason="Another person's chair")
    log_call(request=request, user=None, on=date(2026, 3, 9), next_call_on=date(2026, 3, 12))
    loaner = lend(request=request, user=None, on=date(2026, 3, 4), item_lent="Transport chair")
    return_loaner(loaner=loaner, user=None, on=date(2026, 3, 11))
    mark_entered_in_error(fact=loaner, user=None, reason="Mixed up")
    take_back_error_mark(fact=loaner, user=None)


def _kept(patient: Patient) -> dict[str, Any]:
    """Everything stored, without what is drawn anew each time."""
    left_out = {"id", "patient_id", "recorded_at", "voided_at", "request_id", "referral_id"}

    def rows(model: Any) -> list[dict[str, Any]]:
        found = model.objects.filter(patient=patient).order_by("entry").values()
        return [{name: value for name, value in row.items() if name not in left_out} for row in found]

    models = (PatientStatusChange, CareTeamAssignment, Referral, EquipmentRequest, EquipmentStatusChange)
    patient.refresh_from_db()
    return {
        "status": (patient.status, patient.status_on, patient.chart_version),
        **{model.__name__: rows(model) for model in (*models, VendorContact)},
    }


def test_a_batch_stores_what_one_by_one_stores() -> None:
    clinic = a_clinic()
    one_by_one, together = a_patient(clinic), a_patient(clinic, given_name="Joseph", family_name="Elm")

    _live(one_by_one)
    with charting(patient_id=together.pk, user=None, in_batch=True):
        _live(together)

    kept = _kept(one_by_one)
    assert _kept(together) == kept
    assert kept["EquipmentRequest"][0]["stage"] == "submitted"
    assert kept["EquipmentRequest"][0]["next_call_on"] == date(2026, 3, 12)
    assert kept["Referral"][0]["status"] == "seen"
    assert kept["status"][:2] == ("hospice", date(2026, 3, 9))


def test_a_batch_checks_against_what_it_has_not_stored_yet() -> None:
    patient = a_patient(a_clinic())
    item = EquipmentItem.objects.get(pk="walker")

    with charting(patient_id=patient.pk, user=None, in_batch=True):
        request = request_equipment(patient_id=patient.pk, user=None, item=item, on=date(2026, 3, 3))
        advance(request=request, user=None, status="in_use", on=date(2026, 3, 5))
        with pytest.raises(ValidationError, match="in use on 5 Mar 2026"):
            advance(request=request, user=None, status="ordered", on=date(2026, 3, 9))
        mark_entered_in_error(fact=request, user=None, reason="Not wanted")
        with pytest.raises(ValidationError, match="marked entered in error"):
            log_call(request=request, user=None, on=date(2026, 3, 9))


def test_a_person_sits_in_one_seat_once_also_in_a_batch() -> None:
    clinic = a_clinic()
    patient, carla = a_patient(clinic), a_member(clinic, "physical_therapy", name="Carla Dunlin")
    pt = Discipline.objects.get(pk="physical_therapy")
    seat: dict[str, Any] = {"patient_id": patient.pk, "user": None, "discipline": pt, "member": carla}

    with charting(patient_id=patient.pk, user=None, in_batch=True):
        assign_care_team(**seat, on=date(2026, 5, 1))
        assign_care_team(**seat, on=date(2026, 3, 1), until=date(2026, 5, 1))
        with pytest.raises(ValidationError):
            assign_care_team(**seat, on=date(2026, 2, 1))

    seats = CareTeamAssignment.objects.filter(patient=patient, member=carla).order_by("entry")
    assert [(each.happened_on, each.ended_on) for each in seats] == [
        (date(2026, 5, 1), None),
        (date(2026, 3, 1), date(2026, 5, 1)),
    ]


def test_a_hundred_facts_take_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    patient = a_patient(a_clinic())
    other = a_patient(patient.clinic, given_name="Joseph", family_name="Elm")

    def record(person: Patient, count: int) -> None:
        with charting(patient_id=person.pk, user=None, in_batch=True):
            for number in range(count):
                _review(person, date(2026, 3, 3), 60 + number)

    with django_assert_num_queries(13):
        record(patient, 1)
    with django_assert_num_queries(13):
        record(other, 100)


def test_several_people_are_stored_together(
    heard: Heard, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    clinic = a_clinic()
    people = [a_patient(clinic, given_name=name) for name in ("Ruth", "Joseph", "Noor")]
    heard.clear()

    with reconcile_at_the_end(), storing_together():
        for person in people:
            with charting(patient_id=person.pk, user=None, in_batch=True):
                _review(person, date(2026, 3, 3), 70)
        assert (heard, Assessment.objects.count()) == ([], 0)

    assert len(heard) == 3
    assert Assessment.objects.count() == 3
    with django_assert_num_queries(6), reconcile_at_the_end(), storing_together():
        for person in people:
            with charting(patient_id=person.pk, user=None, in_batch=True):
                _review(person, date(2026, 3, 4), 71)


def test_a_new_person_and_what_is_known_of_them_are_stored_together() -> None:
    clinic = a_clinic()
    fields: dict[str, Any] = {"mrn": "D-1", "given_name": "Ruth", "family_name": "Alder"}
    days = {"birth_on": date(1961, 6, 3), "enrolled_on": date(2026, 3, 2)}

    with joining(clinic=clinic, user=None, seats=(), in_batch=True, **fields, **days) as chart:
        _live(chart.patient)

    same = a_patient(clinic)
    _live(same)
    assert _kept(Patient.objects.get(mrn="D-1")) == _kept(same)


def test_a_reason_longer_than_the_record_holds_is_refused() -> None:
    patient = a_patient(a_clinic())
    change = change_status(patient_id=patient.pk, user=None, status="hospice", on=date(2026, 3, 9))

    with pytest.raises(ValidationError, match="300"):
        mark_entered_in_error(fact=change, user=None, reason="x" * 301)
