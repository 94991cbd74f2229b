"""Drafting a setting, putting it in force, and what then happens to work that is open."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from alerts.services.sweep import sweep
from pathway.chart import Chart
from pathway.due import Evaluation
from pathway.engine import evaluate
from pathway.settings import COMMON, ClinicSettings
from patients.models import Patient
from patients.services import mark_entered_in_error, record_decline
from teams.models import Role, User
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, columns, day, episodes, moment, requested, reviewed, task, tasks
from worklist.models import CareTask, RuleRun, RuleSetting, RunKind, SettingState
from worklist.selectors.recorded import chart_of, recorded_about
from worklist.selectors.settings import settings_in_force, settings_of_clinic, settings_on
from worklist.services.rule_settings import (
    activate_setting,
    discard_draft,
    draft_setting,
    repeat_preview,
)
from worklist.services.runs import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    """Joined on 2 Mar 2026, so a first nutrition review is due on 1 Apr."""
    with at("2026-03-02"):
        return a_patient(a_clinic())


@pytest.fixture
def lead(patient: Patient) -> User:
    """Who changes settings."""
    return a_member(patient.clinic, role=Role.LEAD, name="Marcus Heron")


def draft(patient: Patient, lead: User, rule: str = "NUTR-3M", **values: Any) -> RuleSetting:
    """A draft on top of whatever there is."""
    seen = RuleSetting.objects.filter(clinic=patient.clinic, rule=rule).count()
    return draft_setting(clinic=patient.clinic, rule=rule, user=lead, seen=seen, **values)


def put_in_force(patient: Patient, lead: User, rule: str = "NUTR-3M", **values: Any) -> RuleSetting:
    """Draft, preview and put in force, without recalculating."""
    made = draft(patient, lead, rule, **values)
    work_off()
    return activate_setting(
        clinic=patient.clinic, rule=rule, version=made.version, user=lead, why="As agreed by the team."
    )


# --- drafts ----------------------------------------------------------------------------------------


def test_a_draft_keeps_what_differs_and_starts_its_preview(patient: Patient, lead: User) -> None:
    made = draft(
        patient,
        lead,
        parameters={"interval_months": 4, "grace_days": 0},
        owner="nutrition",
        severities={"attention": "attention", "urgent": "critical"},
    )

    assert (made.version, made.state, made.revision) == (1, SettingState.DRAFT, None)
    assert made.parameters == {"interval_months": 4}
    assert (made.owner, made.severities) == ("", {"urgent": "critical"})
    run = RuleRun.objects.get(setting=made)
    assert (run.kind, run.total, run.rules) == (RunKind.PREVIEW, 1, ["NUTR-3M"])
    assert settings_of_clinic(patient.clinic_id).setting("NUTR-3M").version == 0


def test_numbers_by_item_keep_the_items_that_differ(patient: Patient, lead: User) -> None:
    made = draft(patient, lead, "EQ-AGE", parameters={"by_item": {"suction": 3, "bpap": 7}, "default": 30})

    assert made.parameters == {"by_item": {"suction": 3}}


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"parameters": {"interval_months": 99}}, {"interval_months"}),
        ({"owner": "radiology"}, {"owner"}),
        ({"severities": {"attention": "dire"}}, {"severities__attention"}),
        ({"severities": {"critical": "urgent"}}, {"severities__critical"}),
    ],
)
def test_what_may_not_be_set_is_said_by_field(
    patient: Patient, lead: User, values: dict[str, Any], errors: set[str]
) -> None:
    with pytest.raises(ValidationError) as refused:
        draft(patient, lead, **values)

    assert set(refused.value.message_dict) == errors
    assert not RuleSetting.objects.exists()


def test_a_draft_that_changes_nothing_is_refused(patient: Patient, lead: User) -> None:
    with pytest.raises(ValidationError, match="how the rule is set now"):
        draft(patient, lead, parameters={"interval_months": 3})
    put_in_force(patient, lead, parameters={"interval_months": 4})
    with pytest.raises(ValidationError, match="how the rule is set now"):
        draft(patient, lead, parameters={"interval_months": 4})
    assert draft(patient, lead).version == 2  # back to the rule as shipped


def test_the_second_of_two_people_is_told(patient: Patient, lead: User) -> None:
    draft(patient, lead, parameters={"interval_months": 4})

    with pytest.raises(ValidationError, match="meanwhile"):
        draft_setting(
            clinic=patient.clinic, rule="NUTR-3M", user=lead, seen=0, parameters={"interval_months": 2}
        )


def test_a_later_draft_takes_the_place_of_an_earlier_one(patient: Patient, lead: User) -> None:
    first = draft(patient, lead, parameters={"interval_months": 4})
    second = draft(patient, lead, parameters={"interval_months": 5})

    first.refresh_from_db()
    assert (first.state, second.state, second.version) == (SettingState.SUPERSEDED, SettingState.DRAFT, 2)
    assert [run.setting for run in RuleRun.objects.all()] == [second]


def test_a_draft_given_up_is_gone(patient: Patient, lead: User) -> None:
    made = draft(patient, lead, parameters={"interval_months": 4})

    discard_draft(clinic=patient.clinic, rule="NUTR-3M", version=made.version)

    assert not RuleRun.objects.exists()
    with pytest.raises(ValidationError, match="meanwhile"):
        repeat_preview(clinic=patient.clinic, rule="NUTR-3M", version=made.version)


# --- putting in force ------------------------------------------------------------------------------


def test_it_takes_a_reason_and_a_finished_preview(patient: Patient, lead: User) -> None:
    made = draft(patient, lead, parameters={"interval_months": 4})
    asked: dict[str, Any] = {
        "clinic": patient.clinic,
        "rule": "NUTR-3M",
        "version": made.version,
        "user": lead,
    }

    with pytest.raises(ValidationError, match="Say why"):
        activate_setting(**asked, why=" ")
    with pytest.raises(ValidationError, match="preview is not finished"):
        activate_setting(**asked, why="Agreed.")
    work_off()
    with at("2026-05-04 23:30"):
        active = activate_setting(**asked, why=" Agreed. ")

    assert (active.state, active.revision, active.why) == (SettingState.ACTIVE, 1, "Agreed.")
    assert (active.activated_by, active.activated_on) == (lead, day("2026-05-04"))
    with pytest.raises(ValidationError, match="meanwhile"):
        activate_setting(**asked, why="Agreed.")


def test_one_version_is_in_force_and_the_earlier_ones_are_kept(patient: Patient, lead: User) -> None:
    put_in_force(patient, lead, parameters={"interval_months": 4})
    put_in_force(patient, lead, "PALL-REF", parameters={"window_days": 14})
    put_in_force(patient, lead, parameters={"interval_months": 2})

    kept = RuleSetting.objects.order_by("revision").values_list("rule", "version", "revision", "state")
    assert list(kept) == [
        ("NUTR-3M", 1, 1, "superseded"),
        ("PALL-REF", 1, 2, "active"),
        ("NUTR-3M", 2, 3, "active"),
    ]
    in_force = settings_of_clinic(patient.clinic_id)
    assert in_force.setting("NUTR-3M").parameters == {"interval_months": 2}


def test_the_database_keeps_the_history(patient: Patient, lead: User) -> None:
    kept = put_in_force(patient, lead, parameters={"interval_months": 4})
    rows = RuleSetting.objects.filter(pk=kept.pk)

    changes: list[dict[str, Any]] = [
        {"parameters": {}},
        {"enabled": False},
        {"owner": "neurology"},
        {"version": 7},
    ]
    for change in changes:
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            rows.update(**change)
    RuleRun.objects.all().delete()
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        rows.delete()
    copy = RuleSetting(
        clinic=patient.clinic,
        rule="NUTR-3M",
        version=2,
        state=SettingState.ACTIVE,
        drafted_at=kept.drafted_at,
        drafted_by=lead,
        revision=2,
        activated_on=day("2026-05-04"),
        why="Twice.",
    )
    with pytest.raises(IntegrityError, match="one_active_setting"), transaction.atomic():
        copy.save()


# --- what it does to work --------------------------------------------------------------------------


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


def test_settings_are_read_by_one_query_however_many_clinics(patient: Patient, lead: User) -> None:
    put_in_force(patient, lead, parameters={"initial_days": 90})
    clinics = [patient.clinic_id, *(a_clinic().pk for _ in range(3))]

    with CaptureQueriesContext(connection) as queries:
        found = settings_in_force(clinics)
    assert len(queries) == 1
    assert [found[clinic].revision for clinic in clinics] == [1, 0, 0, 0]
    with CaptureQueriesContext(connection) as queries:
        settings_on(day("2026-03-01"), clinics)
    assert len(queries) == 1


def patient_now(patient: Patient) -> Patient:
    """The patient as stored."""
    return Patient.objects.get(pk=patient.pk)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    """Where a test sets no day of its own."""
    with at("2026-03-05"):
        yield


def test_the_patient_page_offers_again_when_the_rules_do(patient: Patient, lead: User) -> None:
    with at("2026-04-10"):
        record_decline(patient_id=patient.pk, user=None, topic="nutrition_review", on=day("2026-04-10"))
        shipped = chart_of(patient, recorded_about(patient)).look_again_on
        put_in_force(patient, lead, COMMON, parameters={"reoffer_months": {"nutrition_review": 1}})
        changed = chart_of(patient, recorded_about(patient)).look_again_on

    assert (shipped, changed) == (day("2026-07-10"), day("2026-05-10"))
