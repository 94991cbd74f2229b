"""Mail refused for good: given up, told to the coordinator once, tried again from the admin."""

from datetime import date
from typing import cast

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from alerts.models import Delivery, MailTrouble
from alerts.selectors.trouble import members_without_mail
from alerts.services.deliver import DeliveryResult, deliver_due
from alerts.services.sweep import sweep
from alerts.services.trouble import try_again
from patients.models import Patient
from teams.models import User
from teams.services.people import deactivate_member
from tests.alerts.outbox import Mailbox, mail_server
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, moment
from worklist.models import Severity
from worklist.services.own_tasks import add_task, complete_task

pytestmark = pytest.mark.django_db

REFUSED = "550 No such user"
SENTENCE = "Mail to Vera Sung cannot be delivered since 10 Mar 2026"


@pytest.fixture
def patient() -> Patient:
    with at("2026-03-02"):
        return a_patient(a_clinic(), given_name="Ruth", family_name="Alder")


@pytest.fixture
def vera(patient: Patient) -> User:
    """Three critical calls of hers are overdue on Tuesday 10 Mar."""
    user = a_member(patient.clinic, name="Vera Sung", email="vera@example.org")
    with at("2026-03-09"):
        for title in ("Call", "Write", "Visit"):
            add_task(
                patient=patient, user=user, title=title, due_on=day("2026-03-09"), owner=user,
                severity=Severity.CRITICAL,
            )  # fmt: skip
    with at("2026-03-10 09:00"):
        sweep()
    return user


def deliver(*answers: str, hour: str = "09:15", data: tuple[str, ...] = ()) -> tuple[DeliveryResult, Mailbox]:
    """One round of the outbox against a server that answers like this."""
    with mail_server(Mailbox(answers=[*answers], data_answers=[*data])) as box, at(f"2026-03-10 {hour}"):
        return deliver_due(), box


def inbox(user: User) -> str:
    """The alerts page as they see it."""
    client = Client()
    client.force_login(user)
    with at("2026-03-10 12:00"):
        return str(client.get(reverse("alerts:inbox")).content.decode())


def test_the_coordinator_is_told_once_per_member(patient: Patient, vera: User) -> None:
    coordinator = a_member(patient.clinic, role="coordinator", name="Tom Finch")
    elsewhere = a_member(a_clinic(), role="coordinator", name="Olga Bittern")

    result, _box = deliver(REFUSED, REFUSED, REFUSED)

    assert result.failed == 3
    assert MailTrouble.objects.count() == 1
    page = inbox(coordinator)
    assert page.count(SENTENCE) == 1
    said = page[page.index(SENTENCE) :].partition("</p>")[0]
    assert "Ruth" not in said
    assert "Alder" not in said
    assert SENTENCE not in inbox(vera)
    assert SENTENCE not in inbox(elsewhere)


def my_work(user: User) -> str:
    client = Client()
    client.force_login(user)
    with at("2026-03-10 12:00"):
        return client.get(reverse("pages:my_work")).text


def test_the_coordinators_work_says_so_too(patient: Patient, vera: User) -> None:
    coordinator = a_member(patient.clinic, role="coordinator", name="Tom Finch")
    before = my_work(coordinator)

    deliver(REFUSED, REFUSED, REFUSED)

    page = my_work(coordinator)
    said = "Mail to Vera Sung cannot be delivered."
    assert (before.count(said), page.count(said), my_work(vera).count(said)) == (0, 1, 0)
    assert f'<a href="{reverse("alerts:inbox")}">What to do</a>' in page


def test_a_coordinators_work_takes_no_more_than_ten_queries(
    patient: Patient, vera: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    coordinator, client = a_member(patient.clinic, role="coordinator", name="Tom Finch"), Client()
    deliver(REFUSED, REFUSED, REFUSED)
    client.force_login(coordinator)
    client.get(reverse("pages:my_work"))

    with django_assert_num_queries(10):
        client.get(reverse("pages:my_work"))


def test_it_stands_until_a_mail_to_them_is_taken(patient: Patient, vera: User) -> None:
    coordinator = a_member(patient.clinic, role="coordinator", name="Tom Finch")
    membership = coordinator.memberships.get()
    deliver(REFUSED, "450 Later", "450 Later")
    assert members_without_mail(membership=membership).count() == 1

    deliver("450 Later", "450 Later", hour="09:20")
    assert members_without_mail(membership=membership).count() == 1
    deliver(hour="09:40")

    assert SENTENCE not in inbox(coordinator)
    assert MailTrouble.objects.get().ended_at == moment("2026-03-10 09:40")


def test_another_refusal_after_it_ended_is_told_again(patient: Patient, vera: User) -> None:
    deliver(REFUSED, "250 OK", "250 OK")
    assert MailTrouble.objects.get().ended_at is not None
    with at("2026-03-10 10:00"):
        try_again(delivery_id=Delivery.objects.get(state="failed").pk, user=vera)

    deliver(REFUSED, hour="10:01")

    assert [row.ended_at is None for row in MailTrouble.objects.order_by("since")] == [False, True]


def test_who_left_the_clinic_is_not_named(patient: Patient, vera: User) -> None:
    coordinator = a_member(patient.clinic, role="coordinator", name="Tom Finch")
    deliver(REFUSED, REFUSED, REFUSED)

    deactivate_member(membership=vera.memberships.get())

    assert not members_without_mail(membership=coordinator.memberships.get()).exists()


def test_one_open_row_per_member_is_the_database_s_rule(patient: Patient, vera: User) -> None:
    deliver(REFUSED, REFUSED, REFUSED)

    with pytest.raises(IntegrityError), transaction.atomic():
        MailTrouble.objects.create(clinic=patient.clinic, member=vera, since=moment("2026-03-11"))


@pytest.mark.parametrize(
    ("answers", "data", "failed"),
    [
        (("550 No such user",), (), 1),
        (("250 OK",), ("554 Refused as spam",), 1),
        (("450 Later",), (), 0),
        (("250 OK",), ("451 Later",), 0),
    ],
)
def test_only_five_hundreds_are_for_good(
    vera: User, answers: tuple[str, ...], data: tuple[str, ...], failed: int
) -> None:
    result, _box = deliver(*answers, data=data)

    assert (result.failed, result.postponed, result.sent) == (failed, 1 - failed, 2)


def test_a_mail_tried_again_keeps_its_message_id(vera: User) -> None:
    deliver(REFUSED)
    row = Delivery.objects.get(state="failed")
    with at("2026-03-10 11:00"):
        try_again(delivery_id=row.pk, user=vera)

    result, box = deliver(hour="11:00")

    assert (result.sent, box.ids) == (1, [row.message_id])
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == ("sent", 1, "")


def test_a_mail_about_work_done_meanwhile_is_dropped_when_tried_again(vera: User) -> None:
    deliver(REFUSED)
    row = Delivery.objects.select_related("alert").get(state="failed")
    assert row.alert is not None
    with at("2026-03-10 10:00"):
        complete_task(task_id=row.alert.task_id, user=vera)
        try_again(delivery_id=row.pk, user=vera)

    result, box = deliver(hour="11:00")

    assert (result.dropped, box.raw) == (1, [])


def test_only_what_was_given_up_is_tried_again(vera: User) -> None:
    deliver()
    with pytest.raises(ValidationError, match="given up"):
        try_again(delivery_id=Delivery.objects.filter(state="sent")[0].pk, user=vera)


def from_the_admin(user: User, chosen: list[Delivery]) -> HttpResponse:
    """Choose emails in the admin's list and have them tried again."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    with at("2026-03-10 11:00"):
        answer = client.post(
            reverse("admin:alerts_delivery_changelist"),
            {"action": "try_again", "_selected_action": [str(row.pk) for row in chosen]},
            follow=True,
        )
    return cast(HttpResponse, answer)


def test_dead_letters_are_listed_and_tried_again_in_the_admin(patient: Patient, vera: User) -> None:
    clerk = a_member(patient.clinic, name="Tom Finch", is_staff=True)
    deliver(REFUSED, REFUSED)
    client = Client()
    client.force_login(clerk)
    listed = client.get(reverse("admin:alerts_delivery_changelist"), {"state__exact": "failed"})
    assert listed.content.decode().count("_selected_action") == 2

    answer = from_the_admin(clerk, [*Delivery.objects.all()])

    assert "2 emails will be tried again within a minute." in answer.content.decode()
    critical = Delivery.objects.filter(kind="critical")
    assert sorted(critical.values_list("state", flat=True)) == ["sent", "waiting", "waiting"]


@pytest.mark.parametrize("who", ["another clinic", "no clinical role"])
def test_dead_letters_of_another_clinic_are_out_of_reach(patient: Patient, vera: User, who: str) -> None:
    deliver(REFUSED)
    stranger = a_member(a_clinic(), name="Olga Bittern", is_staff=True)
    if who == "no clinical role":
        stranger.memberships.update(clinic=patient.clinic, role="admin")

    from_the_admin(stranger, [Delivery.objects.get(state="failed")])

    assert Delivery.objects.filter(state="failed").count() == 1


def test_the_day_is_the_clinic_s(patient: Patient, vera: User) -> None:
    deliver(REFUSED, hour="23:30")

    assert patient.clinic.local_date(MailTrouble.objects.get().since) == date(2026, 3, 10)
