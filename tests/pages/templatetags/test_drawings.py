"""The bar from a fact to today."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.rows import Span
from pages.templatetags.drawings import _CHARACTER, span_bar

START = date(2025, 11, 30)


def labels(drawn: str) -> list[tuple[float, str]]:
    """The middle of each label, and its text."""
    found = re.findall(r'<text text-anchor="(\w+)" x="([\d.]+)"[^>]*>([^<]*)</text>', drawn)
    to_middle = {"start": 0.5, "middle": 0.0, "end": -0.5}
    return [(float(x) + to_middle[at] * len(text) * _CHARACTER, text) for at, x, text in found]


def test_a_late_review_is_marked_from_due_to_today() -> None:
    span = Span(START, date(2026, 2, 28), date(2026, 3, 12), "Review", date(2026, 3, 14), "Urgent")

    drawn = span_bar(span)

    assert [text for _x, text in labels(drawn)] == ["Review", "Due", "Today", "Urgent"]
    assert drawn.count("al-span-late") == 1
    assert drawn.count("al-span-rise") == 1


def test_work_ahead_has_nothing_late() -> None:
    drawn = span_bar(Span(START, date(2026, 2, 28), date(2026, 1, 12), "Review"))

    assert [text for _x, text in labels(drawn)] == ["Review", "Today", "Due"]
    assert "al-span-late" not in drawn


@pytest.mark.parametrize("days", [0, 1])
def test_a_fact_of_today_is_drawn(days: int) -> None:
    assert len(labels(span_bar(Span(START, START, START + timedelta(days=days), "Joined")))) == 3


@given(due=st.integers(0, 400), today=st.integers(0, 800), rises=st.none() | st.integers(0, 800))
def test_labels_never_touch_nor_leave_the_drawing(due: int, today: int, rises: int | None) -> None:
    span = Span(
        START,
        START + timedelta(days=due),
        START + timedelta(days=today),
        "Review",
        None if rises is None else START + timedelta(days=rises),
        "Critical",
    )

    placed = sorted(labels(span_bar(span)))

    edges = [(x - len(text) * _CHARACTER / 2, x + len(text) * _CHARACTER / 2) for x, text in placed]
    assert edges[0][0] >= -0.1
    assert edges[-1][1] <= 420.1
    assert all(before[1] < after[0] for before, after in pairwise(edges))
