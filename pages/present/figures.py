"""Measured values as people read them."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format


def figure(value: float, places: int = 0) -> str:
    """A value rounded to so many places, half up: 63.19 is 63.2. Django's own would cut it off at 63.1."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return number_format(rounded, places)
