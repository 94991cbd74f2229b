"""An upgrade that brings a rule: nobody has to touch a chart for its work to appear."""

import pytest
from django.core.management import call_command

from alerts.services.sweep import sweep
from tests.factories import a_clinic, a_patient
from tests.worklist.records import at, columns, episodes, task
from worklist.models import CareTask

pytestmark = pytest.mark.django_db


def test_work_of_a_new_rule_opens_on_the_day_it_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    with at("2026-03-02"):
        patient = a_patient(a_clinic())
        CareTask.objects.filter(rule="NUTR-3M").delete()  # as before there was such a rule
    with at("2026-04-20"):
        sweep()
        call_command("judge_again")
        sweep()

    assert capsys.readouterr().out == "1 charts will be judged again by the next sweeps.\n"
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-20", None, "")]
    assert episodes(patient, "TEAM-GAP") == [("TEAM-GAP", "2026-04-02", None, "")]


def test_judging_again_for_nothing_changes_nothing() -> None:
    with at("2026-03-02"):
        patient = a_patient(a_clinic())
    with at("2026-04-20"):
        sweep()
        before = [columns(each) for each in patient.care_tasks.order_by("pk")]
        call_command("judge_again", verbosity=0)
        sweep()

    assert [columns(each) for each in patient.care_tasks.order_by("pk")] == before
    assert task(patient).closed_at is None
