"""Changed rows written back by one statement, however many there are.

Django's ``bulk_update`` makes a CASE for each column with a branch for each row. That
was half the time of logging an assessment, and grew with the square of a batch.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model

_LENGTH = re.compile(r"\(\d+\)")


def update_rows(rows: Sequence[Model], columns: Iterable[str]) -> None:
    """Store these columns of rows of one table, by their primary keys.

    Rows that do not exist are passed over; nothing is returned or signalled.
    """
    if not rows:
        return
    meta = rows[0]._meta
    named = {name: field for field in meta.concrete_fields for name in (field.name, field.attname)}
    fields = [named[column] for column in columns]
    stored = [meta.pk, *fields]
    marks = "({})".format(", ".join(f"%s::{_type(field)}" for field in stored))
    names = ", ".join(f'"{field.column}"' for field in stored)
    changes = ", ".join(f'"{field.column}" = new."{field.column}"' for field in fields)
    key = f'"{meta.pk.column}"'
    statement = (
        f'UPDATE "{meta.db_table}" AS stored SET {changes}'
        f" FROM (VALUES {', '.join([marks] * len(rows))}) AS new ({names}) WHERE stored.{key} = new.{key}"
    )
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in stored
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _type(field: "Field[Any, Any]") -> str:
    """The column's type without its length, which a cast would cut the value to in silence."""
    return _LENGTH.sub("", field.db_type(connection) or "")
