"""The ladder: who hears of an alert nobody answered, on which day, and what holds it back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from alerts.models import Alert, Escalation
from alerts.selectors.inbox import alerts_of_member, bell, tab_counts
from alerts.selectors.ladder import days_to_steps
from alerts.services import escalate
from alerts.services.sweep import SweepResult, sweep
from equipment.services import log_call
from teams.models import Clinic, Membership, User
from tests.alerts.outbox import waiting
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, moment, requested, task
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import add_task, assign_task, complete_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    """In New York, open on weekdays, digest at seven, with a coordinator and a lead."""
    clinic = a_clinic()
    a_member(clinic, role="coordinator", name="Maya Quill")
    a_member(clinic, role="lead", name="Lee Hart")
    return clinic


@pytest.fixture
def owner(clinic: Clinic) -> User:
    return a_member(clinic, name="Vera Sung")


def own_task(clinic: Clinic, owner: User, due_on: str, severity: Severity = Severity.ATTENTION) -> CareTask:
    """The only work of a new person: overdue from the day after ``due_on``."""
    with at("2026-03-02"):
        patient = a_patient(clinic)
        made = add_task(
            patient=patient, user=owner, title="Call", due_on=day(due_on), owner=owner, severity=severity
        )
        CareTask.objects.exclude(rule="").update(wake_at=None, rises_at=None)
    return made


def steps(rule: str = "") -> list[tuple[int, str, list[str]]]:
    """Steps taken on work of a rule: which, the local day, who was told."""
    return [
        (
            each.step,
            each.taken_at.astimezone(moment("2026-03-02").tzinfo).date().isoformat(),
            sorted(user.name for user in each.told.all()),
        )
        for each in Escalation.objects.filter(alert__rule=rule).order_by("taken_at", "step")
    ]


def swept_daily(first: str, last: str) -> None:
    """A sweep at the start of each local day, and another at noon."""
    on = day(first)
    while on <= day(last):
        for time in ("00:00", "12:00"):
            with at(f"{on} {time}"):
                sweep()
        on = on.fromordinal(on.toordinal() + 1)


@pytest.mark.parametrize(
    ("severity", "coordinator", "lead"),
    [
        (Severity.ATTENTION, "2026-03-11", "2026-03-18"),
        (Severity.URGENT, "2026-03-09", "2026-03-11"),  # three days on is a Saturday
        (Severity.CRITICAL, "2026-03-04", "2026-03-06"),
    ],
)
def test_the_coordinator_then_the_lead_hear_of_it_on_their_days(
    clinic: Clinic, owner: User, severity: Severity, coordinator: str, lead: str
) -> None:
    own_task(clinic, owner, "2026-03-03", severity)
    swept_daily("2026-03-04", "2026-04-10")
    assert steps() == [(1, coordinator, ["Maya Quill"]), (2, lead, ["Lee Hart"])]


def test_critical_work_goes_to_the_coordinator_at_once_and_on_any_day(clinic: Clinic, owner: User) -> None:
    own_task(clinic, owner, "2026-03-06", Severity.CRITICAL)  # overdue from Saturday
    swept_daily("2026-03-07", "2026-03-10")
    assert steps() == [(1, "2026-03-07", ["Maya Quill"]), (2, "2026-03-09", ["Lee Hart"])]
    assert waiting("critical") == [
        ("Maya Quill", "2026-03-07 05:15"),
        ("Vera Sung", "2026-03-07 05:15"),
        ("Lee Hart", "2026-03-09 04:15"),
    ]


def test_days_count_from_the_morning_it_could_first_be_notified(clinic: Clinic, owner: User) -> None:
    """Overdue from Saturday, first mailed on Monday: the week ends on Monday."""
    own_task(clinic, owner, "2026-03-06")
    swept_daily("2026-03-07", "2026-03-20")
    assert steps() == [(1, "2026-03-16", ["Maya Quill"])]


def test_the_digest_of_that_morning_tells_who_it_came_to(clinic: Clinic, owner: User) -> None:
    own_task(clinic, owner, "2026-03-03")
    swept_daily("2026-03-04", "2026-03-11")
    mails = [mail for mail in waiting("digest") if mail[0] == "Maya Quill"]
    assert mails == [("Maya Quill", "2026-03-11 11:00"), ("Maya Quill", "2026-03-12 11:00")]


def test_it_joins_the_work_of_who_it_came_to_and_of_nobody_else(clinic: Clinic, owner: User) -> None:
    own_task(clinic, owner, "2026-03-03")
    seen = {}
    swept_daily("2026-03-04", "2026-03-04")
    for on in ("2026-03-10", "2026-03-11", "2026-03-18"):
        swept_daily(on, on)
        with at(f"{on} 12:00"):
            seen[on] = [
                member.user.name
                for member in Membership.objects.filter(clinic=clinic).order_by("user__name")
                if alerts_of_member(membership=member).filter(rule="").exists()
            ]
    assert seen == {
        "2026-03-10": ["Vera Sung"],
        "2026-03-11": ["Maya Quill", "Vera Sung"],
        "2026-03-18": ["Lee Hart", "Maya Quill", "Vera Sung"],
    }


@pytest.mark.parametrize("late", ["2026-03-25", "2026-04-30"])
def test_a_late_sweep_takes_each_step_once(clinic: Clinic, owner: User, late: str) -> None:
    own_task(clinic, owner, "2026-03-03")
    swept_daily("2026-03-04", "2026-03-04")
    swept_daily(late, late)
    assert [(step, on) for step, on, _told in steps()] == [(1, late), (2, late)]


def test_the_clinic_says_after_how_many_days(owner: User, clinic: Clinic) -> None:
    Clinic.objects.update(attention_to_coordinator=2, attention_to_lead=5, open_days=[0, 1, 2, 3, 4, 5, 6])
    own_task(clinic, owner, "2026-03-03")
    swept_daily("2026-03-04", "2026-03-20")
    assert [(step, on) for step, on, _told in steps()] == [(1, "2026-03-06"), (2, "2026-03-09")]


@pytest.mark.parametrize("severity", Severity)
def test_the_days_that_are_told_are_those_that_count(clinic: Clinic, owner: User, severity: Severity) -> None:
    Clinic.objects.update(
        open_days=list(range(7)),
        attention_to_coordinator=4,
        attention_to_lead=11,
        urgent_to_coordinator=2,
        urgent_to_lead=6,
        critical_to_lead=5,
    )
    told = days_to_steps(Clinic.objects.get())[severity]
    own_task(clinic, owner, "2026-03-03", severity)

    swept_daily("2026-03-04", "2026-03-16")

    assert [(day(on) - day("2026-03-04")).days for _step, on, _who in steps()] == list(told)


def test_work_done_is_passed_on_to_nobody(clinic: Clinic, owner: User) -> None:
    made = own_task(clinic, owner, "2026-03-03")
    swept_daily("2026-03-04", "2026-03-10")
    with at("2026-03-10 12:00"):
        complete_task(task_id=made.pk, user=owner)
    swept_daily("2026-03-11", "2026-03-30")
    assert steps() == []


def test_what_becomes_more_severe_is_judged_anew_from_the_same_day(clinic: Clinic, owner: User) -> None:
    made = own_task(clinic, owner, "2026-03-03")
    rises = [[moment("2026-03-10 00:00").isoformat(), 2], [moment("2026-03-12 00:00").isoformat(), 3]]
    CareTask.objects.filter(pk=made.pk).update(rises=rises, rises_at=moment("2026-03-10 00:00"))
    swept_daily("2026-03-04", "2026-03-12")
    assert [(step, on) for step, on, _told in steps()] == [(1, "2026-03-10"), (2, "2026-03-11")]


def test_without_a_coordinator_it_goes_to_the_lead_and_without_a_lead_to_the_coordinator() -> None:
    for role, told in (("lead", "Lee Hart"), ("coordinator", "Maya Quill")):
        clinic = a_clinic()
        a_member(clinic, role=role, name=told)
        own_task(clinic, a_member(clinic, name="Vera Sung"), "2026-03-03")
    swept_daily("2026-03-04", "2026-03-18")
    assert sorted(steps()) == [
        (1, "2026-03-11", ["Maya Quill"]),
        (2, "2026-03-11", ["Lee Hart"]),
        (2, "2026-03-18", ["Maya Quill"]),
    ]


def test_work_of_a_discipline_nobody_holds_is_the_coordinators(clinic: Clinic) -> None:
    with at("2026-03-02"):
        a_patient(clinic)
    with at("2026-04-02 00:00"):
        sweep()
        coordinator = Membership.objects.get(clinic=clinic, role="coordinator")
        assert alerts_of_member(membership=coordinator).filter(rule="NUTR-3M").exists()


def test_catch_up_work_waits_thirty_days(owner: User) -> None:
    clinic = a_clinic(live_on=day("2026-04-10"))
    a_member(clinic, role="coordinator", name="Maya Quill")
    with at("2026-04-10"):
        patient = a_patient(clinic)
    swept_daily("2026-04-10", "2026-05-18")
    assert task(patient).catch_up is True
    # Thirty days on is a Sunday, so it could first be told of on Monday 11 May. It is urgent by then.
    assert steps("NUTR-3M") == [(1, "2026-05-14", ["Maya Quill"]), (2, "2026-05-18", ["Maya Quill"])]


def test_catch_up_work_is_passed_on_once_it_is_assigned(owner: User) -> None:
    clinic = a_clinic(live_on=day("2026-04-10"))
    a_member(clinic, role="coordinator", name="Maya Quill")
    nadia = a_member(clinic, "nutrition", name="Nadia Wren")
    with at("2026-04-10"):
        patient = a_patient(clinic)
    with at("2026-04-13 06:00"):
        assign_task(task_id=task(patient).pk, user=nadia, owner=nadia)
    swept_daily("2026-04-13", "2026-04-21")
    # It becomes urgent on 15 April.
    assert steps("NUTR-3M") == [(1, "2026-04-16", ["Maya Quill"]), (2, "2026-04-20", ["Maya Quill"])]
    with at("2026-04-20 12:00"):
        coordinator = Membership.objects.get(clinic=clinic, role="coordinator")
        assert alerts_of_member(membership=coordinator).filter(rule="NUTR-3M").count() == 1


def test_a_call_with_a_day_to_call_again_holds_an_equipment_alert_back(clinic: Clinic, owner: User) -> None:
    with at("2026-03-02"):
        patient = a_patient(clinic)
        wheelchair = requested(patient, "2026-03-02", item="power_wheelchair")
        CareTask.objects.exclude(subject=wheelchair.pk).update(wake_at=None, rises_at=None)
    swept_daily("2026-03-06", "2026-03-06")  # three days in "requested"; the coordinator on Monday 9
    with at("2026-03-06 15:00"):
        log_call(request=wheelchair, user=owner, on=day("2026-03-06"), next_call_on=day("2026-03-12"))
    swept_daily("2026-03-07", "2026-03-20")
    assert [(step, on) for step, on, _told in steps("EQ-STAGE")] == [(1, "2026-03-12"), (2, "2026-03-13")]


def test_no_call_holds_it_back_longer_than_a_snooze_may_last(clinic: Clinic, owner: User) -> None:
    with at("2026-03-02"):
        patient = a_patient(clinic)
        wheelchair = requested(patient, "2026-03-02", item="power_wheelchair")
        CareTask.objects.exclude(subject=wheelchair.pk).update(wake_at=None, rises_at=None)
    swept_daily("2026-03-06", "2026-03-06")
    with at("2026-03-06 15:00"):
        log_call(request=wheelchair, user=owner, on=day("2026-03-06"), next_call_on=day("2026-06-12"))
    swept_daily("2026-03-07", "2026-03-20")
    assert next((step, on) for step, on, _told in steps("EQ-STAGE")) == (1, "2026-03-13")


def test_two_alerts_of_one_request_are_one_card(clinic: Clinic, owner: User) -> None:
    with at("2026-03-02"):
        patient = a_patient(clinic)
        wheelchair = requested(patient, "2026-03-02")
        CareTask.objects.exclude(subject=wheelchair.pk).update(wake_at=None, rises_at=None)
    swept_daily("2026-03-12", "2026-03-12")
    coordinator = Membership.objects.get(clinic=clinic, role="coordinator")
    with at("2026-03-12 12:00"):
        assert alerts_of_member(membership=coordinator).count() == 2
        assert tab_counts(membership=coordinator).mine == 1
        assert bell(membership=coordinator) == (1, 1)


def test_the_constraint_keeps_steps_single(clinic: Clinic, owner: User) -> None:
    own_task(clinic, owner, "2026-03-03")
    swept_daily("2026-03-04", "2026-03-11")
    with at("2026-03-11 13:00"):
        Alert.objects.update(escalated=0, escalate_at=moment("2026-03-11 12:00"))
        sweep()
    assert [step for step, _on, _told in steps()] == [1]


def test_a_step_missed_would_be_seen(clinic: Clinic, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: an alert placed beyond its step is passed on late."""
    own_task(clinic, owner, "2026-03-03", Severity.URGENT)
    late = escalate._ESCALATE.replace(
        "SET escalate_at = j.due_at", "SET escalate_at = j.due_at + interval '1 day'"
    )
    assert late != escalate._ESCALATE
    monkeypatch.setattr(escalate, "_ESCALATE", late)
    swept_daily("2026-03-04", "2026-03-10")
    assert steps() != [(1, "2026-03-09", ["Maya Quill"])]


def test_an_idle_sweep_stays_one_query(
    clinic: Clinic, owner: User, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    own_task(clinic, owner, "2026-03-03")
    swept_daily("2026-03-04", "2026-03-05")
    with at("2026-03-05 12:30"), django_assert_num_queries(1):
        assert sweep() == SweepResult()
