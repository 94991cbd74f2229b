"""A well-run clinic is not flooded: how many alerts its records give, and how many stand open."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest

from exchange.burden import Burden, burden
from exchange.services.burden import burden_of_clinic
from exchange.services.cohort import seed_cohort
from pathway import clock
from pathway.registry import rules
from pathway.timeline import parse_facts
from teams.models import Clinic, Membership
from worklist.selectors.tasks import Horizon, counts, tasks_of_member

TODAY = date(2026, 6, 1)


@pytest.fixture
def clinic(db: None) -> Iterator[Clinic]:
    """A hundred people, with somebody in every seat, at noon of today."""
    clinic = seed_cohort(name="Well run", patients=100, seed=1, as_of=TODAY, with_staff=True)
    with clock.set_to(clinic.start_of(TODAY) + timedelta(hours=12)):
        yield clinic


def test_a_well_run_clinic_gets_few_alerts_of_most_rules(clinic: Clinic) -> None:
    found = burden_of_clinic(clinic=clinic)

    assert found.people == 100
    assert 0.2 < found.all_a_month <= 2
    assert len(found.opened) >= 20
    assert max(found.a_month(rule) for rule in rules()) <= 0.3


def test_nobody_has_more_than_fifteen_items_in_view(clinic: Clinic) -> None:
    overdue = {
        member.user.name: counts(tasks_of_member(membership=member), today=TODAY)[Horizon.OVERDUE]
        for member in Membership.objects.filter(clinic=clinic)
    }

    assert 0 < max(overdue.values()) <= 15
    assert len(overdue) == 10


def counted(*events: Mapping[str, object]) -> Burden:
    patient = {"enrolled_on": "2025-01-10", "diagnosis_date": "2025-01-01"}
    return burden([parse_facts(patient, events)], date(2025, 12, 31), span=timedelta(days=200))


def test_alerts_open_before_the_span_are_open_and_not_new() -> None:
    found = counted({"type": "clinic_visit", "date": "2025-07-01"})

    assert (found.opened["MDT-VISIT"], found.open["MDT-VISIT"]) == (1, 1)  # 15 October on
    assert (found.opened["NUTR-3M"], found.open["NUTR-3M"]) == (0, 1)  # since February
    assert found.owned["coordinator"] == 2  # the visit and the team
    assert found.as_dict()["rules"]["MDT-VISIT"]["open"] == 1


def test_only_days_in_care_count() -> None:
    ends = {"type": "status_change", "date": "2025-12-01", "data": {"status": "deceased"}}

    assert (counted().days, counted(ends).days) == (200, 169)
