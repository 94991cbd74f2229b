"""How many alerts a clinic has, and what comes of them."""

import pytest
from pytest_django import DjangoAssertNumQueries

from alerts.models import Alert
from alerts.selectors.burden import AlertBurden, Answers, alert_burden
from alerts.services.reading import mark_read, mark_unread
from alerts.services.snooze import snooze
from alerts.services.sweep import sweep
from patients.models import Patient
from patients.services import change_status, mark_entered_in_error, record_decline
from teams.models import Clinic, User
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, reviewed, task
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import add_task, complete_task, reopen_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic()


@pytest.fixture
def dietitian(clinic: Clinic) -> User:
    return a_member(clinic, "nutrition")


def overdue(clinic: Clinic, *, others: bool = False) -> Alert:
    """A nutrition review overdue from 2 Apr 2026; the person's other work never wakes."""
    with at("2026-03-02"):
        patient = a_patient(clinic)
    if not others:
        CareTask.objects.filter(patient=patient).exclude(rule="NUTR-3M").update(wake_at=None, rises_at=None)
    with at("2026-04-02"):
        sweep()
    return Alert.objects.get(patient=patient, rule="NUTR-3M", closed_at=None)


def burden(clinic: Clinic, on: str = "2026-05-31", *, within: int = 7) -> AlertBurden:
    """The three months up to a day, as seen on it."""
    with at(on):
        return alert_burden(clinic=clinic, first=day("2026-03-01"), last=day(on), within=within)


def test_counts_alerts_by_rule_and_severity_over_the_time_in_care(clinic: Clinic) -> None:
    overdue(clinic)

    found = burden(clinic)

    # Of 1 Mar to 31 May the person was in care from 2 Mar: 30 + 30 + 31 days.
    assert (found.people, found.days) == (1, 91)
    assert found.months == pytest.approx(91 / 30.4375)
    assert list(found.by_rule) == ["NUTR-3M"]
    assert found.by_rule["NUTR-3M"].new == 1
    assert {severity: each.new for severity, each in found.by_severity.items()} == {
        Severity.CRITICAL: 0,
        Severity.URGENT: 0,
        Severity.ATTENTION: 1,  # no sweep ran on the day it became urgent
    }
    assert found.a_month(found.overall) == pytest.approx(30.4375 / 91)


def test_a_severity_is_the_one_it_last_had(clinic: Clinic) -> None:
    overdue(clinic)
    with at("2026-04-20"):
        sweep()

    assert burden(clinic).by_severity[Severity.URGENT].new == 1


@pytest.mark.parametrize(
    ("reviewed_on", "within", "acted_on"),
    [("2026-04-09", 7, 1), ("2026-04-10", 7, 0), ("2026-04-10", 8, 1)],
)
def test_acted_on_within_so_many_days(clinic: Clinic, reviewed_on: str, within: int, acted_on: int) -> None:
    alert = overdue(clinic)
    with at(reviewed_on):
        reviewed(alert.patient, reviewed_on)

    found = burden(clinic, within=within).overall

    assert (found.judged, found.acted_on, found.still_open) == (1, acted_on, 0)


def test_a_decline_is_acting_and_a_discharge_is_not(clinic: Clinic) -> None:
    declined, left = overdue(clinic), overdue(clinic)
    with at("2026-04-03"):
        record_decline(
            patient_id=declined.patient_id, user=None, topic="nutrition_review", on=day("2026-04-03")
        )
        change_status(patient_id=left.patient_id, user=None, status="discharged", on=day("2026-04-03"))

    found = burden(clinic).overall

    assert (found.judged, found.acted_on) == (2, 1)


def test_an_alert_is_judged_once_its_days_have_gone_by(clinic: Clinic) -> None:
    overdue(clinic)

    assert burden(clinic, "2026-04-09").overall.judged == 0  # all of the seventh day is left
    assert burden(clinic, "2026-04-10").overall.judged == 1


def test_acknowledged_and_snoozed(clinic: Clinic, dietitian: User) -> None:
    seen, again = overdue(clinic), overdue(clinic)
    with at("2026-04-03"):
        mark_read(alerts=[seen, again], user=dietitian)
        mark_unread(alerts=[again], user=dietitian)
        snooze(alert_id=seen.pk, user=dietitian, until=day("2026-04-06"), reason="booked")

    found = burden(clinic).overall

    assert (found.new, found.acknowledged, found.snoozed) == (2, 1, 1)


def test_opened_again_when_what_closed_it_was_an_error(clinic: Clinic) -> None:
    alert = overdue(clinic)
    with at("2026-04-08"):
        review = reviewed(alert.patient, "2026-04-08")
    with at("2026-04-12"):
        mark_entered_in_error(fact=review, user=None, reason="Wrong person")
        sweep()
    with at("2026-05-20"):
        reviewed(alert.patient, "2026-05-20")

    found = burden(clinic)

    assert (found.overall.new, found.overall.settled, found.overall.opened_again) == (2, 2, 1)
    assert burden(clinic, within=3).overall.opened_again == 0  # it came back on the fourth day


def test_another_persons_alert_and_a_later_need_are_not_the_same_opened_again(clinic: Clinic) -> None:
    first = overdue(clinic)
    with at("2026-04-03"):
        reviewed(first.patient, "2026-04-03")
    overdue(clinic)

    found = burden(clinic)

    assert (found.overall.new, found.overall.settled, found.overall.opened_again) == (2, 1, 0)


def test_a_task_people_agreed_stands_under_no_rule(clinic: Clinic, dietitian: User) -> None:
    with at("2026-03-02"):
        patient = a_patient(clinic)
        CareTask.objects.all().update(wake_at=None, rises_at=None)
    with at("2026-04-02"):
        made, other = (
            add_task(patient=patient, user=dietitian, title=title, due_on=day("2026-04-03"), owner=dietitian)
            for title in ("Call", "Write")
        )
    with at("2026-04-04"):
        sweep()
    with at("2026-04-05"):
        complete_task(task_id=made.pk, user=dietitian)
        complete_task(task_id=other.pk, user=dietitian)
    with at("2026-04-07"):
        reopen_task(task_id=made.pk, user=dietitian)

    found = burden(clinic)

    assert list(found.by_rule) == [""]
    assert (found.overall.new, found.overall.acted_on, found.overall.opened_again) == (3, 2, 1)


def died(patient: Patient, on: str, *, recorded: str) -> None:
    with at(recorded):
        change_status(patient_id=patient.pk, user=None, status="deceased", on=day(on))


def test_alerts_that_opened_after_the_death_are_left_out_and_so_is_the_time(clinic: Clinic) -> None:
    alert = overdue(clinic)
    died(alert.patient, "2026-04-01", recorded="2026-04-06")
    lived_on = overdue(clinic)
    died(lived_on.patient, "2026-04-02", recorded="2026-04-06")

    found = burden(clinic)

    alert.patient.refresh_from_db()
    assert alert.opened_after_death
    assert (found.overall.new, found.people) == (1, 2)
    assert found.days == 30 + 31  # from 2 Mar up to the day before each death


def test_hospice_is_care_and_time_away_is_not(clinic: Clinic) -> None:
    with at("2026-03-02"):
        patient = a_patient(clinic)
    for on, status in (("2026-03-12", "hospice"), ("2026-03-22", "discharged"), ("2026-05-27", "active")):
        with at(on):
            change_status(patient_id=patient.pk, user=None, status=status, on=day(on))

    assert burden(clinic).days == 20 + 5


def test_what_closed_on_the_day_it_opened_is_left_out(clinic: Clinic) -> None:
    alert = overdue(clinic)
    with at("2026-04-02 17:00"):
        reviewed(alert.patient, "2026-04-02")

    assert burden(clinic).overall == Answers()


def test_catch_up_work_is_counted_apart_and_time_before_the_first_day_not_at_all() -> None:
    clinic = a_clinic(live_on=day("2026-04-13"))
    alert = overdue(clinic)

    found = burden(clinic)

    alert.task.refresh_from_db()
    assert alert.task.catch_up
    assert (found.overall.new, found.catch_up.new) == (0, 1)
    assert found.days == 18 + 31


def test_what_opened_and_closed_before_the_first_day_does_not_count() -> None:
    clinic = a_clinic(live_on=None)
    alert = overdue(clinic)
    with at("2026-04-05"):
        reviewed(alert.patient, "2026-04-05")
    Clinic.objects.update(live_on=day("2026-04-13"))
    clinic.refresh_from_db()

    found = burden(clinic)

    assert (found.overall.new, found.catch_up.new, found.first) == (0, 0, day("2026-04-13"))


def test_another_clinics_alerts_and_people_do_not_count(clinic: Clinic) -> None:
    overdue(a_clinic())

    found = burden(clinic)

    assert (found.answers, found.people, found.days) == ({}, 0, 0)
    assert found.a_month(found.overall) == 0.0


def test_only_alerts_of_the_days_asked_for(clinic: Clinic) -> None:
    alert = overdue(clinic)

    with at("2026-05-31"):
        before = alert_burden(clinic=clinic, first=day("2026-03-01"), last=day("2026-04-01"))
        after = alert_burden(clinic=clinic, first=day("2026-04-03"), last=day("2026-05-31"))

    assert (before.answers, after.answers) == ({}, {})
    assert task(alert.patient).closed_at is None


@pytest.mark.parametrize("people", [1, 3])
def test_two_queries_for_any_number_of_alerts(
    clinic: Clinic, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _person in range(people):
        overdue(clinic, others=True)

    with at("2026-05-31"), django_assert_num_queries(2):
        found = alert_burden(clinic=clinic, first=day("2026-03-01"), last=day("2026-05-31"))

    assert found.by_rule["NUTR-3M"].new == people
