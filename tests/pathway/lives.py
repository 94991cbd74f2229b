"""Random lives for property tests, in the form of a timelines file."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

START = date(2024, 1, 15)
"""Six weeks before a leap day, so that month ends of every kind fall into a life."""

LENGTH = 260

TOPICS = ("nutrition_review", "palliative", "vfss")
ITEMS = ("power_wheelchair", "suction", "walker", "aac_device", "cushion")
STAGES = (
    "documented",
    "submitted",
    "approved",
    "ordered",
    "denied",
    "appealed",
    "delivered",
    "in_use",
    "cancelled",
    "transferred",
)
STATUSES = ("active", "active", "active", "hospice", "discharged", "deceased")


def _iso(offset: int) -> str:
    return (START + timedelta(days=offset)).isoformat()


def _kind(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(kind), st.fixed_dictionaries(fields))


_days = st.integers(-20, LENGTH)
_dates = _days.map(_iso)
_topics = st.sampled_from(TOPICS)
_requests = st.sampled_from(("Q1", "Q2"))
_referrals = st.sampled_from(("R1", "R2"))
_updated = st.sampled_from(("R1", "R1", "R2", "R3"))

_facts = st.one_of(
    _kind("nutrition_review", weight_kg=st.sampled_from((None, 70, 68.5))),
    _kind("nutrition_review", weight_kg=st.none(), weight_unobtainable=st.booleans()),
    _kind("decline", topic=_topics, reoffer_on=st.none() | _dates, permanent=st.booleans()),
    _kind("decline", topic=_topics),
    _kind("withdraw_decline", topic=_topics),
    _kind("deferral", topic=_topics, until=_dates, reason=st.just("inpatient")),
    _kind("withdraw_deferral", topic=_topics),
    _kind("status_change", status=st.sampled_from(STATUSES)),
    _kind("referral", id=_referrals, discipline=st.just("palliative_care")),
    _kind("referral", id=st.just("R3"), discipline=st.just("nutrition")),
    _kind("referral_update", id=_updated, status=st.sampled_from(("seen", "cancelled", "cancelled"))),
    _kind("referral_update", id=_updated, status=st.just("scheduled"), appointment_on=st.none() | _dates),
    _kind("equipment_request", id=_requests, item=st.sampled_from(ITEMS)),
    _kind("equipment_request", id=_requests, item=st.sampled_from(ITEMS)),
    _kind("equipment_status", id=_requests, status=st.sampled_from(STAGES)),
    _kind("equipment_status", id=_requests, status=st.sampled_from(STAGES)),
    _kind("equipment_status", id=_requests, status=st.sampled_from(STAGES)),
    _kind("equipment_contact", id=_requests),
    _kind("void", ref=st.integers(0, 30).map(lambda number: f"e{number}")),
)

_delays = st.sampled_from((None, None, None, 0, 1, 9, 35, -12))
"""Days from happening to being recorded; below zero for something dated ahead."""


@st.composite
def events(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to 30 events in any order, some entered late, ahead, or voided."""
    raws = []
    for number in range(draw(st.integers(0, 10)) + draw(st.integers(0, 20))):
        kind, data = draw(_facts)
        on = draw(_days)
        raw: dict[str, Any] = {"id": f"e{number}", "type": kind, "date": _iso(on), "data": data}
        delay = draw(_delays)
        raws.append(raw if delay is None else {**raw, "recorded_on": _iso(on + delay)})
    return raws


@st.composite
def timelines(draw: st.DrawFn) -> dict[str, Any]:
    """A person with events, followed for most of a year."""
    return {
        "id": "random",
        "patient": {
            "enrolled_on": START.isoformat(),
            "diagnosis_date": draw(st.none() | st.integers(-60, 60).map(_iso)),
            "onset_region": draw(st.sampled_from(("bulbar", "lower_limb"))),
            "clinic_tz": "America/New_York",
            "baseline_weight_kg": None,
        },
        "as_of": _iso(LENGTH),
        "rules_in_scope": ["NUTR-3M", "PALL-REF", "EQ-STAGE", "EQ-AGE"],
        "events": draw(events()),
    }
