"""What happens to work and alerts that are open when a setting changes."""

from typing import Any

import pytest

from alerts.services.sweep import sweep
from pathway.chart import Chart
from pathway.due import Evaluation
from pathway.engine import evaluate
from pathway.settings import COMMON, ClinicSettings
from patients.models import Patient
from patients.services import mark_entered_in_error, record_decline
from teams.models import User
from tests.factories import a_clinic, a_patient
from tests.worklist.records import at, columns, day, episodes, moment, requested, reviewed, task, tasks
from tests.worklist.rule_settings.changes import patient_now, put_in_force
from worklist.models import CareTask, RuleRun, RuleSetting, SettingState
from worklist.selectors.recorded import chart_of, recorded_about
from worklist.services.rule_settings import (
    activate_setting,
    draft_setting,
)
from worklist.services.runs import work_off

pytestmark = pytest.mark.django_db


def test_an_overdue_alert_closes_for_the_setting_and_the_work_waits_for_its_new_day(
    patient: Patient, lead: User
) -> None:
    with at("2026-04-10"):
        sweep()
        put_in_force(patient, lead, parameters={"initial_days": 90})
        work_off()

    first, second = tasks(patient)
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-02", "2026-04-10", "setting_changed")]
    assert first.close_reason == "setting_changed"
    assert (first.rule_version, first.setting_version) == (1, 0)
    assert (second.due_on, second.setting_version, second.closed_at) == (day("2026-05-31"), 1, None)
    assert patient_now(patient).settings_revision == 1


def test_work_that_is_late_by_the_new_number_is_late_from_the_day_of_the_change(
    patient: Patient, lead: User
) -> None:
    with at("2026-03-20"):
        sweep()
        put_in_force(patient, lead, parameters={"initial_days": 7})
        work_off()

    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-03-20", None, "")]
    assert task(patient).due_on == day("2026-03-09")


def test_workers_that_come_days_later_give_the_same_alerts(patient: Patient, lead: User) -> None:
    with at("2026-03-20"):
        put_in_force(patient, lead, parameters={"initial_days": 7})
    with at("2026-03-24"):
        work_off()

    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-03-20", None, "")]


def test_a_review_logged_before_the_workers_come_is_judged_from_the_day_of_the_change(
    patient: Patient, lead: User
) -> None:
    with at("2026-03-20"):
        put_in_force(patient, lead, parameters={"initial_days": 7})
    with at("2026-03-24"):
        reviewed(patient, "2026-03-24")
    with at("2026-03-25"):
        work_off()

    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-03-20", "2026-03-24", "satisfied")]


def test_two_changes_of_different_days_count_each_from_its_day(patient: Patient, lead: User) -> None:
    with at("2026-03-20"):
        put_in_force(patient, lead, parameters={"initial_days": 7})
    with at("2026-03-22"):
        seen = RuleSetting.objects.count()
        made = draft_setting(clinic=patient.clinic, rule="NUTR-3M", user=lead, seen=seen)
        RuleRun.objects.filter(setting=made).update(finished_at=moment("2026-03-22"))
        activate_setting(clinic=patient.clinic, rule="NUTR-3M", version=2, user=lead, why="Back again.")
    with at("2026-03-24"):
        work_off()

    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-03-20", "2026-03-22", "setting_changed")]
    assert [each.version for each in RuleSetting.objects.filter(state=SettingState.ACTIVE)] == [2]


def test_a_day_gone_by_is_judged_under_the_settings_of_that_day(patient: Patient, lead: User) -> None:
    """The offer of 10 Jul comes before the change of 20 Jul; nobody looked until 24 Jul."""
    with at("2026-04-10"):
        sweep()
        record_decline(patient_id=patient.pk, user=None, topic="nutrition_review", on=day("2026-04-10"))
    with at("2026-07-20"):
        put_in_force(patient, lead, enabled=False)
    with at("2026-07-24"):
        sweep()

    assert episodes(patient, "NUTR-3M") == [
        ("NUTR-3M", "2026-04-02", "2026-04-10", "declined"),
        ("NUTR-3M", "2026-07-10", "2026-07-20", "rule_off"),
    ]


def test_a_rule_switched_off_closes_its_work_and_comes_back_when_switched_on(
    patient: Patient, lead: User
) -> None:
    with at("2026-04-10"):
        sweep()
        put_in_force(patient, lead, enabled=False)
        work_off()
    assert not CareTask.objects.filter(patient=patient, rule="NUTR-3M", closed_at=None).exists()
    with at("2026-04-20"):
        put_in_force(patient, lead)
        work_off()

    assert episodes(patient, "NUTR-3M") == [
        ("NUTR-3M", "2026-04-02", "2026-04-10", "rule_off"),
        ("NUTR-3M", "2026-04-20", None, ""),
    ]


def test_another_owner_and_severity_move_the_open_work_and_keep_its_alert(
    patient: Patient, lead: User
) -> None:
    with at("2026-04-10"):
        sweep()
        put_in_force(patient, lead, owner="coordinator", severities={"attention": "urgent"})
        work_off()

    moved = task(patient)
    assert (moved.discipline_id, moved.severity, moved.setting_version) == (None, 2, 1)
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-02", None, "")]


def test_work_recorded_together_with_a_change_closes_as_recorded(patient: Patient, lead: User) -> None:
    with at("2026-04-10"):
        sweep()
        put_in_force(patient, lead, parameters={"interval_months": 4})
        reviewed(patient, "2026-04-10")

    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-02", "2026-04-10", "satisfied")]
    assert task(patient).due_on == day("2026-08-10")


def test_something_else_recorded_together_with_a_change_leaves_the_change_as_the_reason(
    patient: Patient, lead: User
) -> None:
    with at("2026-04-10"):
        sweep()
        put_in_force(patient, lead, parameters={"initial_days": 90})
        requested(patient, "2026-04-10")

    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-02", "2026-04-10", "setting_changed")]


def test_a_mistake_marked_after_a_change_closes_as_a_mistake(patient: Patient, lead: User) -> None:
    with at("2026-03-10"):
        request = requested(patient, "2026-03-10")
        put_in_force(patient, lead, "EQ-AGE", parameters={"by_item": {"suction": 3}})
        mark_entered_in_error(fact=request, user=None, reason="Another person.")

    assert {each.close_reason for each in tasks(patient, "EQ-AGE")} == {"voided"}


def test_the_common_terms_change_when_an_offer_comes_back(patient: Patient, lead: User) -> None:
    with at("2026-04-10"):
        sweep()
        record_decline(patient_id=patient.pk, user=None, topic="nutrition_review", on=day("2026-04-10"))
        put_in_force(patient, lead, COMMON, parameters={"reoffer_months": {"nutrition_review": 1}})
        work_off()
    assert patient_now(patient).look_again_at == moment("2026-05-10 00:00")
    with at("2026-05-10"):
        sweep()
    assert episodes(patient, "NUTR-3M")[-1] == ("NUTR-3M", "2026-05-10", None, "")


def test_the_patient_page_offers_again_when_the_rules_do(patient: Patient, lead: User) -> None:
    with at("2026-04-10"):
        record_decline(patient_id=patient.pk, user=None, topic="nutrition_review", on=day("2026-04-10"))
        shipped = chart_of(patient, recorded_about(patient)).look_again_on
        put_in_force(patient, lead, COMMON, parameters={"reoffer_months": {"nutrition_review": 1}})
        changed = chart_of(patient, recorded_about(patient)).look_again_on

    assert (shipped, changed) == (day("2026-07-10"), day("2026-05-10"))


def test_only_the_touched_rules_are_judged(patient: Patient, lead: User, monkeypatch: Any) -> None:
    asked: list[Any] = []

    def watched(chart: Chart, settings: ClinicSettings, only: Any) -> Evaluation:
        asked.append(only)
        return evaluate(chart, settings, only=only)

    monkeypatch.setattr("worklist.services.reconcile.evaluate", watched)
    with at("2026-03-05"):
        put_in_force(patient, lead, parameters={"initial_days": 90})
        before = columns(task(patient, "PALL-REF"))
        work_off()

    assert asked == [{"NUTR-3M"}]
    assert columns(task(patient, "PALL-REF")) == before


def test_closed_alerts_stay_as_they_were(patient: Patient, lead: User) -> None:
    with at("2026-04-10"):
        sweep()
        reviewed(patient, "2026-04-10")
    closed = tasks(patient)[0]
    before = columns(closed)
    with at("2026-05-04"):
        put_in_force(patient, lead, parameters={"initial_days": 90, "interval_months": 6})
        work_off()

    assert columns(closed) == before
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-02", "2026-04-10", "satisfied")]


def test_other_clinics_are_left_alone(patient: Patient, lead: User) -> None:
    with at("2026-03-05"):
        other = a_patient(a_clinic())
        before = columns(task(other))
        put_in_force(patient, lead, parameters={"initial_days": 90})
        work_off()

    assert columns(task(other)) == before
    assert patient_now(other).settings_revision == 0


def test_somebody_who_joins_later_is_judged_under_what_is_in_force_from_their_first_day(
    patient: Patient, lead: User
) -> None:
    with at("2026-03-05"):
        put_in_force(patient, lead, parameters={"initial_days": 7})
        work_off()
    with at("2026-06-01"):
        new = a_patient(patient.clinic, enrolled_on=day("2026-06-01"))
    assert task(new).due_on == day("2026-06-08")
    assert (task(new).setting_version, patient_now(new).settings_revision) == (1, 1)
