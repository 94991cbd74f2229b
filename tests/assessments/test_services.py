"""Logging an assessment stores it, stamps it, and refuses what cannot be."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from assessments import selectors, services
from assessments.models import Assessment
from patients.services import mark_entered_in_error
from tests.factories import a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 12)


def test_an_assessment_is_stored_with_who_when_and_its_order() -> None:
    clinic = a_clinic()
    user, patient = a_member(clinic, "nutrition"), a_patient(clinic)
    version = patient.chart_version

    fact = services.log_assessment(
        patient_id=patient.pk,
        user=user,
        kind="nutrition_review",
        findings={"weight_g": 64_900, "intake": None},
        on=ON,
        note="Breakfast takes an hour.",
        done_elsewhere="Lakeside ALS Clinic",
        external_id="N-7",
    )

    fact = Assessment.objects.get(pk=fact.pk)
    patient.refresh_from_db()
    assert (fact.findings, fact.schema_version) == ({"weight_g": 64_900}, 1)
    assert (fact.happened_on, fact.recorded_on, fact.recorded_by) == (ON, clinic.today(), user)
    assert (fact.note, fact.done_elsewhere, fact.external_id) == (
        "Breakfast takes an hour.",
        "Lakeside ALS Clinic",
        "N-7",
    )
    assert fact.entry == patient.chart_version > version


def test_an_import_may_say_when_it_was_recorded() -> None:
    patient = a_patient(a_clinic())

    fact = services.log_assessment(
        patient_id=patient.pk,
        user=None,
        kind="bulbar_status",
        findings={},
        on=ON,
        recorded_on=date(2026, 3, 20),
    )

    assert fact.recorded_on == date(2026, 3, 20)


def test_nothing_is_stored_when_a_value_is_out_of_range() -> None:
    patient = a_patient(a_clinic())

    with pytest.raises(ValidationError) as refused:
        services.log_assessment(
            patient_id=patient.pk, user=None, kind="resp_assessment", findings={"fvc_pct": 580}, on=ON
        )

    assert refused.value.message_dict == {
        "fvc_pct": ["580% is above the 150% this form accepts. Did you mean 58?"]
    }
    assert not Assessment.objects.exists()


def test_an_unknown_kind_is_refused() -> None:
    patient = a_patient(a_clinic())

    with pytest.raises(ValidationError) as refused:
        services.log_assessment(patient_id=patient.pk, user=None, kind="weather", findings={}, on=ON)

    assert refused.value.message_dict == {"kind": ["weather is not a kind of assessment."]}


def test_work_cannot_be_logged_ahead_of_its_day() -> None:
    clinic = a_clinic()
    patient = a_patient(clinic)
    tomorrow = date.fromordinal(clinic.today().toordinal() + 1)

    with pytest.raises(ValidationError, match="is in the future"):
        services.log_assessment(
            patient_id=patient.pk, user=None, kind="bulbar_status", findings={}, on=tomorrow
        )


@pytest.mark.parametrize(
    "findings", [{"weight_g": 19_999}, {"weight_g": 250_001}, {"fvc_pct": 150.5}, {"fvc_pct": -1}]
)
def test_the_database_refuses_what_the_service_would(findings: dict[str, float]) -> None:
    patient = a_patient(a_clinic())
    fact = services.log_assessment(
        patient_id=patient.pk, user=None, kind="nutrition_review", findings={}, on=ON
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=fact.pk).update(findings=findings)


def test_history_and_latest_leave_out_errors_and_other_clinics() -> None:
    clinic = a_clinic()
    user, patient = a_member(clinic, "nutrition"), a_patient(clinic)
    outsider = a_member(a_clinic(), "nutrition", name="Otto Rook")
    log: dict[str, Any] = {"patient_id": patient.pk, "user": user, "kind": "nutrition_review"}
    first = services.log_assessment(findings={"weight_g": 66_800}, on=date(2026, 3, 3), **log)
    late = services.log_assessment(findings={"weight_g": 68_000}, on=date(2026, 3, 2), **log)
    wrong = services.log_assessment(findings={"weight_g": 46_800}, on=date(2026, 3, 9), **log)
    mark_entered_in_error(fact=wrong, user=user, reason="Digits swapped")

    both = ("nutrition_review", "resp_assessment")
    mine = selectors.histories(user=user, patient_id=patient.pk, kinds=both)
    theirs = selectors.histories(user=outsider, patient_id=patient.pk, kinds=both)

    assert mine == {"nutrition_review": [first, late], "resp_assessment": []}
    assert theirs == {"nutrition_review": [], "resp_assessment": []}
    assert selectors.latest(user=user, patient_id=patient.pk) == {"nutrition_review": first}
    assert selectors.latest(user=outsider, patient_id=patient.pk) == {}
