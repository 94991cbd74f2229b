"""Runs over a clinic's patients: batches, progress, workers that die, patients that are held."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from assessments.models import Assessment
from pathway import clock
from patients.models import Patient
from teams.models import Clinic, Role
from tests.factories import a_clinic, a_member, a_patient
from tests.seeds import put_back
from tests.worklist.records import at, moment, reviewed
from worklist.models import CareTask, RuleRun, RunBatch, RunKind
from worklist.selectors.events import facts_of
from worklist.selectors.runs import progress_of
from worklist.services import runs
from worklist.services.rule_settings import activate_setting, draft_setting
from worklist.services.runs import work_off

PEOPLE = 25


@pytest.fixture
def clinic(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A clinic of 25 people in which NUTR-3M was just given 90 days, in batches of ten."""
    put_back()
    monkeypatch.setattr(runs, "SIZES", dict.fromkeys(RunKind, 10))
    with at("2026-03-02"):
        clinic = a_clinic()
        lead = a_member(clinic, role=Role.LEAD)
        for _number in range(PEOPLE):
            a_patient(clinic)
        draft_setting(clinic=clinic, rule="NUTR-3M", user=lead, seen=0, parameters={"initial_days": 90})
        work_off()
        activate_setting(clinic=clinic, rule="NUTR-3M", version=1, user=lead, why="Agreed.")
        yield clinic


def run_of(clinic: Clinic) -> RuleRun:
    """The recalculation."""
    return RuleRun.objects.get(clinic=clinic, kind=RunKind.RECALCULATION)


def moved(clinic: Clinic) -> int:
    """How many open reviews have their new day."""
    return CareTask.objects.filter(
        clinic=clinic, rule="NUTR-3M", closed_at=None, due_on=moment("2026-05-31").date()
    ).count()


@pytest.mark.django_db
def test_a_run_is_done_batch_by_batch_with_progress_to_see(clinic: Clinic) -> None:
    before = progress_of(run_of(clinic))
    done = work_off()
    after = progress_of(run_of(clinic))

    assert (before.done, before.total, before.is_finished) == (0, PEOPLE, False)
    assert done == 3
    assert (after.done, after.total, after.is_finished) == (PEOPLE, PEOPLE, True)
    run = run_of(clinic)
    assert run.started_at == run.finished_at == clock.now()
    assert moved(clinic) == PEOPLE
    assert work_off() == 0


@pytest.mark.django_db
def test_a_worker_that_dies_leaves_its_batch_to_the_next(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0
    real = facts_of

    def dies_in_the_second_batch(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise SystemExit
        return real(*given)

    monkeypatch.setattr("worklist.services.recalculate.facts_of", dies_in_the_second_batch)
    with pytest.raises(SystemExit):
        work_off()
    half = progress_of(run_of(clinic))
    assert (half.done, half.is_finished, moved(clinic)) == (10, False, 10)

    work_off()

    assert progress_of(run_of(clinic)).is_finished
    assert moved(clinic) == PEOPLE


@pytest.mark.django_db
def test_time_runs_out_and_the_next_round_goes_on(clinic: Clinic) -> None:
    assert work_off(seconds=0) == 0
    assert not progress_of(run_of(clinic)).is_finished
    assert work_off() == 3


@pytest.mark.django_db
def test_one_patient_that_fails_does_not_hold_up_the_others(clinic: Clinic) -> None:
    broken = Patient.objects.filter(clinic=clinic).order_by("pk")[3]
    reviewed(broken, "2026-03-02")
    Patient.objects.filter(pk=broken.pk).update(settings_revision=0)
    Assessment.objects.update(findings={"from_a_newer_release": 1})

    work_off()

    broken.refresh_from_db()
    assert progress_of(run_of(clinic)).is_finished
    assert moved(clinic) == PEOPLE - 1
    assert broken.is_recalculating  # the sweep tries again


@pytest.mark.django_db
def test_an_empty_clinic_is_done_at_once() -> None:
    with at("2026-03-02"):
        clinic = a_clinic()
        lead = a_member(clinic, role=Role.LEAD)
        draft_setting(clinic=clinic, rule="NUTR-3M", user=lead, seen=0, enabled=False)
        activate_setting(clinic=clinic, rule="NUTR-3M", version=1, user=lead, why="Agreed.")

    assert progress_of(run_of(clinic)).is_finished


@contextmanager
def elsewhere(action: Any) -> Iterator[None]:
    """Run ``action`` in a thread with a connection of its own, in a transaction held for the block."""
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                action()
                begun.set()
                over.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert begun.wait(30)
    yield
    over.set()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_patients_that_somebody_holds_are_done_in_the_next_round(clinic: Clinic) -> None:
    held = Patient.objects.filter(clinic=clinic).order_by("pk")[2:5]
    ids = [patient.pk for patient in held]
    with elsewhere(lambda: list(Patient.objects.filter(pk__in=ids).select_for_update())):
        work_off()
        first = progress_of(run_of(clinic))
        again = work_off()
    work_off()

    assert (first.done, first.total, first.is_finished) == (PEOPLE - 3, PEOPLE, False)
    assert again == 1  # it looked, and put them off again
    assert progress_of(run_of(clinic)).is_finished
    assert moved(clinic) == PEOPLE


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_another_worker_has_is_left_to_it(clinic: Clinic) -> None:
    first = RunBatch.objects.filter(run__kind=RunKind.RECALCULATION).order_by("pk")[:1]
    ids = [batch.pk for batch in first]
    with elsewhere(lambda: list(RunBatch.objects.filter(pk__in=ids).select_for_update())):
        assert work_off() == 2
        assert progress_of(run_of(clinic)).done == PEOPLE - 10
    assert work_off() == 1
    assert progress_of(run_of(clinic)).is_finished


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_do_each_batch_once(clinic: Clinic) -> None:
    done: list[int] = []

    def work() -> None:
        try:
            done.append(work_off())
        finally:
            connection.close()

    with clock.set_to(clock.now()):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    work_off()

    assert sum(done) == 3
    assert progress_of(run_of(clinic)).is_finished
    assert Patient.objects.filter(clinic=clinic, settings_revision=1).count() == PEOPLE
    assert CareTask.objects.filter(clinic=clinic, rule="NUTR-3M", closed_at=None).count() == PEOPLE
