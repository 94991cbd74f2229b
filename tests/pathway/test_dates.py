from datetime import UTC, date, datetime

import pytest

from pathway.dates import add_days, add_months, as_date


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2025-11-30", 3, "2026-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2025-11-29", 3, "2026-02-28"),
        ("2025-11-28", 3, "2026-02-28"),
        ("2026-02-28", 3, "2026-05-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-10-31", 3, "2027-01-31"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-05-14", 0, "2026-05-14"),
    ],
)
def test_add_months_keeps_the_day_or_takes_the_months_last(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


def test_months_are_counted_from_the_anchor_not_chained() -> None:
    anchor = date(2026, 1, 31)

    assert add_months(anchor, 2) == date(2026, 3, 31)
    assert add_months(add_months(anchor, 1), 1) == date(2026, 3, 28)


def test_add_days_counts_calendar_days() -> None:
    assert add_days(date(2024, 2, 28), 2) == date(2024, 3, 1)


@pytest.mark.parametrize("value", ["2026-03-01", date(2026, 3, 1)])
def test_a_date_or_its_iso_text_is_read(value: object) -> None:
    assert as_date(value) == date(2026, 3, 1)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "tomorrow",
        "2026-02-30",
        20260301,
        True,
        datetime(2026, 3, 1, tzinfo=UTC),
        "1899-12-31",
        "2200-01-01",
        date.max,
    ],
)
def test_anything_else_is_no_date(value: object) -> None:
    assert as_date(value) is None


@pytest.mark.parametrize("text", ["1900-01-01", "2199-12-31"])
def test_the_first_and_last_day_of_the_range_are_read(text: str) -> None:
    assert as_date(text) == date.fromisoformat(text)
