from typing import Any

import pytest

from pathway.findings import baseline_g, number, weight_g, weight_losses
from pathway.record import read
from tests.pathway.build import chart, day, event, life


def test_measured_fvc_is_the_latest_that_could_be_measured() -> None:
    facts = life(
        event("resp_assessment", "2026-02-01", fvc_pct=61),
        event("resp_assessment", "2026-03-01", fvc_pct=58.5),
        event("resp_assessment", "2026-04-01", fvc_pct=None),
    )

    fvc = chart(facts, "2026-04-01").measured_fvc

    assert fvc is not None
    assert (fvc.value, fvc.event.on) == (58.5, day("2026-03-01"))
    assert chart(facts, "2026-01-31").measured_fvc is None


@pytest.mark.parametrize(
    ("onset", "events", "impaired"),
    [
        ("bulbar", [], True),
        ("lower_limb", [], False),
        ("lower_limb", [("bulbar_status", "2026-02-01", {"impaired": True})], True),
        (
            "lower_limb",
            [
                ("bulbar_status", "2026-02-01", {"impaired": True}),
                ("bulbar_status", "2026-02-02", {"impaired": False}),
            ],
            False,
        ),
        ("lower_limb", [("swallow_screen", "2026-02-01", {"positive": True})], True),
        (
            "lower_limb",
            [
                ("swallow_screen", "2026-02-01", {"positive": True}),
                ("swallow_screen", "2026-02-02", {"positive": False}),
            ],
            False,
        ),
        (
            "lower_limb",
            [
                ("bulbar_status", "2026-02-01", {"impaired": True}),
                ("swallow_screen", "2026-02-02", {"positive": False}),
            ],
            True,
        ),
        (
            "bulbar",
            [("bulbar_status", "2026-02-01", {"impaired": False})],
            True,
        ),
    ],
)
def test_bulbar_impaired_by_onset_or_latest_finding(
    onset: str, events: list[tuple[str, str, dict[str, Any]]], impaired: bool
) -> None:
    facts = life(*(event(kind, on, **data) for kind, on, data in events), onset_region=onset)

    assert bool(chart(facts, "2026-03-01").bulbar_impaired) is impaired


def test_bulbar_impaired_names_its_evidence() -> None:
    facts = life(
        event("bulbar_status", "2026-02-01", event_id="old", impaired=True),
        event("bulbar_status", "2026-02-02", event_id="status", impaired=True),
        event("swallow_screen", "2026-02-03", event_id="screen", positive=True),
    )

    assert chart(facts, "2026-03-01").bulbar_impaired.evidence == ("status", "screen")


@pytest.mark.parametrize(
    ("kg", "grams"),
    [(80, 80000), (79.2, 79200), (66.0004, 66000), (0, None), (-3, None), (1000, None), (None, None)],
)
def test_weights_compare_in_whole_grams(kg: float | None, grams: int | None) -> None:
    review = life(event("nutrition_review", "2026-02-01", weight_kg=kg)).events[0]

    assert weight_g(review) == grams


@pytest.mark.parametrize("value", [True, "80", None, float("nan"), float("inf"), float("-inf"), [80]])
def test_only_finite_numbers_are_numbers(value: object) -> None:
    assert number(value) is None


def test_weight_is_lost_from_the_recorded_baseline_else_from_the_first_weight() -> None:
    reviews = [
        event("nutrition_review", "2026-02-01", weight_kg=80),
        event("nutrition_review", "2026-03-01", weight_kg=72.001),
        event("nutrition_review", "2026-04-01", weight_kg=72),
    ]
    with_baseline = read(life(*reviews, baseline_weight_kg=90), day("2026-05-01"))
    without = read(life(*reviews), day("2026-05-01"))

    assert baseline_g(with_baseline) == 90_000
    assert baseline_g(without) == 80_000
    assert [each.value for each in weight_losses(with_baseline, 10)] == [80_000, 72_001, 72_000]
    assert [each.value for each in weight_losses(without, 10)] == [72_000]


def test_without_any_weight_nothing_is_lost() -> None:
    assert weight_losses(read(life(), day("2026-05-01")), 5) == []
