"""Everything recorded about one patient, as a person reads it, and as the rules do."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from assessments.services import log_assessment
from equipment import services as equipment
from equipment.models import Stage
from pathway import clock
from patients import services
from patients.models import Patient
from referrals import services as referrals
from teams.models import Clinic, DefaultSeat, Discipline, User
from tests.factories import a_clinic, a_member, a_patient, a_referral, a_request
from worklist.selectors.events import facts_of
from worklist.selectors.recorded import SOURCES, chart_of, recorded_about

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(datetime(2026, 4, 14, 13, tzinfo=UTC)):
        yield


def everything_about(patient: Patient, user: User) -> None:
    """One fact of every kind."""
    by: dict[str, Any] = {"patient_id": patient.pk, "user": user}
    services.change_status(**by, status="active", on=ON)
    services.assign_care_team(**by, discipline=Discipline.objects.get(pk="nutrition"), on=ON, member=user)
    services.record_decline(**by, topic="palliative", on=ON)
    services.withdraw_decline(**by, topic="palliative", on=date(2026, 3, 20))
    services.record_deferral(
        **by, topic="resp_testing", on=ON, until=date(2026, 5, 1), reason="inpatient", note="Broken hip."
    )
    services.end_deferral(**by, topic="resp_testing", on=date(2026, 3, 25))
    log_assessment(**by, kind="nutrition_review", findings={"weight_g": 64_900}, on=ON)
    referrals.schedule(
        referral=a_referral(patient, user=user), user=user, on=ON, appointment_on=date(2026, 4, 20)
    )
    request = a_request(patient, user=user)
    equipment.advance(request=request, user=user, status=Stage.DOCUMENTED, on=ON)
    equipment.log_call(request=request, user=user, on=ON, person="Intake desk")
    equipment.lend(request=request, user=user, on=ON, item_lent="Transport chair")


def test_holds_every_kind_of_fact_latest_first():
    clinic = a_clinic()
    member = a_member(clinic, "nutrition")
    patient = a_patient(clinic)
    everything_about(patient, member)

    recorded = recorded_about(patient)

    assert {each.kind for each in recorded} == set(SOURCES)
    assert [(each.on, each.entry) for each in recorded] == sorted(
        ((each.on, each.entry) for each in recorded), reverse=True
    )
    assert {each.who for each in recorded} == {"Nadia Wren"}


def test_takes_one_query(django_assert_num_queries):
    clinic = a_clinic()
    patient = a_patient(clinic)
    everything_about(patient, a_member(clinic, "nutrition"))

    with django_assert_num_queries(1):
        recorded_about(patient)


def test_another_patients_facts_are_not_among_them():
    clinic = a_clinic()
    patient, other = a_patient(clinic), a_patient(clinic)
    everything_about(other, a_member(clinic))

    assert recorded_about(patient) == []


def test_an_entry_in_error_stays_with_its_reason():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic)
    fact = log_assessment(
        patient_id=patient.pk, user=member, kind="nutrition_review", findings={"weight_g": 46_900}, on=ON
    )
    services.mark_entered_in_error(fact=fact, user=member, reason="Digits swapped")

    [only] = recorded_about(patient)

    assert (only.is_voided, only.void_reason, only.voided_by) == (True, "Digits swapped", "Nadia Wren")


def test_the_page_and_the_rules_see_the_same_choices_and_measures():
    clinic = a_clinic()
    patient = a_patient(clinic)
    everything_about(patient, a_member(clinic, "nutrition"))
    voided = log_assessment(
        patient_id=patient.pk, user=None, kind="resp_assessment", findings={"fvc_pct": 30}, on=ON
    )
    services.mark_entered_in_error(fact=voided, user=None, reason="Wrong person")
    kinds = (
        "decline", "withdraw_decline", "deferral", "withdraw_deferral", "nutrition_review", "resp_assessment",
    )  # fmt: skip

    chart = chart_of(patient, recorded_about(patient))

    of_rules = [event for event in facts_of([patient])[patient.pk].events if event.kind in kinds]
    assert list(chart.patient.events) == of_rules
    assert len(of_rules) == 5


def test_a_member_who_left_the_clinic_no_longer_works_here():
    clinic = a_clinic()
    leaver = a_member(clinic, "nutrition")
    patient = a_patient(clinic)
    nutrition = Discipline.objects.get(pk="nutrition")
    services.assign_care_team(patient_id=patient.pk, user=None, discipline=nutrition, on=ON, member=leaver)
    leaver.memberships.update(is_active=False)

    [only] = recorded_about(patient)

    assert (only.data["name"], only.data["works_here"]) == ("Nadia Wren", False)


def test_an_outside_provider_counts_as_working_here():
    clinic = a_clinic()
    gastroenterology = Discipline.objects.get(pk="gastroenterology")
    default_seat(clinic, gastroenterology)
    patient = a_patient(clinic)

    [only] = recorded_about(patient)

    assert (only.data["name"], only.data["works_here"], only.who) == ("Harbor GI group", True, "")


def default_seat(clinic: Clinic, discipline: Discipline) -> None:
    DefaultSeat.objects.create(clinic=clinic, discipline=discipline, outside_provider="Harbor GI group")
