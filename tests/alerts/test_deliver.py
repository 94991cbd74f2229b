"""The outbox against a real mail server: what is sent, tried again, given up, dropped; and what it says."""

import re
import socket

import pytest
from django.test import override_settings

from alerts.models import Alert, AlertNotice, Delivery
from alerts.services import deliver
from alerts.services.deliver import deliver_due
from alerts.services.reading import mark_read
from alerts.services.sweep import sweep
from patients.models import Patient
from patients.services import change_status, mark_entered_in_error
from teams.models import Membership, User
from tests.alerts.outbox import Mailbox, mail_server, states, text_of
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, moment, requested, reviewed
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import add_task, assign_task, complete_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    """Joined on 2 Mar 2026: two items are overdue from 2 Apr."""
    with at("2026-03-02"):
        return a_patient(a_clinic(), given_name="Ruth", family_name="Alder", mrn="MRN-7041")


@pytest.fixture
def nadia(patient: Patient) -> User:
    """Practises nutrition."""
    return a_member(patient.clinic, "nutrition", email="nadia@example.org")


def critical(patient: Patient, owner: User, hour: str = "09:00") -> Alert:
    """A critical alert of ``owner`` that opened on Tuesday 10 Mar."""
    with at("2026-03-09"):
        care_task = add_task(
            patient=patient,
            user=owner,
            title="Call",
            due_on=day("2026-03-09"),
            owner=owner,
            severity=Severity.CRITICAL,
        )
    with at(f"2026-03-10 {hour}"):
        sweep()
    return Alert.objects.get(task=care_task)


def test_a_digest_tells_counts_and_is_sent_once(patient: Patient, nadia: User) -> None:
    with at("2026-04-02 00:00"):
        sweep()
    with mail_server() as box:
        with at("2026-04-02 06:59"):
            assert deliver_due().sent == 0
        with at("2026-04-02 07:00"):
            assert deliver_due().sent == 1
            assert deliver_due().sent == 0
    (message,) = box.messages
    assert box.recipients == ["nadia@example.org"]
    assert message["Subject"] == "alscare: work is overdue"
    assert "1 item became overdue since your last email." in text_of(message)
    assert "1 item of yours is overdue in all, 0 of them critical." in text_of(message)


def test_the_next_digest_comes_only_with_news(patient: Patient, nadia: User) -> None:
    with at("2026-04-02 00:00"):
        sweep()
    with mail_server() as box:
        with at("2026-04-02 07:00"):
            deliver_due()
        with at("2026-04-03 07:00"):
            assert deliver_due().dropped == 1
        with at("2026-04-03 08:00"):
            add_task(patient=patient, user=nadia, title="Call", due_on=day("2026-04-03"), owner=nadia)
        with at("2026-04-06 06:00"):
            sweep()
        with at("2026-04-06 07:00"):
            assert deliver_due().sent == 1
    assert "1 item became overdue since your last email." in text_of(box.messages[1])
    assert "2 items of yours are overdue in all" in text_of(box.messages[1])


def test_an_alert_committed_after_the_morning_was_counted_is_told_the_next(
    patient: Patient, nadia: User
) -> None:
    """Its transaction began before seven and ended after: the first morning's row was sent without it."""
    with at("2026-04-02 00:00"):
        sweep()
    with mail_server() as box:
        with at("2026-04-02 07:00"):
            deliver_due()
        with at("2026-04-02 06:59"):
            late = add_task(patient=patient, user=nadia, title="Call", due_on=day("2026-04-02"), owner=nadia)
            CareTask.objects.filter(pk=late.pk).update(
                alert_at=moment("2026-04-02 06:00"), wake_at=moment("2026-04-02 06:00")
            )
            sweep()
        with at("2026-04-03 07:00"):
            assert deliver_due().sent == 1
    assert "1 item became overdue since your last email." in text_of(box.messages[1])


def test_a_mail_holds_nothing_about_the_person(patient: Patient, nadia: User) -> None:
    vera = a_member(patient.clinic, "social_work", email="vera@example.org")
    with at("2026-03-03"):
        stalled = requested(patient, "2026-03-03")
        CareTask.objects.filter(subject=stalled.pk).update(owner=vera, assigned_to=vera)
    with at("2026-04-02 00:00"):
        sweep()
    with mail_server() as box, at("2026-04-02 07:15"):
        assert deliver_due().sent == 3  # two digests, one on the request
    ids = [str(pk) for pk in (patient.pk, stalled.pk, *CareTask.objects.values_list("pk", flat=True))]
    ids += [
        str(pk)
        for pk in (
            *Alert.objects.values_list("pk", flat=True),
            *Delivery.objects.values_list("pk", flat=True),
        )
    ]
    said = [
        "Ruth",
        "Alder",
        "MRN-7041",
        "1961",
        "ALS ",
        "sclerosis",
        "NUTR",
        "PALL",
        "EQ-",
        "utrition",
        "alliat",
    ]
    said += [
        "suction",
        "wheelchair",
        "Vera",
        "Nadia",
        patient.clinic.name,
        *ids,
        *(each.replace("-", "") for each in ids),
    ]
    for message, raw in zip(box.messages, box.raw, strict=True):
        plain = raw.decode().replace("=\r\n", "") + text_of(message)
        assert [word for word in said if word in plain] == []
        assert re.fullmatch(r"<[0-9a-f]{32}@alscare\.invalid>", str(message["Message-ID"]))
        assert message["Auto-Submitted"] == "auto-generated"
        assert "You need to sign in to see more." in text_of(message)


def test_critical_mail_is_one_per_alert_and_person(patient: Patient) -> None:
    vera = a_member(patient.clinic, name="Vera Sung", email="vera@example.org")
    alert = critical(patient, vera)
    with mail_server() as box:
        with at("2026-03-10 09:14"):
            assert deliver_due().sent == 0
        with at("2026-03-10 09:15"):
            assert deliver_due().sent == 1
            sweep()
            assert deliver_due().sent == 0
    (message,) = box.messages
    assert message["Subject"] == "alscare: critical work is overdue"
    assert Delivery.objects.get(alert=alert).message_id == message["Message-ID"]
    assert AlertNotice.objects.get(alert=alert).user == vera


def test_what_critical_mail_told_is_no_news_for_the_digest(patient: Patient) -> None:
    critical(patient, a_member(patient.clinic, name="Vera Sung"))
    with mail_server() as box, at("2026-03-11 07:00"):
        result = deliver_due()
    assert (result.sent, result.dropped) == (1, 1)
    assert box.messages[0]["Subject"] == "alscare: critical work is overdue"


def test_a_value_voided_at_once_pages_nobody(patient: Patient) -> None:
    a_member(patient.clinic, "social_work", "respiratory_therapy", name="Vera Sung")
    with at("2026-04-01"):
        mistaken = requested(patient, "2026-03-03")
        assert Delivery.objects.filter(kind="critical").exists()
    with at("2026-04-01 09:10"):
        mark_entered_in_error(fact=mistaken, user=None, reason="Wrong person.")
    with mail_server() as box, at("2026-04-01 12:00"):
        assert deliver_due().sent == 0
    assert box.raw == []
    assert set(Delivery.objects.filter(kind="critical").values_list("state", flat=True)) == {"dropped"}


def do_the_work(alert: Alert, owner: User) -> None:
    """The work is done."""
    complete_task(task_id=alert.task_id, user=owner)


def read_it(alert: Alert, owner: User) -> None:
    """The owner reads it in the app."""
    mark_read(alerts=[alert], user=owner)


def hand_it_on(alert: Alert, owner: User) -> None:
    """A colleague gets the work; she wants no mail."""
    ines = a_member(alert.clinic, name="Ines Ode")
    Membership.objects.filter(user=ines).update(email_critical=False)
    assign_task(task_id=alert.task_id, user=owner, owner=ines)


def leave(alert: Alert, owner: User) -> None:
    """The owner is deactivated."""
    User.objects.filter(pk=owner.pk).update(is_active=False)


def die(alert: Alert, owner: User) -> None:
    """The person dies."""
    change_status(patient_id=alert.patient_id, user=owner, status="deceased", on=day("2026-03-10"))


@pytest.mark.parametrize("meanwhile", [do_the_work, read_it, hand_it_on, leave, die])
def test_mail_nobody_needs_any_more_is_dropped(patient: Patient, meanwhile: object) -> None:
    vera = a_member(patient.clinic, name="Vera Sung")
    alert = critical(patient, vera)
    with at("2026-03-10 09:10"):
        meanwhile(alert, vera)  # type: ignore[operator]
    with mail_server() as box, at("2026-03-10 09:30"):
        assert deliver_due().sent == 0
    assert box.raw == []
    assert Delivery.objects.get(alert=alert, recipient=vera).state == "dropped"


def test_after_a_death_no_digest_names_the_persons_work(patient: Patient, nadia: User) -> None:
    with at("2026-04-02 00:00"):
        sweep()
    with at("2026-04-02 06:00"):
        change_status(patient_id=patient.pk, user=None, status="deceased", on=day("2026-04-01"))
    with mail_server() as box, at("2026-04-03 07:00"):
        assert deliver_due().dropped == 2
    assert box.raw == []


def test_a_temporary_refusal_is_tried_again_with_growing_pauses(patient: Patient) -> None:
    alert = critical(patient, a_member(patient.clinic, name="Vera Sung"))
    with mail_server(Mailbox(answers=["450 Greylisted", "451 Later"], data_answers=["452 Full"])) as box:
        with at("2026-03-10 09:15"):
            assert deliver_due().postponed == 1
        row = Delivery.objects.get(alert=alert)
        assert (row.state, row.not_before, row.last_error) == (
            "waiting",
            moment("2026-03-10 09:15:15"),
            "SMTPRecipientsRefused 450",
        )
        with at("2026-03-10 09:16"):
            assert deliver_due().postponed == 1
        row.refresh_from_db()
        assert row.not_before == moment("2026-03-10 09:16:30")
        with at("2026-03-10 09:17"):
            assert deliver_due().postponed == 1
        with at("2026-03-10 09:18"):
            assert deliver_due().sent == 1
    assert box.ids == [row.message_id]


def test_a_recipient_refused_for_good_is_given_up_and_others_are_served(patient: Patient) -> None:
    vera = a_member(patient.clinic, name="Vera Sung", email="vera@example.org")
    with at("2026-03-09"):
        for _two in range(2):
            add_task(
                patient=patient,
                user=vera,
                title="Call",
                due_on=day("2026-03-09"),
                owner=vera,
                severity=Severity.CRITICAL,
            )
    with at("2026-03-10 09:00"):
        sweep()
    with mail_server(Mailbox(answers=["550 No such user"])) as box, at("2026-03-10 09:15"):
        result = deliver_due()
    assert (result.sent, result.failed) == (1, 1)
    assert len(box.raw) == 1
    assert Alert.objects.filter(closed_at__isnull=True, rule="").count() == 2  # still there, in the app


def test_a_server_that_is_away_is_asked_once_a_round(patient: Patient) -> None:
    vera = a_member(patient.clinic, name="Vera Sung")
    with at("2026-03-09"):
        for _three in range(3):
            add_task(
                patient=patient,
                user=vera,
                title="Call",
                due_on=day("2026-03-09"),
                owner=vera,
                severity=Severity.CRITICAL,
            )
    with at("2026-03-10 09:00"):
        sweep()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with (
            override_settings(
                EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
                EMAIL_HOST="127.0.0.1",
                EMAIL_PORT=nobody.getsockname()[1],
            ),
            at("2026-03-10 09:15"),
        ):
            result = deliver_due()
    assert (result.postponed, result.sent) == (1, 0)
    with mail_server() as box, at("2026-03-10 09:16"):
        assert deliver_due().sent == 3
    assert len(set(box.ids)) == 3


def test_after_a_day_without_mail_server_one_digest_tells_it_all(patient: Patient, nadia: User) -> None:
    with at("2026-04-02 00:00"):
        sweep()
    refusing = Mailbox(data_answers=["451 Down"] * 30)
    with mail_server(refusing):
        for hour in range(7, 24):
            with at(f"2026-04-02 {hour:02}:00"):
                deliver_due()
    with at("2026-04-02 12:00"):
        add_task(patient=patient, user=nadia, title="Call", due_on=day("2026-04-02"), owner=nadia)
    with at("2026-04-03 00:00"):
        sweep()
    with mail_server() as box, at("2026-04-03 07:30"):
        deliver_due()
    assert refusing.raw == []
    assert len(box.raw) == 1
    assert "2 items became overdue since your last email." in text_of(box.messages[0])
    assert states() == ["dropped", "sent", "waiting"]


def test_a_crash_after_sending_repeats_the_mail_with_the_same_message_id(patient: Patient) -> None:
    """The row as a killed worker leaves it: claimed, sent, never marked."""
    alert = critical(patient, a_member(patient.clinic, name="Vera Sung"))
    row = Delivery.objects.get(alert=alert)
    with mail_server() as box:
        with at("2026-03-10 09:15"):
            deliver_due()
        Delivery.objects.filter(pk=row.pk).update(state="waiting", finished_at=None)
        AlertNotice.objects.all().delete()
        with at("2026-03-10 09:15:29"):
            assert deliver_due().sent == 0  # the lease may still be somebody's
        with at("2026-03-10 09:15:31"):
            assert deliver_due().sent == 1
    assert box.ids == [row.message_id] * 2


def test_a_lease_outlasts_the_slowest_mail_and_the_server_s_limit_sets_it(patient: Patient) -> None:
    critical(patient, a_member(patient.clinic, name="Vera Sung"))
    with override_settings(EMAIL_TIMEOUT=20), at("2026-03-10 09:15"):
        claimed = deliver._claim()
    assert claimed is not None
    assert claimed.leased_until == moment("2026-03-10 09:17")


def test_a_mail_that_cannot_be_made_holds_up_no_other(patient: Patient) -> None:
    broken = a_member(patient.clinic, name="Vera Sung", email="vera@example.org\nBcc: all@example.org")
    sound = a_member(patient.clinic, name="Ines Ode", email="ines@example.org")
    with at("2026-03-09"):
        for owner in (broken, sound):
            add_task(
                patient=patient,
                user=owner,
                title="Call",
                due_on=day("2026-03-09"),
                owner=owner,
                severity=Severity.CRITICAL,
            )
    with at("2026-03-10 09:00"):
        sweep()
    with mail_server() as box, at("2026-03-10 09:20"):
        result = deliver_due()
    assert (result.sent, result.postponed) == (1, 1)
    assert box.recipients == ["ines@example.org"]


def test_a_review_logged_before_the_morning_leaves_nothing_to_tell(patient: Patient, nadia: User) -> None:
    with at("2026-04-02 00:00"):
        sweep()
    with at("2026-04-02 06:30"):
        reviewed(patient, "2026-04-02")
    with mail_server() as box, at("2026-04-02 07:00"):
        assert deliver_due().dropped == 1
    assert box.raw == []
