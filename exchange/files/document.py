"""The tables of docs/import-format.md, from the columns themselves."""

from collections.abc import Iterator, Sequence

from exchange.files.clinic import PATIENT_COLUMNS, PATIENTS, TABLES
from exchange.files.table import Column

START, END = "<!-- columns: start -->", "<!-- columns: end -->"


def columns_as_markdown() -> str:
    """One table for each file, between the marks that the document holds."""
    lines = [START, *_file(PATIENTS, "One row for each person.", PATIENT_COLUMNS)]
    for table in TABLES:
        lines += _file(table.file, table.says, table.columns)
    return "\n".join([*lines, "", END])


def _file(file: str, says: str, columns: Sequence[Column]) -> Iterator[str]:
    yield from ("", f"### {file}", "", says, "", "| column | holds | meaning |", "|---|---|---|")
    for column in columns:
        name = f"**{column.name}**" if column.required else column.name
        yield f"| {name} | {column.cell.says} | {column.says} |"
