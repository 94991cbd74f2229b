"""Changed rows written back by one statement, however many there are.

Django's ``bulk_update`` makes a CASE for each column with a branch for each row. That
was half the time of logging an assessment, and grew with the square of a batch. Here
the rows are one parameter, so that the statement stays the same and short.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.db.models import Field, Model

_LENGTH = re.compile(r"\(\d+\)")


def update_rows(rows: Sequence[Model], columns: Iterable[str]) -> None:
    """Store these columns of rows of one table, by their primary keys.

    Rows that do not exist are passed over; nothing is returned or signalled.
    """
    if not rows:
        return
    statement, names = _prepared(type(rows[0]), tuple(columns))
    values = [{column: getattr(row, attribute) for column, attribute in names} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(statement, [orjson.dumps(values, default=str).decode()])


@cache
def _prepared(model: type[Model], columns: Sequence[str]) -> tuple[str, Sequence[tuple[str, str]]]:
    """The statement, and its columns with the attributes that hold their values."""
    meta = model._meta
    named = {name: field for field in meta.concrete_fields for name in (field.name, field.attname)}
    fields = [named[column] for column in columns]
    stored = [meta.pk, *fields]
    typed = ", ".join(f'"{field.column}" {_type(field)}' for field in stored)
    changes = ", ".join(f'"{field.column}" = new."{field.column}"' for field in fields)
    key = f'"{meta.pk.column}"'
    statement = (
        f'UPDATE "{meta.db_table}" AS stored SET {changes}'
        f" FROM jsonb_to_recordset(%s::jsonb) AS new ({typed}) WHERE stored.{key} = new.{key}"
    )
    return statement, [(str(field.column), field.attname) for field in stored]


def _type(field: "Field[Any, Any]") -> str:
    """The column's type without its length, which a cast would cut the value to in silence."""
    return _LENGTH.sub("", field.db_type(connection) or "")
