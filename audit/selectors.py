"""Reading seals, and checking that what they cover is still what it was."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from audit.models import Seal
from audit.trail import AuditTable, sealed_tables

BEGINNING = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a block of a table holds now: how many rows, and the SHA-256 of them in order of id."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place at which the chain does not hold; ``seal`` None: behind its last seal."""

    seal: int | None
    table: str
    first_id: int
    last_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the chain found: how far it holds, its head, and where it breaks."""

    seals: int
    rows: int
    head: str
    broken: Broken | None


def contents(table: AuditTable, *, columns: Sequence[str], first_id: int, last_id: int) -> Contents:
    """Count and hash the rows of a block, in the database: each row as a JSON array of ``columns``."""
    quote = connection.ops.quote_name
    values = ", ".join(quote(column) for column in columns)
    key = quote(table.key)
    sql = f"""
        SELECT count(*), encode(sha256(convert_to(coalesce(
            string_agg(jsonb_build_array({values})::text, E'\\n' ORDER BY {key}), ''), 'UTF8')), 'hex')
        FROM {quote(table.name)} WHERE {key} BETWEEN %s AND %s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [first_id, last_id])
        rows, sha256 = cursor.fetchone()
    return Contents(rows, sha256)


def digest(seal: Seal, *, previous: str, held: Contents) -> str:
    """SHA-256 (hex) over the seal before, what this seal says of itself, and the rows it covers."""
    said = [
        previous,
        seal.number,
        seal.sealed_at.isoformat(),
        seal.table,
        seal.columns,
        seal.first_id,
        seal.last_id,
        held.rows,
        held.sha256,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def verify_chain(*, head: str = "") -> Verdict:
    """Check every seal against the rows it covers and the seal before it.

    Changed, deleted, inserted and cut-off rows are found, and changed or missing
    seals. If rows were cut off together with the seals on them, what remains is a
    shorter chain that holds: only a ``head`` noted outside the database tells.
    """
    tables = {table.name: table for table in sealed_tables()}
    seals, rows, previous, ends = 0, 0, BEGINNING, dict[str, int]()
    reached = not head
    for seal in Seal.objects.order_by("number").iterator(chunk_size=500):
        why = _wrong(seal, tables, number=seals + 1, previous=previous, first_id=ends.get(seal.table, 0) + 1)
        if why:
            broken = Broken(seal.number, seal.table, seal.first_id, seal.last_id, why)
            return Verdict(seals, rows, previous, broken)
        seals, rows, previous = seals + 1, rows + seal.rows, seal.digest
        ends[seal.table] = seal.last_id
        reached = reached or seal.digest == head
    if not reached:
        why = "the chain does not contain the given head: seals are missing at its end, or were made anew"
        return Verdict(seals, rows, previous, Broken(None, "", 0, 0, why))
    return Verdict(seals, rows, previous, None)


def _wrong(seal: Seal, tables: dict[str, AuditTable], *, number: int, previous: str, first_id: int) -> str:
    if seal.number != number:
        return f"seal {number} is missing"
    if seal.table not in tables:
        return "the table is gone"
    table = tables[seal.table]
    if seal.first_id != first_id:
        return "the block does not start where the one before it ended"
    if not set(seal.columns) <= set(table.columns):
        return "columns that were sealed are gone"
    held = contents(table, columns=seal.columns, first_id=seal.first_id, last_id=seal.last_id)
    if held.rows != seal.rows:
        return f"{seal.rows} rows were sealed, {held.rows} are there"
    if digest(seal, previous=previous, held=held) != seal.digest:
        return "a row or the seal was changed"
    return ""


def end_of_block(table: AuditTable, *, first_id: int, mark: int, size: int) -> int | None:
    """The id of the last of the next ``size`` rows from ``first_id`` to ``mark``; None without any."""
    quote = connection.ops.quote_name
    key, name = quote(table.key), quote(table.name)
    sql = f"SELECT max(id) FROM (SELECT {key} AS id FROM {name} WHERE {key} BETWEEN %s AND %s"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY {key} LIMIT %s) AS block", [first_id, mark, size])
        found: int | None = cursor.fetchone()[0]
    return found


def sealed_up_to() -> dict[str, int]:
    """The last sealed id of each table that has a seal."""
    newest = Seal.objects.order_by("table", "-last_id").distinct("table")
    return dict(newest.values_list("table", "last_id"))


def highest_ids(tables: Iterable[AuditTable]) -> dict[str, int]:
    """The highest id now in each table (0 when empty)."""
    quote = connection.ops.quote_name
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT coalesce(max({quote(table.key)}), 0) FROM {quote(table.name)}")
            found[table.name] = cursor.fetchone()[0]
    return found
