"""The day-by-day reading of the catalogue gives exactly the worked patients' alerts."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pathway import oracle

WORKED = json.loads((Path(__file__).parents[1] / "data" / "timelines.json").read_text())["timelines"]


@pytest.mark.parametrize("raw", WORKED, ids=lambda raw: raw["id"])
def test_worked_patient(raw: dict[str, Any]) -> None:
    scope = oracle.RULES if raw["rules_in_scope"] == "ALL" else raw["rules_in_scope"]
    expected = [
        tuple(alert[name] for name in ("rule", "subject", "opens_on", "closes_on"))
        for alert in raw["expected_alerts"]
    ]

    found = [
        (rule, subject, opens.isoformat(), closes and closes.isoformat())
        for rule, subject, opens, closes in oracle.alerts(raw)
        if rule in scope
    ]

    assert found == sorted(expected, key=lambda alert: (alert[2], alert[0], alert[1]))


def test_every_rule_of_the_catalogue_is_read() -> None:
    assert len(oracle.RULES) == 26
