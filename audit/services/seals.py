"""Sealing: hashing new rows of the audit trail into one chain, so that tampering shows.

Ids are handed out before rows commit, so a row with a low id may appear after one
with a high id. Sealing therefore notes the highest ids, waits until every
transaction then writing has ended, and only then seals up to the noted ids:
nothing can turn up inside a sealed block later. No request ever waits for it.
"""

import time
from collections.abc import Mapping

import structlog
from django.db import connection, transaction

from audit.models import Seal
from audit.selectors import BEGINNING, contents, digest, end_of_block, highest_ids, sealed_up_to
from audit.trail import AuditTable, sealed_tables
from pathway import clock

BLOCK = 5_000
PAUSE = 0.1
# A request that has been given an id but no transaction number yet is over by then.
SETTLING = 1.0
LOCK = "SELECT pg_advisory_xact_lock(hashtext('audit.seal'))"
# Every transaction that writes holds a lock on its own number until it has ended. Those of other
# databases on the same server are no matter of ours, however long they take.
RUNNING = """
SELECT transactionid::text FROM pg_locks LEFT JOIN pg_stat_activity USING (pid)
WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock'
AND coalesce(datname = current_database(), true)
"""

log = structlog.get_logger(__name__)


def seal(*, patience: float = 60.0) -> list[Seal]:
    """Seal all rows not yet sealed; several at once are safe. Must run outside a transaction.

    Waits up to ``patience`` seconds for running transactions to end. If one takes
    longer (a large import), seals nothing: the next run will. The head of the
    chain goes to the log, which should be kept away from the database.
    """
    marks = highest_ids(sealed_tables())
    if not _settled(patience=patience):
        log.warning("audit_not_sealed", why="a transaction is still running")
        return []
    seals = seal_up_to(marks)
    if seals:
        log.info("audit_sealed", seals=len(seals), number=seals[-1].number, head=seals[-1].digest)
    return seals


def seal_up_to(marks: Mapping[str, int]) -> list[Seal]:
    """Seal each table from where it was sealed up to the marked id, in blocks."""
    seals = []
    for table in sealed_tables():
        while (made := _seal_block(table, mark=marks.get(table.name, 0))) is not None:
            seals.append(made)
    return seals


@transaction.atomic
def _seal_block(table: AuditTable, *, mark: int) -> Seal | None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    first_id = sealed_up_to().get(table.name, 0) + 1
    last_id = end_of_block(table, first_id=first_id, mark=mark, size=BLOCK)
    if last_id is None:
        return None
    head = Seal.objects.order_by("-number").first()
    block = Seal(
        number=head.number + 1 if head else 1,
        sealed_at=clock.now(),
        table=table.name,
        columns=list(table.columns),
        first_id=first_id,
        last_id=last_id,
    )
    held = contents(table, columns=block.columns, first_id=block.first_id, last_id=block.last_id)
    block.rows = held.rows
    block.digest = digest(block, previous=head.digest if head else BEGINNING, held=held)
    block.save(force_insert=True)
    return block


def _settled(*, patience: float) -> bool:
    """Wait until every transaction that writes now has ended; False when that takes too long."""
    time.sleep(min(SETTLING, patience))
    deadline = time.monotonic() + patience
    left = _running()
    while left:
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
        left &= _running()
    return True


def _running() -> set[str]:
    """The numbers of the transactions that write to this database now."""
    with connection.cursor() as cursor:
        cursor.execute(RUNNING)
        return {number for (number,) in cursor.fetchall()}
