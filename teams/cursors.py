"""Statements that PostgreSQL plans once for each connection instead of each time they run.

For long statements that read little: planning those takes longer than carrying them out, of a
patient's facts up to five times as long. Their plans must not depend on the values asked for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor


@contextmanager
def planned_once() -> Iterator[CursorWrapper]:
    """A cursor that prepares what it runs; Django's own put the values into the statement, so cannot."""
    with connection.cursor() as cursor:
        yield planning_once(cursor)


def planning_once(cursor: CursorWrapper) -> CursorWrapper:
    """Let a fresh cursor of Django prepare what it runs."""
    cursor.cursor = _Preparing(cursor.connection)
    return cursor


class _Preparing(Cursor[Any]):
    def _convert_query(self, *args: Any, **options: Any) -> Any:
        """Keep what runs, as other cursors do: Django's log of queries reads it."""
        self._query = super()._convert_query(*args, **options)
        return self._query
