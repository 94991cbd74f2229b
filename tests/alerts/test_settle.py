"""Which emails an alert puts into the outbox: for whom, and not before when."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.models import Alert
from alerts.services.sweep import sweep
from assessments.services import log_assessment
from patients.models import Patient
from teams.models import Clinic, Membership, User
from tests.alerts.outbox import waiting
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, episodes, moment, requested, reviewed, task
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import add_task, assign_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    """In New York, open on weekdays, digest at seven."""
    return a_clinic()


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """Joined on 2 Mar 2026: NUTR-3M and PALL-REF are overdue from 2 Apr, a Thursday."""
    with at("2026-03-02"):
        return a_patient(clinic)


def own_task(patient: Patient, owner: User, due_on: str) -> CareTask:
    """A task for ``owner``, overdue from the day after."""
    return add_task(patient=patient, user=owner, title="Call", due_on=day(due_on), owner=owner)


def test_the_queue_of_the_discipline_hears_of_it_the_next_two_mornings(patient: Patient) -> None:
    for name in ("Nadia Wren", "Ana Bell"):
        a_member(patient.clinic, "nutrition", name=name)
    a_member(patient.clinic, "speech_language", name="Sam Lee")
    with at("2026-04-02 00:00"):
        sweep()
    assert waiting("digest") == [
        ("Ana Bell", "2026-04-02 11:00"),
        ("Nadia Wren", "2026-04-02 11:00"),
        ("Ana Bell", "2026-04-03 11:00"),
        ("Nadia Wren", "2026-04-03 11:00"),
    ]


def test_the_owner_alone_hears_of_owned_work(patient: Patient) -> None:
    nadia, _ana = (a_member(patient.clinic, "nutrition", name=name) for name in ("Nadia Wren", "Ana Bell"))
    with at("2026-03-05"):
        assign_task(task_id=task(patient).pk, user=nadia, owner=nadia)
    with at("2026-04-02 08:00"):
        sweep()
    assert {name for name, _at in waiting("digest")} == {"Nadia Wren"}


def test_the_coordinator_hears_of_work_nobody_here_practises(patient: Patient) -> None:
    a_member(patient.clinic, role="coordinator", name="Maya Quill")
    a_member(patient.clinic, role="lead", name="Lee Hart")
    gone = a_member(patient.clinic, "nutrition", name="Gone Away")
    Membership.objects.filter(user=gone).update(is_active=False)
    a_member(patient.clinic, "nutrition", role="admin", name="Ada Min")
    with at("2026-04-02 00:00"):
        sweep()
    assert {name for name, _at in waiting("digest")} == {"Maya Quill"}


def test_people_of_other_clinics_and_without_membership_hear_nothing(patient: Patient) -> None:
    a_member(a_clinic(), "nutrition", name="Olu Stone")
    User.objects.create_user("free@example.org", name="Free Lance")
    with at("2026-04-02 00:00"):
        sweep()
    assert waiting("digest") == []


def test_nobody_gets_mail_they_do_not_want(patient: Patient) -> None:
    nadia = a_member(patient.clinic, "nutrition")
    Membership.objects.filter(user=nadia).update(email_digest=False)
    with at("2026-04-02 00:00"):
        sweep()
    assert waiting("digest") == []


@pytest.mark.parametrize(
    ("due_on", "swept", "mornings"),
    [
        ("2026-03-05", "2026-03-06 00:00", ["2026-03-06 12:00", "2026-03-09 11:00"]),  # over the DST weekend
        ("2026-03-06", "2026-03-07 00:00", ["2026-03-09 11:00", "2026-03-10 11:00"]),
        ("2026-03-09", "2026-03-10 06:59", ["2026-03-10 11:00", "2026-03-11 11:00"]),
        ("2026-03-09", "2026-03-10 07:00", ["2026-03-11 11:00", "2026-03-12 11:00"]),
        ("2026-10-29", "2026-10-30 08:00", ["2026-11-02 12:00", "2026-11-03 12:00"]),  # clocks went back
    ],
)
def test_digests_wait_for_mornings_on_which_the_clinic_is_open(
    patient: Patient, due_on: str, swept: str, mornings: list[str]
) -> None:
    vera = a_member(patient.clinic, name="Vera Sung")
    with at("2026-03-03"):
        own_task(patient, vera, due_on)
        CareTask.objects.exclude(rule="").update(wake_at=None)
    with at(swept):
        sweep()
    assert waiting("digest") == [("Vera Sung", morning) for morning in mornings]


def test_a_clinic_elsewhere_has_its_own_morning_and_days() -> None:
    clinic = a_clinic(time_zone="Asia/Kathmandu", open_days=[6], digest_at=time(9, 30))
    with at("2026-03-02"):
        patient = a_patient(clinic)
        a_member(clinic, "nutrition")
    with at("2026-04-02"):
        sweep()
    assert waiting("digest") == [
        ("Nadia Wren", "2026-04-05 03:45"),
        ("Nadia Wren", "2026-04-12 03:45"),
    ]
    assert task(patient).alert_at == moment("2026-04-01 14:15")  # midnight of 2 Apr in Kathmandu


def test_one_row_a_morning_however_many_items(clinic: Clinic) -> None:
    a_member(clinic, "nutrition")
    with at("2026-03-02"):
        for name in ("Alder", "Birch", "Cedar"):
            a_patient(clinic, family_name=name)
    with at("2026-04-02 00:00"):
        assert sweep().deliveries == 2
    assert len(waiting("digest")) == 2


def test_critical_work_is_mailed_after_its_pause_on_any_day(patient: Patient) -> None:
    vera = a_member(patient.clinic, "social_work", name="Vera Sung")
    a_member(patient.clinic, "nutrition")
    with at("2026-03-03"):
        breathing = requested(patient, "2026-03-03")
        CareTask.objects.filter(subject=breathing.pk).update(owner=vera, assigned_to=vera)
    with at("2026-03-07 10:00"):  # a Saturday; overdue since that day
        sweep()
    assert waiting("critical") == [("Vera Sung", "2026-03-07 15:15")]


def test_work_that_becomes_critical_by_a_fact_is_mailed_once(patient: Patient) -> None:
    a_member(patient.clinic, "social_work", name="Vera Sung")
    with at("2026-04-10"):
        sweep()
        assert waiting("critical") == []
        for _twice in range(2):
            log_assessment(
                patient_id=patient.pk,
                user=None,
                kind="bulbar_status",
                findings={"impaired": True},
                on=day("2026-04-10"),
            )
    assert waiting("critical") == [("Vera Sung", "2026-04-10 13:15")]


def test_whoever_is_given_critical_work_hears_of_it(patient: Patient) -> None:
    vera, ines = (a_member(patient.clinic, "social_work", name=name) for name in ("Vera Sung", "Ines Ode"))
    with at("2026-03-03"):
        breathing = requested(patient, "2026-03-03")
        CareTask.objects.filter(subject=breathing.pk).update(owner=vera, assigned_to=vera)
    with at("2026-03-10"):
        sweep()
        stalled = CareTask.objects.get(subject=breathing.pk, rule="EQ-STAGE", closed_at__isnull=True)
        assign_task(task_id=stalled.pk, user=vera, owner=ines)
    assert waiting("critical") == [("Ines Ode", "2026-03-10 13:15"), ("Vera Sung", "2026-03-10 13:15")]


def test_severity_rises_on_its_days_also_when_the_sweep_is_late(patient: Patient) -> None:
    vera = a_member(patient.clinic, name="Vera Sung")
    with at("2026-03-03"):
        care_task = own_task(patient, vera, "2026-03-04")
        steps = [["2026-03-10T05:00:00+00:00", 2], ["2026-03-12T05:00:00+00:00", 3]]
        CareTask.objects.filter(pk=care_task.pk).update(rises=steps, rises_at=moment("2026-03-10 01:00"))
    with at("2026-03-10 00:59"):
        assert (sweep().raised, waiting("critical")) == (0, [])
    with at("2026-03-16"):
        assert sweep().raised == 2
    care_task.refresh_from_db()
    assert (care_task.severity, care_task.rises, care_task.rises_at) == (Severity.CRITICAL, [], None)
    assert waiting("critical") == [("Vera Sung", "2026-03-16 13:15")]


def test_the_rules_severity_rises_by_itself(patient: Patient) -> None:
    with at("2026-04-14"):
        sweep()
        assert task(patient).severity == Severity.ATTENTION
    with at("2026-04-15"):
        assert sweep().raised == 1
    assert task(patient).severity == Severity.URGENT


def test_what_was_overdue_when_the_clinic_went_live_is_catch_up_and_mails_nobody() -> None:
    clinic = a_clinic(live_on=day("2026-04-10"))
    a_member(clinic, "nutrition")
    with at("2026-04-10"):
        patient = a_patient(clinic)
    assert task(patient).catch_up is True
    assert episodes(patient, "NUTR-3M") == [("NUTR-3M", "2026-04-10", None, "")]
    with at("2026-04-30"):
        sweep()
    assert waiting("digest") == []


def test_the_sweep_run_late_twice_or_in_small_steps_gives_the_same_alerts(clinic: Clinic) -> None:
    with at("2026-03-02"):
        stepwise, late = (a_patient(clinic, family_name=name) for name in ("Alder", "Birch"))
    for on in ("2026-04-02", "2026-04-03", "2026-04-15"):
        with at(on):
            CareTask.objects.filter(patient=late).update(wake_at=None)
            sweep()
            sweep()
    with at("2026-05-20"):
        for care_task in CareTask.objects.filter(patient=late):
            CareTask.objects.filter(pk=care_task.pk).update(wake_at=care_task.alert_at)
        sweep()
    assert (
        episodes(stepwise)
        == episodes(late)
        == [
            ("NUTR-3M", "2026-04-02", None, ""),
            ("PALL-REF", "2026-04-02", None, ""),
            ("TEAM-GAP", "2026-04-02", None, ""),
            ("RESP-3M", "2026-04-16", None, ""),
        ]
    )


def test_no_alert_is_closed_by_anything_but_its_work(patient: Patient) -> None:
    with at("2026-04-02"):
        sweep()
    with at("2031-04-02"):
        sweep()
    assert {(alert.closed_at, alert.close_reason) for alert in Alert.objects.all()} == {(None, "")}


def test_an_idle_sweep_is_one_query(patient: Patient) -> None:
    with at("2026-03-05"), CaptureQueriesContext(connection) as queries:
        sweep()
    assert len(queries) == 1


def test_a_sweep_with_work_takes_the_same_few_queries_for_any_number(clinic: Clinic) -> None:
    counts = []
    for number in (1, 5):
        with at("2026-03-02"):
            for _each in range(number):
                a_patient(clinic)
        with at("2026-04-02"), CaptureQueriesContext(connection) as queries:
            sweep()
        counts.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
    assert counts == [2, 2]


def test_reviewing_a_person_leaves_the_alerts_of_others_alone(clinic: Clinic) -> None:
    with at("2026-03-02"):
        one, other = (a_patient(clinic, family_name=name) for name in ("Alder", "Birch"))
    with at("2026-04-10"):
        sweep()
        reviewed(one, "2026-04-10")
    assert episodes(one, "NUTR-3M") == [("NUTR-3M", "2026-04-02", "2026-04-10", "satisfied")]
    assert episodes(other, "NUTR-3M") == [("NUTR-3M", "2026-04-02", None, "")]
