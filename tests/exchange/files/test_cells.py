"""What a cell may hold."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.specs import Score
from exchange.files.cells import (
    Amount,
    Cell,
    CellError,
    Code,
    Day,
    Habits,
    Place,
    Points,
    Words,
    YesNo,
    check_date_format,
    literal,
    neutral,
)
from exchange.files.clinic import WEIGHT

ITEM = Score("Walking", high=4)
PLAIN = Habits()
US = Habits(date_format="MM/DD/YYYY")
COMMA = Habits(decimal_comma=True)


@pytest.mark.parametrize(
    ("cell", "text", "habits", "value"),
    [
        (Day(), "2026-03-28", PLAIN, date(2026, 3, 28)),
        (Day(), "2026-03-28", US, date(2026, 3, 28)),
        (Day(), "3/28/2026", US, date(2026, 3, 28)),
        (Day(), "28.03.2026", Habits(date_format="DD.MM.YYYY"), date(2026, 3, 28)),
        (YesNo(), "Yes", PLAIN, True),
        (YesNo(), "0", PLAIN, False),
        (Points(ITEM), "0", PLAIN, 0),
        (Points(ITEM), "4", PLAIN, 4),
        (Code({"mouth": "By mouth"}), "by MOUTH", PLAIN, "mouth"),
        (Code({"mouth": "By mouth"}), "Mouth", PLAIN, "mouth"),
        (Amount(WEIGHT), "64.9", PLAIN, 64_900),
        (Amount(WEIGHT), "64,9", COMMA, 64_900),
        (Amount(WEIGHT), "64.905", PLAIN, 64_905),
        (Place(), "12", PLAIN, 12),
        (Words(), "'=1+1", PLAIN, "=1+1"),
        (Words(), "'tis", PLAIN, "'tis"),
    ],
)
def test_what_a_cell_reads(cell: Cell, text: str, habits: Habits, value: Any) -> None:
    assert cell.read(text, habits) == value


@pytest.mark.parametrize(
    ("cell", "text", "habits", "reason"),
    [
        (Day(), "03/28/2026", PLAIN, "--date-format"),
        (Day(), "28/03/2026", US, "2026-03-28 or MM/DD/YYYY"),
        (Day(), "2026-02-30", PLAIN, "not a date"),
        (Day(), "2026-3-28", PLAIN, "not a date"),
        (Day(), "26-03-28", PLAIN, "not a date"),
        (Day(), "1026-03-28", PLAIN, "between 1900 and 2199"),
        (Day(), "٢٠٢٦-٠٣-٢٨", PLAIN, "not a date"),
        (YesNo(), "perhaps", PLAIN, "neither yes nor no"),
        (Code({"mouth": "By mouth"}), "nose", PLAIN, "not one of: mouth"),
        (Amount(WEIGHT), "64,9", PLAIN, "not a number"),
        (Amount(WEIGHT), "64,900", COMMA, "not a number"),
        (Amount(WEIGHT), "1e3", PLAIN, "not a number"),
        (Amount(WEIGHT), "9" * 400, PLAIN, "not a number"),
        (Amount(WEIGHT), "nan", PLAIN, "not a number"),
        (Amount(WEIGHT), "631", PLAIN, "Did you mean 63.1?"),
        (Amount(WEIGHT), "64.90001", PLAIN, "too many decimals"),
        (Points(ITEM), "5", PLAIN, "5 is not a whole number from 0 to 4"),
        (Points(ITEM), "2.5", PLAIN, "not a whole number"),
        (Place(), "-1", PLAIN, "not a whole number"),
        (Place(), "9" * 12, PLAIN, "not a whole number"),
        (Words(5), "sixsix", PLAIN, "6 characters long. Shorten it to 5"),
    ],
)
def test_what_a_cell_says_about_anything_else(cell: Cell, text: str, habits: Habits, reason: str) -> None:
    with pytest.raises(CellError, match=reason.replace("?", r"\?")):
        cell.read(text, habits)


@pytest.mark.parametrize("text", ["YYYY-DD-MM", "DD/MM/YY", "DD/MM", "MM/DD/YYYY HH", "", "%d/%m/%Y"])
def test_a_date_format_that_could_be_misread_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        check_date_format(text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "'=1", "''@"])
def test_a_formula_gets_a_mark(text: str) -> None:
    assert neutral(text) == f"'{text}"


@given(st.text())
def test_the_mark_comes_off_again(text: str) -> None:
    assert literal(neutral(text)) == text
    assert neutral(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")


@given(st.integers(20_000, 250_000))
def test_a_weight_reads_as_it_was_written(grams: int) -> None:
    cell = Amount(WEIGHT)

    assert cell.read(cell.write(grams), PLAIN) == grams
