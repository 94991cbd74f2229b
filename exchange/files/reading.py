"""From the bytes of a CSV file to rows of values; whatever cannot be read is reported with its place."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from exchange.files.cells import CellError, Habits
from exchange.files.problems import Problems
from exchange.files.table import EXTERNAL_ID, Column

DELIMITERS = (",", ";", "\t")
_SEP = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_OTHER_ENCODINGS = {
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line that could be read: values by column, only of columns the file has; empty is None."""

    file: str
    line: int
    values: Mapping[str, Any]

    @property
    def external_id(self) -> str:
        """The row's own id."""
        return str(self.values[EXTERNAL_ID.name])


@dataclass(slots=True)
class Reading:
    """What was read of one file: the rows that are right, and the ids of those that are not.

    ``usable`` is False when its header or its encoding leaves nothing to read.
    """

    rows: list[Row] = field(default_factory=list)
    wrong_ids: set[str] = field(default_factory=set)
    usable: bool = False


@dataclass(slots=True)
class _File:
    name: str
    columns: Sequence[Column]
    problems: Problems
    habits: Habits
    wrong_ids: set[str]
    lines_of: dict[str, int] = field(default_factory=dict)

    def wrong(self, line: int = 0, column: str = "", value: str = "", *, reason: str) -> None:
        self.problems.add(self.name, line, column, value, reason=reason)


def read_file(
    name: str,
    content: bytes,
    *,
    columns: Sequence[Column],
    problems: Problems,
    date_format: str = "",
) -> Reading:
    """The rows of one file; what is wrong with it goes to ``problems``.

    UTF-8 with or without a mark at the start; commas, semicolons or tabs, whichever
    the header is written with. Blank lines are passed over.
    """
    reading = Reading()
    file = _File(name, columns, problems, Habits(date_format), reading.wrong_ids)
    text = _decoded(file, content)
    if text is None:
        return reading
    delimiter, text, skipped = _delimiter(text, columns)
    if delimiter != ",":
        file.habits = Habits(date_format, decimal_comma=True)
    lines = _lines(file, text, delimiter, skipped)
    header = next(lines, None)
    if header is None:
        file.wrong(reason=_("The file is empty. Its first line must name the columns."))
        return reading
    if found := _header(file, header[1]):
        reading.usable = True
        rows = (_row(file, line, cells, found) for line, cells in lines)
        reading.rows = [row for row in rows if row is not None]
    return reading


def _decoded(file: _File, content: bytes) -> str | None:
    for mark, encoding in _OTHER_ENCODINGS.items():
        if content.startswith(mark):
            reason = _("The file is %(encoding)s. Save it as CSV UTF-8.") % {"encoding": encoding}
            file.wrong(1, reason=reason)
            return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"0x{content[error.start]:02X}"
        reason = _("Byte %(byte)s (at %(at)s) is not UTF-8. Save the file as CSV UTF-8.") % {
            "byte": byte,
            "at": error.start,
        }
        file.wrong(line, reason=reason)
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        file.wrong(line, reason=_("There is a NUL character here. Export the file again as plain CSV."))
        return None
    return text


def _delimiter(text: str, columns: Sequence[Column]) -> tuple[str, str, int]:
    """The delimiter by which the header names the most known columns, the text, and lines taken off."""
    skipped = 0
    if stated := _SEP.match(text):
        text, skipped = text[stated.end() :], 1
        if stated[1] in DELIMITERS:
            return stated[1], text, skipped
    known = {column.name for column in columns}
    first = text.lstrip("\r\n").split("\n", 1)[0]
    named = {each: len(known & {_name(cell) for cell in first.split(each)}) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: named[each]), text, skipped


def _name(cell: str) -> str:
    return cell.strip().strip('"').strip().casefold()


def _lines(file: _File, text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each line with anything in it, with the number of its first physical line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        file.wrong(line, reason=_("The line cannot be read: %(error)s.") % {"error": error})


def _header(file: _File, cells: Sequence[str]) -> list[Column] | None:
    """The column of each cell of the header; None when it cannot be used."""
    by_name = {column.name: column for column in file.columns}
    names = [_name(cell) for cell in cells]
    known = ", ".join(by_name)
    fine = True
    for name, cell in zip(names, cells, strict=True):
        if name not in by_name:
            reason = _("This column is not known. Known: %(known)s.") % {"known": known}
            file.wrong(1, column=cell.strip(), reason=reason)
            fine = False
    for name in sorted({name for name in names if names.count(name) > 1 and name in by_name}):
        file.wrong(1, column=name, reason=_("The column stands there twice."))
        fine = False
    for column in file.columns:
        if column.required and column.name not in names:
            file.wrong(1, column=column.name, reason=_("The column is missing."))
            fine = False
    return [by_name[name] for name in names] if fine else None


def _row(file: _File, line: int, cells: Sequence[str], columns: Sequence[Column]) -> Row | None:
    if len(cells) != len(columns):
        reason = _("The line has %(cells)s cells, the header %(columns)s.") % {
            "cells": len(cells),
            "columns": len(columns),
        }
        file.wrong(line, reason=reason)
        return None
    before = file.problems.count
    values = {
        column.name: _value(file, line, column, cell.strip(" \xa0"))
        for column, cell in zip(columns, cells, strict=True)
    }
    row = Row(file.name, line, values)
    _check_unique(file, row)
    if file.problems.count == before:
        return row
    file.wrong_ids.add(row.external_id)
    return None


def _value(file: _File, line: int, column: Column, text: str) -> Any:
    if not text.strip():
        if column.required:
            file.wrong(line, column.name, reason=_("This is empty, and must not be."))
        return None
    try:
        return column.cell.read(text, file.habits)
    except CellError as error:
        file.wrong(line, column.name, text, reason=str(error))
        return None


def _check_unique(file: _File, row: Row) -> None:
    id_ = row.values.get(EXTERNAL_ID.name)
    if id_ is None:
        return
    first = file.lines_of.setdefault(id_, row.line)
    if first != row.line:
        reason = _("Line %(line)s has the same id.") % {"line": first}
        file.wrong(row.line, EXTERNAL_ID.name, id_, reason=reason)
