"""SQL made once from a queryset, and used again with other values (docs/adr/0004-prepared-lists.md)."""

from copy import copy
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from teams.cursors import planning_once

Row = TypeVar("Row")

NOW = datetime(1000, 1, 1, tzinfo=UTC)
"""Stands for the present moment while a statement is made; no real date is as old."""


class NotPreparableError(TypeError):
    """The list works on a value before it reaches the statement, so that it cannot be replaced there."""


class Statement(Generic[Row]):
    """One made statement, and which value goes where."""

    def __init__(self, queryset: "QuerySet[Any, Row]", stand_ins: dict[str, Any]) -> None:
        self._queryset = queryset
        self._compiler: Any = queryset.query.get_compiler(queryset.db)
        self._sql, self._values = self._compiler.as_sql()
        self._places = [_name_of(value, stand_ins) for value in self._values]

    def rows(self, values: dict[str, Any]) -> list[Row]:
        """What the statement finds with these values."""
        parameters = tuple(
            value if name is None else values[name]
            for value, name in zip(self._values, self._places, strict=True)
        )
        compiler = copy(self._compiler)
        compiler.connection = _Planning(connections[self._queryset.db])  # this thread's
        compiler.as_sql = lambda *_args, **_kwargs: (self._sql, parameters)
        queryset: Any = self._queryset.all()
        queryset.query.get_compiler = lambda *_args, **_kwargs: compiler
        return list(queryset)

    @property
    def takes(self) -> set[str]:
        """The names of the values it takes."""
        return {name for name in self._places if name is not None}


class _Planning:
    """A connection whose cursors have PostgreSQL plan a statement once."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def cursor(self) -> CursorWrapper:
        return planning_once(self._connection.cursor())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def _name_of(value: object, stand_ins: dict[str, Any]) -> str | None:
    """Whose stand-in a value of a statement is; None for a value that is always the same."""
    for name, stand_in in stand_ins.items():
        if type(value) is type(stand_in) and value == stand_in:
            return name
    if isinstance(value, str) and value in map(str, stand_ins.values()):
        raise NotPreparableError("A list turns an id into text before it compares.")
    if isinstance(value, date) and value.year <= NOW.year:
        raise NotPreparableError("A list reckons with the time; give it the day as a part of its shape.")
    return None
