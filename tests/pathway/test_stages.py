"""King's and MiToS stages at every boundary of the published methods, and the sums of the scale."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pathway.stages import Function, KingsStage, functions, kings_stage, mitos_stage, monthly_change
from tests.pathway.build import chart, event, life

NORMAL = Function(
    speech=4, salivation=4, swallowing=4, handwriting=4, cutting=4, dressing=4,
    turning=4, walking=4, stairs=4, dyspnea=4, orthopnea=4, ventilation=4,
)  # fmt: skip
RECORDED: dict[str, Any] = {
    "speech": 4, "salivation": 3, "swallowing": 3, "handwriting": 2, "cutting_5a": 3, "dressing": 2,
    "turning": 3, "walking": 2, "stairs": 2, "dyspnea": 3, "orthopnea": 3, "ventilation": 4,
}  # fmt: skip


def scored(**items: Any) -> Function:
    """A normal scale but for these items."""
    return replace(NORMAL, **items)


@pytest.mark.parametrize(
    ("items", "stage"),
    [
        ({}, "0"),
        ({"speech": 3}, "1"),
        ({"salivation": 3}, "1"),
        ({"swallowing": 3}, "1"),
        ({"speech": 0, "salivation": 0, "swallowing": 0}, "1"),
        ({"handwriting": 3}, "1"),
        ({"cutting": 3}, "1"),
        ({"walking": 3}, "1"),
        # Items the method does not look at for a region.
        ({"dressing": 0, "turning": 0, "stairs": 0, "orthopnea": 0}, "0"),
        ({"speech": 3, "handwriting": 3}, "2"),
        ({"handwriting": 3, "cutting": 3}, "1"),
        ({"cutting": 3, "walking": 3}, "2"),
        ({"salivation": 3, "handwriting": 3, "walking": 3}, "3"),
        ({"gastrostomy": True}, "4A"),
        ({"swallowing": 0}, "1"),
        ({"dyspnea": 1}, "0"),
        ({"dyspnea": 0}, "4B"),
        ({"ventilation": 3}, "4B"),
        ({"gastrostomy": True, "ventilation": 3}, "4B"),
        ({"speech": 3, "handwriting": 3, "walking": 3, "dyspnea": 0}, "4B"),
    ],
)
def test_kings_stage_counts_regions_until_nutrition_or_breathing_fails(
    items: dict[str, Any], stage: str
) -> None:
    assert kings_stage(scored(**items)) == KingsStage(stage)


@pytest.mark.parametrize(
    ("items", "stage"),
    [
        ({}, 0),
        ({"walking": 2, "dressing": 2}, 0),
        ({"walking": 1}, 1),
        ({"dressing": 1}, 1),
        ({"walking": 0, "dressing": 0}, 1),
        ({"swallowing": 2}, 0),
        ({"swallowing": 1}, 1),
        ({"speech": 1}, 0),
        ({"handwriting": 1}, 0),
        ({"speech": 1, "handwriting": 2}, 0),
        ({"speech": 2, "handwriting": 1}, 0),
        ({"speech": 1, "handwriting": 1}, 1),
        ({"dyspnea": 2, "ventilation": 3}, 0),
        ({"dyspnea": 1}, 1),
        ({"ventilation": 2}, 1),
        ({"dyspnea": 0, "ventilation": 0}, 1),
        # Items the method does not look at.
        ({"salivation": 0, "cutting": 0, "turning": 0, "stairs": 0, "orthopnea": 0, "gastrostomy": True}, 0),
        ({"walking": 1, "swallowing": 1}, 2),
        ({"walking": 1, "swallowing": 1, "ventilation": 2}, 3),
        ({"walking": 1, "swallowing": 1, "ventilation": 2, "speech": 1, "handwriting": 1}, 4),
    ],
)
def test_mitos_stage_counts_the_domains_lost(items: dict[str, Any], stage: int) -> None:
    assert mitos_stage(scored(**items)) == stage


def test_the_sums_are_those_of_the_scale() -> None:
    scale = Function.read(RECORDED)

    assert scale is not None
    assert (scale.bulbar, scale.fine_motor, scale.gross_motor, scale.respiratory) == (10, 7, 7, 10)
    assert (scale.total, scale.gastrostomy) == (34, False)


def test_item_5b_says_that_there_is_a_gastrostomy() -> None:
    recorded = {name: value for name, value in RECORDED.items() if name != "cutting_5a"}

    scale = Function.read(recorded | {"cutting_5b": 1})

    assert scale is not None
    assert (scale.cutting, scale.gastrostomy) == (1, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"speech": None},
        {"cutting_5a": None},
        {"cutting_5b": 3},
        {"walking": 5},
        {"walking": -1},
        {"walking": 2.5},
        {"walking": True},
        {"walking": "2"},
    ],
)
def test_a_scale_that_is_not_complete_has_no_total_and_no_stage(wrong: dict[str, Any]) -> None:
    assert Function.read(RECORDED | wrong) is None


def test_change_is_given_per_month() -> None:
    assert monthly_change(37, date(2025, 1, 1), 33, date(2026, 1, 1)) == pytest.approx(-4 / 11.99, abs=0.001)
    assert monthly_change(33, date(2026, 1, 1), 33, date(2026, 2, 1)) == 0
    assert monthly_change(37, date(2026, 1, 1), 33, date(2026, 1, 1)) is None
    assert monthly_change(37, date(2026, 1, 2), 33, date(2026, 1, 1)) is None


def test_the_record_gives_complete_scales_in_order() -> None:
    facts = life(
        event("alsfrs_r", "2026-03-01", **RECORDED),
        event("alsfrs_r", "2026-02-01", **(RECORDED | {"speech": 3, "walking": 3})),
        event("alsfrs_r", "2026-04-01", speech=3),
    )

    found = functions(chart(facts, "2026-05-01"))

    assert [(each.on, scale.total) for each, scale in found] == [
        (date(2026, 2, 1), 34),
        (date(2026, 3, 1), 34),
    ]


def test_change_from_one_day_to_the_next() -> None:
    assert monthly_change(37, date(2026, 1, 1), 36, date(2026, 1, 2)) == -30.4375


def test_the_lowest_score_is_a_score_and_nothing_below_it() -> None:
    lowest = Function.read(RECORDED | {"walking": 0})

    assert lowest is not None
    assert lowest.walking == 0
    assert Function.read(RECORDED | {"walking": -1}) is None
    assert Function.read(RECORDED | {"walking": 5}) is None
