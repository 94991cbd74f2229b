"""Every write to a fact leaves exactly one event, with who, why and which request."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pghistory.models
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from audit.actor import acting
from audit.trail import append_only_tables
from pathway import clock
from patients.facts import Fact
from patients.models import Decline, Patient
from tests.factories import a_clinic, a_patient

pytestmark = pytest.mark.django_db

USER = uuid.UUID("00000000-0000-4000-8000-000000000001")


def events_of(decline: Decline) -> list[tuple[str, dict[str, Any]]]:
    events = apps.get_model("patients", "DeclineEvent").objects.filter(pgh_obj_id=decline.pk)
    return list(events.order_by("pgh_id").values_list("pgh_label", "pgh_context"))


def an_unsaved_decline(patient: Patient) -> Decline:
    return Decline(
        patient=patient,
        topic="palliative",
        happened_on=date(2026, 3, 3),
        recorded_on=date(2026, 3, 3),
        recorded_at=clock.now(),
        entry=9,
    )


def by_update(decline: Decline) -> None:
    Decline.objects.filter(pk=decline.pk).update(note="changed")


def by_save(decline: Decline) -> None:
    decline.note = "changed"
    decline.save()


def by_bulk_update(decline: Decline) -> None:
    decline.note = "changed"
    Decline.objects.bulk_update([decline], ["note"])


def by_raw_sql(decline: Decline) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE patients_decline SET note = %s WHERE id = %s", ["changed", decline.pk])


def by_cte(decline: Decline) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH one AS (SELECT %s::uuid AS id)"
            " UPDATE patients_decline d SET note = 'changed' FROM one WHERE d.id = one.id",
            [decline.pk],
        )


@pytest.mark.parametrize("write", [by_update, by_save, by_bulk_update, by_raw_sql, by_cte])
def test_every_way_to_update_leaves_one_event(write: Callable[[Decline], None]) -> None:
    decline = an_unsaved_decline(a_patient(a_clinic()))
    decline.save()

    with acting(user_id=USER, purpose="POST /x/") as actor:
        write(decline)

    stamped = {"user": str(USER), "purpose": "POST /x/", "request": str(actor.request_id)}
    assert events_of(decline) == [("insert", None), ("update", stamped)]


def test_bulk_create_and_queryset_delete_leave_one_event_each() -> None:
    decline = an_unsaved_decline(a_patient(a_clinic()))

    with acting(user_id=USER, purpose="make") as making:
        Decline.objects.bulk_create([decline])
    with acting(user_id=None, purpose="unmake") as unmaking:
        Decline.objects.filter(pk=decline.pk).delete()

    assert events_of(decline) == [
        ("insert", {"user": str(USER), "purpose": "make", "request": str(making.request_id)}),
        ("delete", {"user": None, "purpose": "unmake", "request": str(unmaking.request_id)}),
    ]


def test_an_update_that_changes_nothing_leaves_no_event() -> None:
    decline = an_unsaved_decline(a_patient(a_clinic()))
    decline.save()

    Decline.objects.filter(pk=decline.pk).update(note="")

    assert [label for label, _context in events_of(decline)] == ["insert"]


def test_after_an_inner_actor_the_outer_one_acts_again() -> None:
    decline = an_unsaved_decline(a_patient(a_clinic()))

    with acting(user_id=USER, purpose="outer"):
        with acting(user_id=None, purpose="inner"):
            decline.save()
        by_update(decline)

    assert [context["purpose"] for _label, context in events_of(decline)] == ["inner", "outer"]


@pytest.mark.parametrize("table", append_only_tables())
def test_audit_tables_have_a_trigger_against_changes(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relname = %s AND t.tgname LIKE 'pgtrigger_append_only%%' AND t.tgenabled = 'O'",
            [table],
        )
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    "statement", ["UPDATE patients_patientevent SET pgh_label = 'x'", "DELETE FROM patients_patientevent"]
)
def test_events_cannot_be_changed_or_deleted(statement: str) -> None:
    a_patient(a_clinic())

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        connection.cursor().execute(statement)


def test_every_fact_is_tracked() -> None:
    facts = {m for m in apps.get_models() if issubclass(m, Fact)} | {Patient}
    tracked = {m.pgh_tracked_model for m in apps.get_models() if issubclass(m, pghistory.models.Event)}

    assert facts - tracked == set()
