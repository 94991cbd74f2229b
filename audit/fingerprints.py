"""What a database holds, as one short value per table: to compare a restored copy with what was dumped.

The values find accidents: rows lost, doubled or changed, counters behind, triggers or constraints
missing. Whether somebody changed the audit on purpose, the chain of seals tells (``verify_audit``).
"""

from collections.abc import Iterator, Mapping

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

# Of every row the two halves of a hash of its text, each summed up: the order of rows does not count,
# and no table needs memory. A sum, unlike an exclusive or, notices a row that is there twice.
_ROWS = """
SELECT count(*)::text || ' rows ' || md5(
  COALESCE(sum(('x' || left(hash, 16))::bit(64)::bigint::numeric), 0)::text || ' ' ||
  COALESCE(sum(('x' || right(hash, 16))::bit(64)::bigint::numeric), 0)::text)
FROM (SELECT md5(row_of::text) AS hash FROM {table} AS row_of) AS hashed
"""
_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""
_COUNTERS = """
SELECT 'counter ' || sequencename, COALESCE(last_value::text, 'unused')
FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1
"""
_SCHEMA = """
SELECT what, count(*)::text || ' ' || md5(string_agg(said, E'\\n' ORDER BY said COLLATE "C")) FROM (
  SELECT 'triggers' AS what, pg_get_triggerdef(t.oid) || t.tgenabled::text AS said FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'constraints', conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'indexes', indexdef FROM pg_indexes WHERE schemaname = 'public'
) AS defined GROUP BY what ORDER BY what
"""


def fingerprints() -> dict[str, str]:
    """One value per table, counter and kind of rule of the database, all of one moment."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = [*_tables(cursor)]
        for asked in (_COUNTERS, _SCHEMA):
            cursor.execute(asked)
            found += cursor.fetchall()
    return dict(found)


def _tables(cursor: CursorWrapper) -> Iterator[tuple[str, str]]:
    cursor.execute(_TABLES)
    for (table,) in cursor.fetchall():
        cursor.execute(_ROWS.format(table=connection.ops.quote_name(table)))
        yield table, cursor.fetchone()[0]


def differences(noted: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """What is not as it was noted, one sentence each."""
    return [
        f"{name}: {noted.get(name, 'absent')} became {found.get(name, 'absent')}"
        for name in sorted(noted.keys() | found.keys())
        if noted.get(name) != found.get(name)
    ]
