"""From rows of values to the text of a CSV file."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from exchange.files.table import Column


def file_text(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> str:
    """A CSV file with a header; None becomes an empty cell, formulas are neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.name for column in columns)
    writer.writerows([_cell(column, row.get(column.name)) for column in columns] for row in rows)
    return out.getvalue()


def _cell(column: Column, value: Any) -> str:
    return "" if value is None or value == "" else column.cell.write(value)
