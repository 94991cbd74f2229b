"""From bytes to rows: every way a file can be wrong is told with its place."""

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.files.cells import Day, Words, neutral
from exchange.files.clinic import FILES, PATIENT_COLUMNS, PATIENTS, TABLES
from exchange.files.problems import Problem, Problems
from exchange.files.reading import Reading, read_file
from exchange.files.table import Column
from exchange.files.writing import file_text

COLUMNS = (
    Column("external_id", Words(20), "id", required=True),
    Column("on", Day(), "day", required=True),
    Column("note", Words(10), "note"),
)


def read(content: str | bytes, **options: Any) -> tuple[Reading, list[Problem]]:
    """What was read, and what was wrong."""
    raw = content.encode() if isinstance(content, str) else content
    problems = Problems()
    reading = read_file("f.csv", raw, columns=COLUMNS, problems=problems, **options)
    return reading, list(problems)


def rows(reading: Reading) -> list[tuple[int, list[Any]]]:
    """Line and values of each row."""
    return [(row.line, [str(value) for value in row.values.values()]) for row in reading.rows]


@pytest.mark.parametrize(
    "content",
    [
        "external_id,on,note\na,2026-03-01,hello\n",
        "\ufeffexternal_id,on,note\r\na,2026-03-01,hello\r\n",
        "external_id;on;note\na;2026-03-01;hello",
        "external_id\ton\tnote\na\t2026-03-01\thello",
        '"External_ID" , "On",NOTE\n"a", 2026-03-01 ,"hello"'.replace(' , "On"', ',"On"'),
    ],
)
def test_marks_delimiters_and_line_ends(content: str) -> None:
    reading, problems = read(content)

    assert problems == []
    assert [line[1] for line in rows(reading)] == [["a", "2026-03-01", "hello"]]


def test_a_stated_delimiter_is_taken() -> None:
    reading, problems = read("sep=;\nexternal_id;on\na;2026-03-01\n")

    assert (rows(reading), problems) == ([(3, ["a", "2026-03-01"])], [])


def test_blank_lines_are_passed_over_and_lines_counted_as_an_editor_does() -> None:
    reading, _ = read('external_id,on,note\n\na,2026-03-01,"two\nlines"\n,,\nb,2026-03-02,\n')

    assert [(row.line, row.external_id) for row in reading.rows] == [(3, "a"), (6, "b")]


def test_columns_in_any_order_and_those_not_required_left_out() -> None:
    reading, problems = read("on,external_id\n2026-03-01,a\n")

    assert problems == []
    assert reading.rows[0].external_id == "a"


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        (b"", 0, "", "The file is empty"),
        (b"external_id,on\na,2026-03-01\n\xe9,2026-03-01\n", 3, "", "Byte 0xE9 (at 28) is not UTF-8"),
        ("external_id,on\n".encode("utf-16"), 1, "", "The file is UTF-16"),
        (b"external_id,on\na,2026\x00\n", 2, "", "NUL"),
        (b"external_id\na\n", 1, "on", "The column is missing"),
        (b"external_id,on,when\n", 1, "when", "not known. Known: external_id, on, note"),
        (b"external_id,on,on\n", 1, "on", "stands there twice"),
        (b"a|b|c\n", 1, "a|b|c", "not known"),
    ],
)
def test_a_file_that_cannot_be_used(content: bytes, line: int, column: str, reason: str) -> None:
    reading, problems = read(content)

    assert not reading.usable or line > 1
    assert (problems[0].line, problems[0].column) == (line, column)
    assert reason in problems[0].reason


def test_every_bad_cell_is_told_and_good_rows_are_kept() -> None:
    reading, problems = read(
        "external_id,on,note\n"
        "a,yesterday,fine\n"
        ",2026-03-01,\n"
        "c,2026-03-01,much too long\n"
        "d,2026-03-01\n"
        "e,2026-03-01,\n"
        "e,2026-03-02,\n"
    )

    assert [(each.line, each.column, each.value) for each in problems] == [
        (2, "on", "yesterday"),
        (3, "external_id", ""),
        (4, "note", "much too long"),
        (5, "", ""),
        (7, "external_id", "e"),
    ]
    assert [row.external_id for row in reading.rows] == ["e"]
    assert {"a", "c"} <= reading.wrong_ids
    assert str(problems[0]).startswith("f.csv, line 2, on: 'yesterday' This is not a date")


def test_an_open_quote_is_told_with_its_line() -> None:
    _, problems = read('external_id,on\na,2026-03-01\nb,"2026-03-01\n')

    assert (problems[0].line, "cannot be read" in problems[0].reason) == (3, True)


def test_a_cell_longer_than_any_is_refused() -> None:
    _, problems = read("external_id,on,note\na,2026-03-01," + "x" * 200_000)

    assert problems[0].line == 2
    assert len(problems) == 1


def test_many_problems_are_counted_and_the_first_shown() -> None:
    problems = Problems()
    content = "external_id,on\n" + "".join(f"r{number},never\n" for number in range(500))

    read_file("f.csv", content.encode(), columns=COLUMNS, problems=problems)

    assert (problems.count, len(list(problems))) == (500, 200)


def test_long_values_are_shortened() -> None:
    _, problems = read("external_id,on\na," + "9" * 500)

    assert len(problems[0].value) == 80


_texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=10)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.uuids(), st.dates(), _texts), max_size=8))
def test_what_is_written_reads_the_same(values: list[tuple[Any, Any, str]]) -> None:
    kept = [(str(id_)[:20], day, note.strip(" \xa0")) for id_, day, note in values if day.year >= 1900]
    kept = [(id_, day, note) for id_, day, note in kept if day.year <= 2199]
    names = ("external_id", "on", "note")

    text = file_text(COLUMNS, (dict(zip(names, row, strict=True)) for row in kept))
    reading, problems = read(text)

    unique = len({id_ for id_, _, _ in kept}) == len(kept)
    assert problems == [] or not unique
    if unique:
        found = [tuple(row.values[name] for name in names) for row in reading.rows]
        assert found == [(id_, day, note if neutral(note).strip() else None) for id_, day, note in kept]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([PATIENTS, "equipment_updates.csv", "nutrition_review.csv"]))
def test_no_bytes_break_the_reader(content: bytes, file: str) -> None:
    columns = PATIENT_COLUMNS if file == PATIENTS else next(t for t in TABLES if t.file == file).columns
    header = ",".join(column.name for column in columns).encode()
    problems = Problems()

    for raw in (content, header + b"\n" + content):
        read_file(file, raw, columns=columns, problems=problems)


def test_every_file_has_its_own_name_and_columns() -> None:
    assert len(set(FILES)) == len(FILES)
    for table in TABLES:
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)


def test_the_csv_is_the_kind_spreadsheets_write() -> None:
    text = file_text(COLUMNS, [{"external_id": "a", "on": None, "note": 'say "hi", then\nleave'}])

    assert text == 'external_id,on,note\r\na,,"say ""hi"", then\nleave"\r\n'
    assert list(csv.reader(io.StringIO(text)))[1][2] == 'say "hi", then\nleave'
