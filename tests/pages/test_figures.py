"""Measured values are rounded, not cut off."""

import pytest

from pages.present.figures import figure


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [
        (63.19, 1, "63.2"),
        (63.14, 1, "63.1"),
        (0.25, 1, "0.3"),
        (1.005, 2, "1.01"),
        (59.6, 0, "60"),
        (72, 1, "72.0"),
    ],
)
def test_a_figure_is_rounded_half_up(value: float, places: int, said: str) -> None:
    assert figure(value, places) == said
