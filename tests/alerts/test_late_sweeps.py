"""Random lives with a beat that fails: sweeps at random, or none until the last day, give the same alerts."""

import random
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.services.sweep import sweep
from exchange.replay import through_rules
from exchange.services.replaying import _Life
from pathway import clock
from pathway.timeline import parse
from patients.models import Patient
from tests.pathway.build import USUAL
from tests.pathway.lives import life, timelines
from worklist.models import CareTask
from worklist.selectors.tasks import Horizon, counts, within
from worklist.services.reconcile import reconcile

pytestmark = pytest.mark.django_db


class LateLife(_Life):
    """A life in which the sweep runs on a day of recording with probability ``often``, and at the end."""

    often = 0.0
    dice = random.Random(0)

    def live(self) -> None:
        """Record each day's events at noon."""
        as_of = self.timeline.as_of
        with clock.set_to(self._at(self.timeline.facts.enrolled_on, 0, 1)):
            self._join()
            sweep()  # a diagnosis to come is known from the first day on
        for day, events in self._by_day().items():
            if self.dice.random() < self.often:
                with clock.set_to(self._at(day, 0, 5)):
                    sweep()
            for minutes, event in enumerate(events):
                with clock.set_to(self._at(day, 12, minutes)):
                    self._record(event)
        with clock.set_to(self._at(as_of, 23, 0)):
            sweep()
            self.compare_lists(as_of)
            self.compare_with_a_fresh_start()

    def compare_with_a_fresh_start(self) -> None:
        """Judging the chart once from nothing gives the work that grew step by step."""
        grown = self.work()
        with transaction.atomic():
            CareTask.objects.filter(closed_at=None).update(
                closed_at=clock.now(), closed_on=self.timeline.as_of, close_reason="done", wake_at=None
            )
            patient = Patient.objects.select_related("clinic").get(pk=self.patient.pk)
            patient.look_again_at = None
            reconcile(patients=[patient])
            fresh = self.work()
            transaction.set_rollback(True)
        assert grown == fresh

    def work(self) -> list[tuple[Any, ...]]:
        """The open work of rules, with everything that the rules say of it."""
        columns = ("rule", "subject", "due_on", "overdue_on", "severity", "rises", "discipline", "evidence")
        rows = CareTask.objects.filter(patient=self.patient, closed_at__isnull=True).exclude(rule="")
        return sorted(rows.values_list(*columns), key=str)

    def compare_lists(self, today: date) -> None:
        """The number under each tab is the length of its list."""
        tasks = CareTask.objects.filter(patient=self.patient, closed_at__isnull=True)
        rows = {
            horizon: len(
                {
                    task.subject if task.rule.startswith("EQ-") else str(task.pk)
                    for task in tasks.filter(within(horizon, today=today))
                }
            )
            for horizon in Horizon
        }
        assert counts(tasks, today=today) == rows


def live_late(one: dict[str, Any], *, often: float, seed: int) -> LateLife:
    """Live a life with few sweeps; everything is rolled back."""
    late = LateLife(parse(one), one["patient"]["clinic_tz"])
    late.often, late.dice = often, random.Random(seed)
    late.live()
    return late


def agree(one: dict[str, Any], often: float, seed: int, seen: Counter[str]) -> None:
    """What the services accepted gives the rules' answer, however rarely the sweep ran."""
    with transaction.atomic():
        late = live_late(one, often=often, seed=seed)
        found = late.alerts()
        transaction.set_rollback(True)
    refused = {each["id"] for each in late.refused}
    kept = [
        event
        for event in one["events"]
        if event["id"] not in refused and event["type"] not in late.not_recorded
    ]
    assert found == through_rules({**one, "events": kept})["alerts"]
    seen.update(str(alert["rule"]) for alert in found)


def test_rare_sweeps_give_the_same_alerts() -> None:
    """In the first thirty lives every rule opens."""
    seen: Counter[str] = Counter()

    for number in range(30):
        agree(life(number), often=0.3 * (number % 2), seed=number, seen=seen)

    assert set(seen) == USUAL


@pytest.mark.full
def test_rare_sweeps_give_the_same_alerts_many_times() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
    @given(timelines(), st.sampled_from((0.0, 0.3)), st.integers(0, 1000))
    def run(one: dict[str, Any], often: float, seed: int) -> None:
        agree(one, often, seed, seen)

    run()
    assert set(seen) == USUAL
