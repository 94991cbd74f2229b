"""Clinical measures that several rules share, and what counts as a result."""

from typing import Any

import pytest

from pathway.findings import (
    abnormal_swallow_studies,
    cognitive_screens,
    fvc_measured,
    liver_tests,
    number,
    positive_swallow_screens,
    weight_g,
    weight_loss_counts,
    weight_losses,
    weights,
)
from tests.pathway.build import Raw, chart, day, event, life

END = "2026-12-31"


def _ids(kind: str, find: Any, *each: dict[str, Any]) -> list[str]:
    """Ids of what ``find`` finds among events of a kind, numbered from 0."""
    events = [event(kind, f"2026-02-0{n + 1}", event_id=str(n), **data) for n, data in enumerate(each)]
    return [found.id for found in find(chart(life(*events), END))]


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 0), (5, 5), (5.1, 5.1), (-3, -3), (False, None), (float("-inf"), None)]
)
def test_a_number_is_taken_as_it_is(value: object, expected: float | None) -> None:
    assert number(value) == expected


def test_a_liver_test_tells_something_with_any_result() -> None:
    assert _ids(
        "lft",
        liver_tests,
        {},
        {"alt_x_uln": 0.0},
        {"ast_x_uln": 1},
        {"bilirubin_high": False},
        {"alt_x_uln": None, "ast_x_uln": "1", "bilirubin_high": "no"},
    ) == ["1", "2", "3"]


def test_a_cognitive_screen_tells_something_with_either_answer() -> None:
    assert _ids(
        "cognitive_screen",
        cognitive_screens,
        {"score": 100},
        {"impaired": False},
        {"executive_impaired": False},
        {"impaired": None, "executive_impaired": "no"},
        {"impaired": True, "executive_impaired": True},
    ) == ["1", "2", "4"]


def test_positive_screens_and_abnormal_studies() -> None:
    flags = [{"positive": value, "abnormal": value} for value in (True, False, None, "yes", True)]

    assert _ids("swallow_screen", positive_swallow_screens, *flags) == ["0", "4"]
    assert _ids("vfss", abnormal_swallow_studies, *flags) == ["0", "4"]


def _fvc(*values: object) -> list[Raw]:
    return [event("resp_assessment", f"2026-02-0{n + 1}", fvc_pct=value) for n, value in enumerate(values)]


def test_every_fvc_that_could_be_measured() -> None:
    known = chart(life(*_fvc(80, None, "70", 0, 55.5)), END)

    assert [(each.event.on, each.value) for each in fvc_measured(known)] == [
        (day("2026-02-01"), 80),
        (day("2026-02-04"), 0),
        (day("2026-02-05"), 55.5),
    ]


@pytest.mark.parametrize(
    ("limit", "on"), [(80, "2026-02-03"), (80.1, "2026-02-01"), (60, "2026-02-04"), (50, None)]
)
def test_the_first_fvc_below_a_limit(limit: float, on: str | None) -> None:
    first = chart(life(*_fvc(80, None, 60, 50, 90)), END).first_fvc_below(limit)

    assert (first.event.on if first else None) == (day(on) if on else None)


@pytest.mark.parametrize(
    ("values", "limit", "below"),
    [([60], 60, False), ([59.9], 60, True), ([59, None], 60, True), ([59, 60], 60, False), ([], 60, False)],
)
def test_the_measured_fvc_is_below_a_limit(values: list[object], limit: float, below: bool) -> None:
    assert chart(life(*_fvc(*values)), END).fvc_below(limit) is below


@pytest.mark.parametrize(
    ("kg", "grams"), [(0.001, 1), (0.5, 500), (1, 1000), (999.999, 999_999), (1000.0, None), ("80", None)]
)
def test_weights_above_zero_and_below_a_thousand(kg: object, grams: int | None) -> None:
    review = life(event("nutrition_review", "2026-02-01", weight_kg=kg)).events[0]

    assert weight_g(review) == grams


def _weighed(*kgs: float | None) -> list[Raw]:
    return [event("nutrition_review", f"2026-02-0{n + 1}", weight_kg=kg) for n, kg in enumerate(kgs)]


def test_reviews_without_a_weight_are_no_weights() -> None:
    assert [each.value for each in weights(chart(life(*_weighed(80, None, 79)), END))] == [80_000, 79_000]


@pytest.mark.parametrize(
    ("pct", "losses"),
    [
        (0, [80_000, 76_080, 76_000, 72_000]),
        (4.9, [76_080, 76_000, 72_000]),
        (5, [76_000, 72_000]),
        (10, [72_000]),
    ],
)
def test_a_loss_of_exactly_the_limit_counts(pct: float, losses: list[int]) -> None:
    known = chart(life(*_weighed(80, 76.08, 76, 72)), END)

    assert [each.value for each in weight_losses(known, pct)] == losses


PREGNANT = {"pregnant": True}


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ([], True),
        ([("pregnancy", PREGNANT)], False),
        ([("pregnancy", {"pregnant": False})], True),
        ([("pregnancy", {})], True),
        ([("weight_trigger_on", {})], True),
        ([("pregnancy", PREGNANT), ("weight_trigger_on", {})], True),
        ([("weight_trigger_on", {}), ("pregnancy", PREGNANT)], False),
        ([("pregnancy", PREGNANT), ("weight_trigger_on", {}), ("pregnancy", PREGNANT)], False),
        ([("pregnancy", PREGNANT), ("pregnancy", {"pregnant": False})], False),
    ],
)
def test_weight_loss_says_nothing_from_a_pregnancy_until_it_counts_again(
    said: list[tuple[str, dict[str, Any]]], counts: bool
) -> None:
    events = [event(kind, f"2026-02-0{n + 1}", **data) for n, (kind, data) in enumerate(said)]

    assert weight_loss_counts(chart(life(*events), END)) is counts


@pytest.mark.parametrize(
    ("onset", "said", "found_on"),
    [
        ("lower_limb", [], None),
        ("bulbar", [], None),
        ("lower_limb", [("bulbar_status", "2026-02-03", {"impaired": True})], "2026-02-03"),
        (
            "bulbar",
            [
                ("bulbar_status", "2026-02-03", {"impaired": True}),
                ("swallow_screen", "2026-02-02", {"positive": True}),
            ],
            "2026-02-02",
        ),
        (
            "lower_limb",
            [
                ("bulbar_status", "2026-02-01", {"impaired": True}),
                ("bulbar_status", "2026-02-02", {"impaired": False}),
                ("bulbar_status", "2026-02-03", {"impaired": True}),
                ("bulbar_status", "2026-02-04", {"impaired": None}),
                ("bulbar_status", "2026-02-05", {"impaired": True}),
            ],
            "2026-02-03",
        ),
        (
            "lower_limb",
            [
                ("bulbar_status", "2026-02-03", {"impaired": False}),
                ("swallow_screen", "2026-02-05", {"positive": True}),
            ],
            "2026-02-05",
        ),
    ],
)
def test_bulbar_impairment_says_by_onset_or_since_when(
    onset: str, said: list[tuple[str, str, dict[str, Any]]], found_on: str | None
) -> None:
    facts = life(*(event(kind, on, **data) for kind, on, data in said), onset_region=onset)

    bulbar = chart(facts, END).bulbar_impaired

    assert bulbar.onset is (onset == "bulbar")
    assert bulbar.found_on == (day(found_on) if found_on else None)
    assert bool(bulbar) is (onset == "bulbar" or found_on is not None)
