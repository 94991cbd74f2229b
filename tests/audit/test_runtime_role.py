"""The role the product runs under can do its work, and cannot touch the audit trail's past."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction
from pytest_django.fixtures import Settings

from audit.actor import acting
from audit.models import ChartRead, Seal
from audit.selectors import highest_ids
from audit.services.reads import write_chart_reads
from audit.services.seals import seal_up_to
from audit.trail import append_only_tables, sealed_tables
from patients import services as patients
from patients.models import Decline
from tests.factories import a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db

ROLE = settings.RUNTIME_ROLE or "alscare_app"


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def runtime(settings: Settings) -> Iterator[None]:
    """Rights granted, and the rest of the test run under the runtime role."""
    settings.RUNTIME_ROLE = ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
    call_command("grant_runtime", stdout=None)
    execute(f"SET LOCAL ROLE {ROLE}")
    yield
    connection.needs_rollback = False
    execute("RESET ROLE")


def test_the_product_works_under_the_runtime_role(runtime: None) -> None:
    clinic = a_clinic()
    user = a_member(clinic, "nutrition")
    with acting(user_id=user.pk, purpose="test") as actor:
        patient = a_patient(clinic, user=user)
        fact = patients.record_decline(
            patient_id=patient.pk, user=user, topic="gastrostomy", on=date(2026, 3, 3)
        )
        patients.mark_entered_in_error(fact=fact, user=user, reason="wrong person")
        actor.show(clinic_id=clinic.pk, patient_ids=[patient.pk])
        write_chart_reads(actor=actor)
    made = seal_up_to(highest_ids(sealed_tables()))

    assert Decline.objects.get().is_voided
    assert ChartRead.objects.get().patient_ids == [patient.pk]
    assert "patients_declineevent" in {seal.table for seal in made}


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", append_only_tables())
def test_it_cannot_change_empty_or_shorten_the_audit_trail(runtime: None, table: str, statement: str) -> None:
    key = "number" if table == Seal._meta.db_table else "id"

    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(statement.format(table, key, key))


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE audit_chartread DISABLE TRIGGER ALL",
        "ALTER TABLE patients_decline DISABLE TRIGGER ALL",
        "DROP TRIGGER pgtrigger_insert_insert_0 ON patients_decline",
        "SET session_replication_role = replica",
        "TRUNCATE patients_decline CASCADE",
        "DROP TABLE patients_decline",
        "CREATE TABLE mine (id int)",
        "SELECT setval('audit_chartread_id_seq', 1)",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', 'x', now())",
    ],
)
def test_it_cannot_get_around_the_triggers(runtime: None, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner|does not exist") as caught:
        execute(statement)

    assert "does not exist" not in str(caught.value) or "TRIGGER" in statement


def test_a_right_given_by_hand_does_not_survive(runtime: None) -> None:
    execute("RESET ROLE")
    execute(f"GRANT ALL ON audit_chartread TO {ROLE}")

    call_command("grant_runtime", stdout=None)
    execute(f"SET LOCAL ROLE {ROLE}")

    with pytest.raises(ProgrammingError, match="permission denied"):
        execute("DELETE FROM audit_chartread")


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("", "ALSCARE_RUNTIME_ROLE is not set"),
        ("nobody_here", "no database role nobody_here"),
        ("CURRENT", "Connect as the owner|is a superuser"),
    ],
)
def test_a_role_that_cannot_be_the_runtime_role_is_refused(
    settings: Settings, role: str, message: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        settings.RUNTIME_ROLE = cursor.fetchone()[0] if role == "CURRENT" else role

    with pytest.raises(CommandError, match=message):
        call_command("grant_runtime")
