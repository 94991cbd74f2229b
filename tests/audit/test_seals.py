"""Sealed rows cannot be changed, deleted, cut off or added to without it showing."""

import random
import uuid
from collections.abc import Callable

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit.models import ChartRead, Seal
from audit.selectors import Broken, highest_ids, verify_chain
from audit.services import seals
from audit.trail import sealed_tables
from tests.factories import a_clinic, a_member, a_patient

CLINIC = uuid.UUID("00000000-0000-4000-8000-00000000000c")


def read_charts(count: int) -> None:
    ChartRead.objects.bulk_create(
        ChartRead(clinic_id=CLINIC, user_id=uuid.uuid4(), purpose=f"GET /{n}/", patient_ids=[uuid.uuid4()])
        for n in range(count)
    )


def seal_all() -> list[Seal]:
    return seals.seal_up_to(highest_ids(sealed_tables()))


def tamper(sql: str, *params: int) -> None:
    """Write past the triggers, as somebody who owns the tables could."""
    tables = ("audit_chartread", "audit_seal", "patients_patientevent", "audit_denial")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        assert cursor.rowcount >= 1, "the tampering did nothing"
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def nth_read(number: int) -> int:
    return int(ChartRead.objects.order_by("id").values_list("id", flat=True)[number])


@pytest.fixture
def sealed(db: None, monkeypatch: pytest.MonkeyPatch) -> list[Seal]:
    """Seven reads in blocks of at most three rows, and the events of a member and a patient."""
    monkeypatch.setattr(seals, "BLOCK", 3)
    clinic = a_clinic()
    a_member(clinic, "nutrition")
    a_patient(clinic)
    read_charts(4)
    made = seal_all()
    read_charts(3)
    return made + seal_all()


@pytest.mark.django_db
def test_an_empty_trail_holds() -> None:
    verdict = verify_chain()

    assert (verdict.seals, verdict.rows, verdict.head, verdict.broken) == (0, 0, "", None)


def test_what_was_sealed_holds(sealed: list[Seal]) -> None:
    verdict = verify_chain(head=sealed[0].digest)

    assert verdict.broken is None
    assert verdict.seals == len(sealed) == Seal.objects.count()
    assert verdict.head == sealed[-1].digest
    assert sum(seal.rows for seal in sealed if seal.table == "audit_chartread") == 7


def test_sealing_again_seals_nothing_twice(sealed: list[Seal]) -> None:
    assert seal_all() == []


def test_rows_after_the_last_seal_do_not_break_it(sealed: list[Seal]) -> None:
    read_charts(1)

    assert verify_chain().broken is None


def test_a_column_added_later_does_not_break_it(sealed: list[Seal]) -> None:
    connection.cursor().execute("ALTER TABLE audit_chartread ADD COLUMN extra text DEFAULT 'x'")

    assert verify_chain().broken is None


def change_a_row() -> None:
    tamper("UPDATE audit_chartread SET purpose = 'nothing to see' WHERE id = %s", nth_read(2))


def change_a_name_in_an_event() -> None:
    tamper("UPDATE patients_patientevent SET family_name = 'Birch' WHERE family_name = 'Alder'")


def delete_a_row() -> None:
    tamper("DELETE FROM audit_chartread WHERE id = %s", nth_read(0))


def cut_the_last_rows() -> None:
    tamper("DELETE FROM audit_chartread WHERE id >= %s", nth_read(5))


def insert_into_a_gap() -> None:
    """A row put back after the gap left by an undone request was sealed over."""
    tamper(
        "INSERT INTO audit_chartread (id, request_id, clinic_id, purpose, patient_ids)"
        " VALUES (%s, gen_random_uuid(), gen_random_uuid(), 'GET /', '{}')",
        nth_read(0) - 1,
    )


def swap_two_rows() -> None:
    first, second = nth_read(0), nth_read(1)
    tamper(
        "UPDATE audit_chartread r SET purpose = o.purpose, user_id = o.user_id FROM audit_chartread o"
        " WHERE r.id IN (%s, %s) AND o.id IN (%s, %s) AND r.id <> o.id",
        *(first, second) * 2,
    )


def delete_a_seal_between() -> None:
    tamper("DELETE FROM audit_seal WHERE number = 2")


def change_a_seal() -> None:
    tamper("UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 2")


def remove_a_row_and_reword_its_seal() -> None:
    row = nth_read(0)
    delete_a_row()
    tamper(
        "UPDATE audit_seal s SET rows = rows - 1"
        " WHERE s.table = 'audit_chartread' AND %s BETWEEN s.first_id AND s.last_id",
        row,
    )


@pytest.mark.parametrize(
    "harm",
    [
        change_a_row,
        change_a_name_in_an_event,
        delete_a_row,
        cut_the_last_rows,
        insert_into_a_gap,
        swap_two_rows,
        delete_a_seal_between,
        change_a_seal,
        remove_a_row_and_reword_its_seal,
    ],
)
def test_tampering_is_found(sealed: list[Seal], harm: Callable[[], None]) -> None:
    harm()

    assert verify_chain().broken is not None


def test_the_first_broken_place_is_named(sealed: list[Seal]) -> None:
    cut_the_last_rows()

    broken = verify_chain().broken

    # Blocks of 3 and 1, then of 3: the cut took the last two of the third block.
    third = [seal for seal in sealed if seal.table == "audit_chartread"][2]
    assert broken == Broken(
        third.number, "audit_chartread", third.first_id, third.last_id, "3 rows were sealed, 1 are there"
    )


def test_rows_cut_off_with_their_seals_are_found_by_the_head_noted_elsewhere(sealed: list[Seal]) -> None:
    last = sealed[-1]
    head = verify_chain().head
    tamper("DELETE FROM audit_seal WHERE number = %s", last.number)
    tamper(f"DELETE FROM {last.table} WHERE id >= %s", last.first_id)

    assert verify_chain().broken is None
    broken = verify_chain(head=head).broken
    assert broken is not None
    assert broken.why.startswith("the chain does not contain the given head")


def test_a_thousand_random_tamperings_are_all_found(sealed: list[Seal]) -> None:
    dice = random.Random(20260302)
    ids = list(ChartRead.objects.order_by("id").values_list("id", flat=True))
    columns = {
        "at": "at + interval '1 second'",
        "request_id": "gen_random_uuid()",
        "user_id": "NULL",
        "clinic_id": "gen_random_uuid()",
        "purpose": "purpose || ' '",
        "patient_ids": "array_append(patient_ids, gen_random_uuid())",
    }
    missed = []
    connection.cursor().execute("ALTER TABLE audit_chartread DISABLE TRIGGER USER")
    for number in range(1000):
        row = dice.choice(ids)
        column = dice.choice([*columns, "delete"])
        sql = f"UPDATE audit_chartread SET {column} = {columns[column]}" if column in columns else ""
        with transaction.atomic():
            point = transaction.savepoint()
            connection.cursor().execute(f"{sql or 'DELETE FROM audit_chartread'} WHERE id = %s", [row])
            if verify_chain().broken is None:
                missed.append((number, row, column))
            transaction.savepoint_rollback(point)

    assert missed == []
    assert verify_chain().broken is None


def test_the_command_says_how_far_the_chain_holds(
    sealed: list[Seal], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_audit", head=sealed[-1].digest)

    assert capsys.readouterr().out.endswith(f"hold. Head: {sealed[-1].digest}\n")


def test_the_command_fails_and_names_the_place(sealed: list[Seal]) -> None:
    change_a_row()
    first = next(seal for seal in sealed if seal.table == "audit_chartread")

    with pytest.raises(CommandError, match=r"audit_chartread .* a row or the seal was changed") as caught:
        call_command("verify_audit")

    assert caught.value.args[0].startswith(f"{first.number - 1} seals over")


@pytest.mark.django_db(transaction=True)
def test_sealing_waits_for_a_transaction_that_still_runs() -> None:
    """Its rows have low ids and commit late; sealed over, they would look slipped in."""
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    insert = (
        "INSERT INTO audit_chartread (request_id, clinic_id, purpose, patient_ids)"
        " VALUES (gen_random_uuid(), gen_random_uuid(), 'slow', '{}')"
    )
    with psycopg.connect(**parameters) as slow:
        slow.execute(insert)
        read_charts(1)
        assert seals.seal(patience=0.2) == []

    assert sum(seal.rows for seal in seals.seal(patience=30)) == 2
    assert verify_chain().broken is None


@pytest.mark.django_db(transaction=True)
def test_sealing_does_not_wait_for_other_databases_of_the_server() -> None:
    read_charts(1)
    elsewhere = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor, "dbname": "postgres"}
    with psycopg.connect(**elsewhere) as slow:
        slow.execute("SELECT pg_current_xact_id()")

        assert sum(seal.rows for seal in seals.seal(patience=0.2)) == 1
