"""How a rule states a number that a clinic may set."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from pathway.parameter import (
    DAYS,
    MONTHS,
    PERCENT,
    Limits,
    borrowed,
    days_by_item,
    limits,
    measurement,
    number_of_days,
    number_of_months,
    of_rule,
    yes_or_no,
)
from pathway.rule import dated


def _stated() -> type:
    """Stated anew for each test, as a rule's file does once."""

    @dataclass(frozen=True)
    class Lender:
        window: int = number_of_days(7, "Window")

    @dataclass(frozen=True)
    class Stated:
        plain: int = number_of_days(14, "Plain")
        days: int = number_of_days(14, "Days", low=2, high=9, up_to="plain")
        months: int = number_of_months(3, "Months")
        years: int = number_of_months(12, "Years", low=3, high=36)
        part: int = number_of_months(1, "Part", up_to="months")
        fvc: float = measurement(50, "FVC", "%", low=30, high=80, below="top")
        top: float = measurement(80, "Top", "%", low=50, high=100)
        counts: bool = yes_or_no(True, "Counts")
        items: Mapping[str, int] = days_by_item({"walker": 14}, "Items")
        other: Mapping[str, int] = days_by_item({"bpap": 7}, "Other", low=2, high=90)
        lender: Lender = field(default_factory=Lender, metadata=of_rule("LENDER"))
        note: str = "not for the clinic"

    return Stated


def test_each_number_has_its_label_unit_and_range() -> None:
    assert limits(_stated()()) == {
        "plain": Limits("Plain", "days", 0, 365),
        "days": Limits("Days", "days", 2, 9, up_to="plain"),
        "months": Limits("Months", "months", 1, 24),
        "years": Limits("Years", "months", 3, 36),
        "part": Limits("Part", "months", 1, 24, up_to="months"),
        "fvc": Limits("FVC", "%", 30, 80, whole=False, below="top"),
        "top": Limits("Top", "%", 50, 100, whole=False),
        "counts": Limits("Counts"),
        "items": Limits("Items", "days", 1, 365),
        "other": Limits("Other", "days", 2, 90),
    }


def test_each_has_its_default() -> None:
    stated = _stated()()

    assert (stated.plain, stated.days, stated.months, stated.years) == (14, 14, 3, 12)
    assert (stated.fvc, stated.counts, stated.items, stated.other) == (50, True, {"walker": 14}, {"bpap": 7})


def test_numbers_by_item_are_nobody_elses() -> None:
    given = {"walker": 14}

    @dataclass(frozen=True)
    class Stated:
        items: Mapping[str, int] = days_by_item(given, "Items")

    assert Stated().items == given
    assert Stated().items is not given
    assert Stated().items is not Stated().items


def test_what_is_borrowed_from_another_rule() -> None:
    assert borrowed(_stated()()) == {"lender": "LENDER"}


@pytest.mark.parametrize(
    ("value", "whole", "decimals"),
    [
        (1, False, False),
        (2, True, True),
        (9, True, True),
        (10, False, False),
        (2.0, True, True),
        (8.5, False, True),
        (1.999, False, False),
        (9.001, False, False),
        (True, False, False),
        ("5", False, False),
        (None, False, False),
        (float("nan"), False, False),
        (float("inf"), False, False),
        (10**400, False, False),
    ],
)
def test_a_range_includes_its_ends(value: object, whole: bool, decimals: bool) -> None:
    assert Limits("Days", "days", 2, 9).accepts(value) is whole
    assert Limits("FVC", "%", 2, 9, whole=False).accepts(value) is decimals


@pytest.mark.parametrize(("value", "accepted"), [(True, True), (False, True), (1, False), (None, False)])
def test_a_flag_is_yes_or_no(value: object, accepted: bool) -> None:
    assert Limits("Counts").is_flag
    assert Limits("Counts").accepts(value) is accepted
    assert not Limits("Days", "days", 0, 9).is_flag


@pytest.mark.parametrize(("low", "high"), [(None, 9), (2, None)])
def test_half_a_range_is_none(low: float | None, high: float | None) -> None:
    assert not Limits("Days", "days", low, high).accepts(5)


def test_an_event_of_an_example_has_the_form_of_a_timelines_file() -> None:
    assert dated("lft", "2026-02-03", alt_x_uln=1.1) == {
        "type": "lft",
        "date": "2026-02-03",
        "data": {"alt_x_uln": 1.1},
    }


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        (DAYS, 1, "day"),
        (DAYS, 0, "days"),
        (DAYS, 2, "days"),
        (MONTHS, 1, "month"),
        (MONTHS, 3, "months"),
        (PERCENT, 1, "%"),
        ("", 1, ""),
    ],
)
def test_one_of_a_unit_is_said_as_one(unit: str, value: int, said: str) -> None:
    assert Limits("Label", unit, 0, 9).unit_of(value) == said
