"""Rows copied in are stored, checked and audited as rows inserted one by one."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from assessments.models import Assessment
from audit.actor import acting
from audit.services.copying import copy_in
from patients.models import Patient
from tests.factories import a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db
NOTE = 'A tab\t, a new\nline, a back\\slash, a "quote", \\N and ü'


def a_review(patient: Patient, entry: int, **fields: Any) -> Assessment:
    return Assessment(
        patient=patient,
        kind="nutrition_review",
        findings={"weight_g": 64_900, "intake": None},
        happened_on=date(2026, 3, 3),
        recorded_on=date(2026, 3, 4),
        recorded_at=datetime(2026, 3, 4, 12, tzinfo=UTC),
        entry=entry,
        **fields,
    )


def test_rows_come_back_as_they_were() -> None:
    patient = a_patient(a_clinic())
    reviews = [a_review(patient, 10, note=NOTE), a_review(patient, 11, external_id="x")]

    copy_in(reviews)

    stored = Assessment.objects.filter(patient=patient).order_by("entry")
    columns = [field.attname for field in Assessment._meta.concrete_fields]
    assert [[getattr(each, name) for name in columns] for each in stored] == [
        [getattr(each, name) for name in columns] for each in reviews
    ]
    assert not any(review._state.adding for review in reviews)


def test_the_audit_names_who_copied_them_in() -> None:
    clinic = a_clinic()
    patient, member = a_patient(clinic), a_member(clinic)
    review = a_review(patient, 10)

    with acting(user_id=member.pk, purpose="import"), transaction.atomic():
        copy_in([review])

    [event] = apps.get_model("assessments", "AssessmentEvent").objects.filter(pgh_obj_id=review.pk)
    assert (event.pgh_label, event.pgh_context["user"]) == ("insert", str(member.pk))
    assert event.pgh_context["purpose"] == "import"


def test_a_row_that_breaks_a_constraint_is_refused_as_an_insert_would_be() -> None:
    patient = a_patient(a_clinic())
    review = a_review(patient, 10)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        copy_in([review, review])

    assert isinstance(refused.value, DatabaseError)
    assert "duplicate key value" in str(refused.value)
    assert not Assessment.objects.exists()


def test_no_trigger_looks_in_vain_for_the_list_of_those_to_pass_over() -> None:
    patient = a_patient(a_clinic())

    copy_in([a_review(patient, 10)])

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore')")
        assert cursor.fetchone() == ("{}",)
    assert apps.get_model("assessments", "AssessmentEvent").objects.count() == 1


def test_nothing_to_copy_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        copy_in([])
