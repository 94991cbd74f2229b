"""When non-invasive ventilation is indicated, under the clinic's own numbers as well."""

from typing import Any

import pytest

from pathway.respiratory import NivCriteria, first_niv_trigger, ventilation_arranged
from tests.pathway.build import Raw, chart, event, life

END = "2026-12-31"


def _assessment(on: str, fvc: object, event_id: str = "", **data: Any) -> Raw:
    return event("resp_assessment", on, event_id=event_id or None, fvc_pct=fvc, **data)


@pytest.mark.parametrize(
    ("criteria", "data", "because"),
    [
        (NivCriteria(fvc_lt=55), {"fvc": 55}, None),
        (NivCriteria(fvc_lt=55), {"fvc": 54.9}, "FVC below the limit"),
        (NivCriteria(fvc_lt_with_symptoms=70), {"fvc": 70, "symptoms": True}, None),
        (
            NivCriteria(fvc_lt_with_symptoms=70),
            {"fvc": 69.9, "symptoms": True},
            "FVC below the limit, with symptoms",
        ),
        (NivCriteria(sdb=False), {"fvc": 90, "sdb": True}, None),
        (NivCriteria(sdb=True), {"fvc": 90, "sdb": True}, "Sleep-disordered breathing"),
    ],
)
def test_the_clinics_numbers_count(criteria: NivCriteria, data: dict[str, Any], because: str | None) -> None:
    trigger = first_niv_trigger(chart(life(_assessment("2026-02-01", **data)), END), criteria)

    assert (trigger.because if trigger else None) == because


def test_the_first_assessment_that_met_the_criteria_is_named() -> None:
    facts = life(
        _assessment("2026-02-01", 80),
        _assessment("2026-03-01", None, "first", sdb=True),
        _assessment("2026-04-01", 40),
    )

    trigger = first_niv_trigger(chart(facts, END), NivCriteria())

    assert trigger is not None
    assert (trigger.event.id, trigger.because) == ("first", "Sleep-disordered breathing")


@pytest.mark.parametrize(
    ("events", "arranged"),
    [
        ([], False),
        ([event("equipment_request", "2026-02-01", id="B", item="bpap")], True),
        ([event("equipment_request", "2026-02-01", id="B", item="suction")], False),
        ([event("niv_start", "2026-02-01")], True),
        ([event("niv_start", "2026-02-01"), event("niv_stop", "2026-02-02")], False),
        ([event("tracheostomy", "2026-02-01")], True),
    ],
)
def test_what_counts_as_arranged(events: list[Raw], arranged: bool) -> None:
    assert ventilation_arranged(chart(life(*events), END)) is arranged
