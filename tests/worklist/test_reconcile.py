"""From facts to care tasks: what opens, moves and closes, and with which reason."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.services.sweep import sweep
from assessments.services import log_assessment
from patients.models import DeferralEnd, Patient
from patients.services import (
    assign_care_team,
    change_status,
    end_assignment,
    end_deferral,
    mark_entered_in_error,
    record_decline,
    record_deferral,
    take_back_error_mark,
    withdraw_decline,
)
from referrals.services import place_referral
from teams.models import Discipline
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, columns, day, episodes, moment, requested, reviewed, task, tasks
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import assign_task, plan_task
from worklist.services.reconcile import reconcile_stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    """Joined on 2 Mar 2026, so a first nutrition review is due on 1 Apr."""
    with at("2026-03-02"):
        return a_patient(a_clinic())


def test_joining_opens_the_first_work(patient: Patient) -> None:
    nutrition = task(patient)
    assert nutrition.due_on == day("2026-04-01")
    assert nutrition.overdue_on == day("2026-04-02")
    assert nutrition.alert_at == nutrition.wake_at == moment("2026-04-02 00:00")
    assert nutrition.severity == Severity.ATTENTION
    assert nutrition.rises_at == moment("2026-04-15 00:00")
    assert nutrition.discipline_id == "nutrition"
    assert nutrition.owner is None
    assert [each.rule for each in patient.care_tasks.order_by("rule")] == [
        "COG-SCREEN",
        "EOL-TALK",
        "MDT-VISIT",
        "NUTR-3M",
        "PALL-REF",
        "RESP-3M",
        "TEAM-GAP",
    ]
    assert not patient.care_tasks.filter(closed_at__isnull=False).exists()


def test_work_recorded_closes_its_task_and_opens_the_next(patient: Patient) -> None:
    nadia = a_member(patient.clinic, "nutrition")
    with at("2026-03-20"):
        reviewed(patient, "2026-03-19", user=nadia)
    first, second = tasks(patient)
    assert (first.close_reason, first.closed_on, first.closed_by) == ("satisfied", day("2026-03-20"), nadia)
    assert first.wake_at is None
    assert first.rises_at is None
    assert (second.due_on, second.closed_at) == (day("2026-06-19"), None)


def test_work_recorded_closes_its_alert_on_the_day_it_is_recorded(patient: Patient) -> None:
    with at("2026-04-10"):
        sweep()
        reviewed(patient, "2026-04-05")
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-02", "2026-04-10", "satisfied")]


def test_an_incomplete_review_moves_the_task_and_closes_nothing(patient: Patient) -> None:
    with at("2026-03-20"):
        reviewed(patient, "2026-03-20", grams=None)
    (only,) = tasks(patient)
    assert only.closed_at is None
    assert only.verb == "Add weight"
    assert only.due_on == day("2026-04-01")


def test_an_overdue_alert_that_is_still_overdue_by_another_fact_stays_one_alert(patient: Patient) -> None:
    with at("2026-08-10"):
        sweep()
        reviewed(patient, "2026-04-20")  # entered late: the next was due on 20 Jul
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-02", None, "")]
    assert task(patient).due_on == day("2026-07-20")


def test_a_trigger_entered_after_its_window_opens_on_the_day_it_is_recorded(patient: Patient) -> None:
    with at("2026-05-11"):
        requested(patient, "2026-04-01")
    assert ("EQ-STAGE", "2026-05-11", None, "") in episodes(patient)
    assert task(patient, "EQ-STAGE").overdue_on == day("2026-04-05")
    assert task(patient, "EQ-STAGE").alert_at == moment("2026-05-11 00:00")


def test_a_decline_closes_with_its_reason_and_the_offer_comes_back_on_its_day(patient: Patient) -> None:
    with at("2026-04-10"):
        sweep()
        record_decline(patient_id=patient.pk, user=None, topic="nutrition_review", on=day("2026-04-10"))
    assert tasks(patient)[-1].close_reason == "declined"
    patient.refresh_from_db()
    assert patient.look_again_at == moment("2026-07-10 00:00")
    with at("2026-07-10"):
        sweep()
    assert episodes(patient, "NUTR-3M") == [
        ("NUTR-3M", "2026-04-02", "2026-04-10", "declined"),
        ("NUTR-3M", "2026-07-10", None, ""),
    ]
    again = task(patient)
    assert again.offer_again is True
    assert (again.due_on, again.severity) == (day("2026-07-10"), Severity.ATTENTION)


def test_the_offer_opens_on_its_own_day_when_the_sweep_runs_days_late(patient: Patient) -> None:
    with at("2026-04-10"):
        record_decline(patient_id=patient.pk, user=None, topic="nutrition_review", on=day("2026-04-10"))
    with at("2026-07-24"):
        sweep()
    assert episodes(patient, "NUTR-3M") == [
        ("NUTR-3M", "2026-04-02", "2026-04-10", "declined"),
        ("NUTR-3M", "2026-07-10", None, ""),
    ]


def test_missed_days_are_judged_each_as_of_itself(patient: Patient) -> None:
    """Two declines end while nothing runs; what opened and closed between is not lost."""
    with at("2026-03-10"):
        topic = "nutrition_review"
        record_decline(
            patient_id=patient.pk, user=None, topic=topic, on=day("2026-03-10"), reoffer_on=day("2026-04-20")
        )
        record_deferral(
            patient_id=patient.pk,
            user=None,
            topic=topic,
            on=day("2026-03-10"),
            until=day("2026-05-04"),
            reason="inpatient",
        )
        change_status(patient_id=patient.pk, user=None, status="hospice", on=day("2026-03-10"))
    with at("2026-03-11"):
        change_status(patient_id=patient.pk, user=None, status="active", on=day("2026-03-11"))
    with at("2026-06-01"):
        reviewed(patient, "2026-06-01")
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-05-04", "2026-06-01", "satisfied")]


def test_a_missed_day_is_judged_with_what_still_stood_then(patient: Patient) -> None:
    """The death of 15 Apr stood on 20 Apr, when the offer came, and is voided on 30 Apr."""
    with at("2026-04-10"):
        sweep()
        record_decline(
            patient_id=patient.pk,
            user=None,
            topic="nutrition_review",
            on=day("2026-04-10"),
            reoffer_on=day("2026-04-20"),
        )
    with at("2026-04-15"):
        death = change_status(patient_id=patient.pk, user=None, status="deceased", on=day("2026-04-15"))
    with at("2026-04-30"):
        mark_entered_in_error(fact=death, user=None, reason="Another person.")
    assert episodes(patient, "NUTR-3M") == [
        ("NUTR-3M", "2026-04-02", "2026-04-10", "declined"),
        ("NUTR-3M", "2026-04-30", None, ""),
    ]


def test_alerts_missed_before_a_change_open_as_of_their_day_and_close_with_it(patient: Patient) -> None:
    """Nothing swept since 1 Apr: the review of 9 Apr closes an alert nobody had opened yet."""
    with at("2026-04-09"):
        reviewed(patient, "2026-04-09")
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-02", "2026-04-09", "satisfied")]


def test_work_done_on_its_first_overdue_day_leaves_no_alert(patient: Patient) -> None:
    with at("2026-04-02 11:00"):
        reviewed(patient, "2026-04-02")
    assert episodes(patient, "NUTR-3M") == []


def test_a_withdrawn_decline_is_judged_at_once(patient: Patient) -> None:
    with at("2026-03-10"):
        record_decline(
            patient_id=patient.pk, user=None, topic="nutrition_review", on=day("2026-03-10"), permanent=True
        )
    with at("2026-05-04"):
        withdraw_decline(patient_id=patient.pk, user=None, topic="nutrition_review", on=day("2026-05-04"))
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-05-04", None, "")]


def test_a_deferral_closes_as_deferred(patient: Patient) -> None:
    with at("2026-04-10"):
        sweep()
        record_deferral(
            patient_id=patient.pk,
            user=None,
            topic="nutrition_review",
            on=day("2026-04-10"),
            until=day("2026-05-01"),
            reason="travelling",
        )
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-02", "2026-04-10", "deferred")]


def deferred(patient: Patient, topic: str, on: str, until: str) -> None:
    record_deferral(
        patient_id=patient.pk, user=None, topic=topic, on=day(on), until=day(until), reason="inpatient"
    )


def ended_early(patient: Patient, topic: str, on: str) -> DeferralEnd:
    return end_deferral(patient_id=patient.pk, user=None, topic=topic, on=day(on))


def test_a_deferral_ended_early_is_judged_at_once_where_work_repeats(patient: Patient) -> None:
    with at("2026-03-10"):
        deferred(patient, "nutrition_review", "2026-03-10", "2026-06-01")
    with at("2026-05-04"):
        ended_early(patient, "nutrition_review", "2026-05-04")
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-05-04", None, "")]
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M", closed_at=None)
    assert (task.due_on, task.offer_again) == (day("2026-04-01"), False)
    assert [step["text"] for step in task.steps][-3:] == ["Deferred", "No longer deferred", "Overdue from"]


def test_a_deferral_ended_early_gives_a_full_window_where_the_rule_has_one(patient: Patient) -> None:
    with at("2026-03-10"):
        deferred(patient, "palliative", "2026-03-10", "2026-06-01")
    with at("2026-05-04"):
        end = ended_early(patient, "palliative", "2026-05-04")
    task = CareTask.objects.get(patient=patient, rule="PALL-REF", closed_at=None)
    assert (task.due_on, task.overdue_on, task.anchor) == (day("2026-06-03"), day("2026-06-04"), str(end.pk))


def test_the_end_of_a_deferral_marked_in_error_lets_it_wait_again(patient: Patient) -> None:
    with at("2026-03-10"):
        deferred(patient, "nutrition_review", "2026-03-10", "2026-06-01")
    with at("2026-05-04"):
        end = ended_early(patient, "nutrition_review", "2026-05-04")
    with at("2026-05-06"):
        mark_entered_in_error(fact=end, user=None, reason="Still in hospital.")
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-05-04", "2026-05-06", "deferred")]
    with at("2026-06-01"):
        sweep()
    assert episodes(patient, "NUTR-3M")[-1] == ("NUTR-3M", "2026-06-01", None, "")


@pytest.mark.parametrize("status", ["hospice", "discharged", "deceased"])
def test_a_status_closes_the_work_it_ends(patient: Patient, status: str) -> None:
    with at("2026-04-10"):
        sweep()
        change_status(patient_id=patient.pk, user=None, status=status, on=day("2026-04-10"))
    assert episodes(patient) == [
        ("NUTR-3M", "2026-04-02", "2026-04-10", "status_change"),
        ("PALL-REF", "2026-04-02", "2026-04-10", "status_change"),
        ("TEAM-GAP", "2026-04-02", "2026-04-10", "status_change"),
    ]


def test_a_death_entered_in_error_opens_its_alerts_anew_on_the_day_of_the_correction(
    patient: Patient,
) -> None:
    with at("2026-04-10"):
        sweep()
        death = change_status(patient_id=patient.pk, user=None, status="deceased", on=day("2026-04-09"))
    with at("2026-04-12"):
        mark_entered_in_error(fact=death, user=None, reason="Wrong chart.")
    assert episodes(patient, "PALL-REF") == [
        ("PALL-REF", "2026-04-02", "2026-04-10", "status_change"),
        ("PALL-REF", "2026-04-12", None, ""),
    ]


def test_a_return_gives_grace(patient: Patient) -> None:
    with at("2026-03-20"):
        change_status(patient_id=patient.pk, user=None, status="hospice", on=day("2026-03-20"))
    with at("2026-05-01"):
        change_status(patient_id=patient.pk, user=None, status="active", on=day("2026-05-01"))
    assert task(patient).alert_at == moment("2026-05-16 00:00")


def test_voiding_the_work_brings_the_need_back(patient: Patient) -> None:
    with at("2026-04-10"):
        sweep()
        review = reviewed(patient, "2026-04-10")
    with at("2026-04-11"):
        mark_entered_in_error(fact=review, user=None, reason="Wrong person.")
    closed_by_work, closed_by_void, again = tasks(patient)
    assert (closed_by_work.close_reason, closed_by_void.close_reason) == ("satisfied", "voided")
    assert again.closed_at is None
    assert episodes(patient, "NUTR-3M") == [
        ("NUTR-3M", "2026-04-02", "2026-04-10", "satisfied"),
        ("NUTR-3M", "2026-04-11", None, ""),
    ]
    with at("2026-04-12"):
        take_back_error_mark(fact=review, user=None)
    assert episodes(patient, "NUTR-3M")[-1] == ("NUTR-3M", "2026-04-11", "2026-04-12", "satisfied")


def test_voiding_what_the_need_hangs_on_closes_as_entered_in_error(patient: Patient) -> None:
    with at("2026-05-11"):
        request = requested(patient, "2026-04-01")
        mark_entered_in_error(fact=request, user=None, reason="Ordered for somebody else.")
    assert {alert[3] for alert in episodes(patient) if alert[0].startswith("EQ")} == {"voided"}


def test_a_referral_closes_the_missing_referral(patient: Patient) -> None:
    with at("2026-04-10"):
        sweep()
        palliative = Discipline.objects.get(pk="palliative_care")
        place_referral(patient_id=patient.pk, user=None, discipline=palliative, on=day("2026-04-10"))
    assert episodes(patient, "PALL-REF") == [("PALL-REF", "2026-04-02", "2026-04-10", "satisfied")]


def test_severity_follows_the_facts_while_the_alert_is_open(patient: Patient) -> None:
    with at("2026-04-10"):
        sweep()
        before = task(patient, "PALL-REF").severity
        bulbar = {"impaired": True}
        log_assessment(
            patient_id=patient.pk, user=None, kind="bulbar_status", findings=bulbar, on=day("2026-04-10")
        )
    assert (before, task(patient, "PALL-REF").severity) == (Severity.URGENT, Severity.CRITICAL)
    assert len(episodes(patient, "PALL-REF")) == 1


def test_reconciling_again_changes_nothing(patient: Patient) -> None:
    with at("2026-05-11"):
        requested(patient, "2026-04-01")
        before = [columns(each) for each in patient.care_tasks.order_by("pk")]
        Patient.objects.update(reconciled_version=0)
        with CaptureQueriesContext(connection) as queries:
            reconcile_stale()
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert [columns(each) for each in patient.care_tasks.order_by("pk")] == before
    assert len(written) == 1  # the patient's reconciled version, and no care task


def test_the_seat_gives_the_owner_and_its_end_gives_the_work_back(patient: Patient) -> None:
    nadia = a_member(patient.clinic, "nutrition")
    nutrition = Discipline.objects.get(pk="nutrition")
    with at("2026-03-03"):
        seat = assign_care_team(
            patient_id=patient.pk, user=None, discipline=nutrition, on=day("2026-03-03"), member=nadia
        )
    assert task(patient).owner == nadia
    with at("2026-03-09"):
        end_assignment(assignment=seat, user=None, on=day("2026-03-09"))
    assert task(patient).owner is None


def test_an_assigned_task_keeps_its_owner_and_booking_through_new_facts(patient: Patient) -> None:
    ana = a_member(patient.clinic, "nutrition", name="Ana Bell")
    with at("2026-03-03"):
        care_task = task(patient)
        assign_task(task_id=care_task.pk, user=ana, owner=ana)
        plan_task(task_id=care_task.pk, user=ana, planned_on=day("2026-03-30"))
        reviewed(patient, "2026-03-03", grams=None)
    care_task.refresh_from_db()
    assert (care_task.owner, care_task.planned_on, care_task.verb) == (ana, day("2026-03-30"), "Add weight")


def test_an_assignment_from_next_week_counts_from_next_week(patient: Patient) -> None:
    nadia = a_member(patient.clinic, "nutrition")
    nutrition = Discipline.objects.get(pk="nutrition")
    with at("2026-03-03"):
        assign_care_team(
            patient_id=patient.pk, user=None, discipline=nutrition, on=day("2026-03-10"), member=nadia
        )
    assert task(patient).owner is None
    with at("2026-03-10 00:01"):
        sweep()
    assert task(patient).owner == nadia


def test_logging_an_assessment_takes_few_queries(patient: Patient) -> None:
    with at("2026-04-10"):
        sweep()
        with CaptureQueriesContext(connection) as queries:
            reviewed(patient, "2026-04-10")
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 9
