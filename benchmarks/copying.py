"""Many clinics out of a few: every row of theirs again, with other ids, by one statement per table.

Every uuid becomes another one, made from it and the number of the copy, so that
rows which pointed at each other do so in the copy; everything else stays as it was.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

BATCH = 10
"""Copies made by one statement."""

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION pg_temp.other(id uuid, copy int) RETURNS uuid
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN md5(id::text || copy)::uuid;
CREATE OR REPLACE FUNCTION pg_temp.other_text(id text, copy int) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN length(id) = 36 THEN md5(id || copy)::uuid::text ELSE id END;
"""

_EXCLUSIONS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'x' AND conrelid = %s::regclass
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i
WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)
"""

TABLES = (
    "teams_clinic", "teams_user", "teams_membership", "teams_membership_disciplines", "teams_defaultseat",
    "patients_patient", "patients_patientstatuschange", "patients_careteamassignment", "patients_decline",
    "assessments_assessment", "referrals_referral", "referrals_referralstatuschange",
    "equipment_equipmentrequest", "equipment_equipmentstatuschange", "equipment_vendorcontact",
    "worklist_caretask", "alerts_alert", "alerts_delivery",
)  # fmt: skip
FLOORS = (
    "assessments_assessment", "worklist_caretask", "alerts_alert", "alerts_delivery", "alerts_escalation",
    "alerts_escalation_told",
)  # fmt: skip
"""Tables that floors write to: copies of the product's, in a schema of their own."""
HISTORIES = ("patients_", "assessments_", "referrals_", "equipment_", "teams_membership")
"""Of these tables every state is kept; the tables of states are copied as well."""

_OTHERWISE = {
    ("teams_clinic", "name"): "name || '/' || copy",
    ("teams_user", "email"): "copy || '.' || email",
    ("alerts_delivery", "message_id"): "copy || message_id",
    ("worklist_caretask", "subject"): "pg_temp.other_text(subject, copy)",
    ("worklist_caretask", "anchor"): "pg_temp.other_text(anchor, copy)",
    ("worklist_caretask", "evidence"): "ARRAY(SELECT pg_temp.other_text(e, copy) FROM unnest(evidence) e)",
    ("alerts_alert", "subject"): "pg_temp.other_text(subject, copy)",
}
"""Columns that name a row in another way, or must be unique."""


def copy_everything(copies: int, *, done: Callable[[int], object]) -> None:
    """Add ``copies`` of every row there is; ``done`` is told how many more copies of a table stand.

    Needs the right to set ``session_replication_role``: triggers and foreign keys
    rest meanwhile, since the copies are whole in themselves and bring their history.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        cursor.execute("SET session_replication_role = replica")
        for table in tables():
            cursor.execute(f'CREATE TEMP TABLE original AS SELECT * FROM "{table}"')
            statement = _statement(table)
            with _without_indexes(table):
                for first in range(1, copies + 1, BATCH):
                    last = min(first + BATCH - 1, copies)
                    cursor.execute(statement, {"first": first, "last": last})
                    done(last - first + 1)
            cursor.execute("DROP TABLE original")
        cursor.execute("SET session_replication_role = origin")


@contextmanager
def _without_indexes(table: str) -> Iterator[None]:
    """Take away indexes but for keys, and build them again at the end: many times quicker."""
    with connection.cursor() as cursor:
        cursor.execute(_EXCLUSIONS, [table])
        exclusions = cursor.fetchall()
        cursor.execute(_INDEXES, [table])
        indexes = cursor.fetchall()
        for name, _definition in exclusions:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for name, definition in exclusions:
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def tables() -> Sequence[str]:
    """The tables that are copied."""
    with connection.cursor() as cursor:
        every = connection.introspection.table_names(cursor)
    histories = [name for name in every if name.endswith("event") and name.startswith(HISTORIES)]
    return (*TABLES, *histories)


def _statement(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = 'public' AND is_identity = 'NO'",
            [table],
        )
        columns = dict(cursor.fetchall())
    other = [_OTHERWISE.get((table, name)) or _other(name, kind) for name, kind in columns.items()]
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f'INSERT INTO "{table}" ({names}) SELECT {", ".join(other)}'
        " FROM original, generate_series(%(first)s::int, %(last)s::int) AS copy"
    )


def _other(name: str, kind: str) -> str:
    return f'pg_temp.other("{name}", copy)' if kind == "uuid" else f'"{name}"'
