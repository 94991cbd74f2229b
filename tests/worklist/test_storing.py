"""Writing changed rows back: every kind of column, by one statement."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import DataError
from django.test.utils import CaptureQueriesContext

from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at
from worklist.models import CareTask, Severity
from worklist.services.storing import update_rows

pytestmark = pytest.mark.django_db

COLUMNS = ["title_params", "due_on", "alert_at", "wake_at", "severity", "informed", "owner_id", "verb"]


@pytest.fixture
def stored() -> list[CareTask]:
    with at("2026-03-02"):
        clinic = a_clinic()
        a_patient(clinic)
        a_patient(clinic, given_name="Joseph")
    return list(CareTask.objects.order_by("pk"))


def test_rows_of_every_kind_of_column_are_stored_by_one_statement(stored: list[CareTask]) -> None:
    owner = a_member(stored[0].clinic, "nutrition")
    for number, task in enumerate(stored):
        task.title_params = {"item": "Ramp", "n": number}
        task.due_on += timedelta(days=number)
        task.alert_at += timedelta(days=number)
        task.wake_at = None
        task.severity = Severity.CRITICAL
        task.informed = ["nutrition", "neurology"][: number % 3]
        task.owner = owner if number else None
        task.verb = "50% done"

    with CaptureQueriesContext(connection) as queries:
        update_rows(stored, COLUMNS)

    assert len(queries) == 1
    again = list(CareTask.objects.order_by("pk"))
    assert len(again) == len(stored)
    for before, after in zip(stored, again, strict=True):
        assert [getattr(after, name) for name in COLUMNS] == [getattr(before, name) for name in COLUMNS]


def test_other_columns_and_other_rows_stay(stored: list[CareTask]) -> None:
    changed, kept = stored[0], stored[1]
    changed.verb, changed.note = "Refer", "not stored"
    kept_before = CareTask.objects.filter(pk=kept.pk).values().get()

    update_rows([changed], ["verb"])

    changed.refresh_from_db()
    assert (changed.verb, changed.note) == ("Refer", "")
    assert CareTask.objects.filter(pk=kept.pk).values().get() == kept_before


def test_a_value_too_long_is_refused_and_not_cut(stored: list[CareTask]) -> None:
    stored[0].verb = "x" * 41

    with pytest.raises(DataError, match="too long"):
        update_rows(stored[:1], ["verb"])


def test_nothing_to_store_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        update_rows([], ["verb"])

    assert len(queries) == 0
