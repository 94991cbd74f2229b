"""Date arithmetic of the catalogue, on calendar days only."""

from calendar import monthrange
from datetime import date, datetime, timedelta

EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)


def add_months(day: date, months: int) -> date:
    """The same day number ``months`` on, or the last day of that month (catalogue 2.1).

    30 Nov + 3 months is 28 Feb, or 29 Feb in a leap year. Always count from the anchor:
    chaining would lose days.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """``day`` plus a number of calendar days."""
    return day + timedelta(days=days)


def as_date(value: object) -> date | None:
    """``value`` as a date if it is one, or ISO text of one, between 1900 and 2199; else None.

    Records from elsewhere may hold anything in a date's place, and a year out of range
    is a slip of the keyboard that must not break the arithmetic.
    """
    if isinstance(value, datetime):
        return None
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and EARLIEST <= value <= LATEST else None
