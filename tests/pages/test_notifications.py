"""A member's own mail: digest on or off, its hour, critical mail; within what the clinic allows."""

from datetime import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from alerts.models import Delivery
from alerts.services.deliver import deliver_due
from alerts.services.sweep import sweep
from patients.models import Patient
from teams.models import Clinic, Membership, User
from teams.services.preferences import set_mail_preferences
from tests.alerts.outbox import mail_server, waiting
from tests.factories import a_clinic, a_member, a_patient, signed_in
from tests.worklist.records import at, day, moment
from worklist.models import Severity
from worklist.services.own_tasks import add_task

pytestmark = pytest.mark.django_db
PAGE = "/account/notifications/"


@pytest.fixture
def patient() -> Patient:
    """Joined on 2 Mar 2026: nutrition is overdue from 2 Apr."""
    with at("2026-03-02"):
        return a_patient(a_clinic())


@pytest.fixture
def nadia(patient: Patient) -> User:
    return a_member(patient.clinic, "nutrition", email="nadia@example.org")


def save(user: User, **typed: str) -> Any:
    """What the page answers when this is typed."""
    return signed_in(user).post(PAGE, typed)


def wants(user: User) -> tuple[bool, time | None, bool]:
    """What is stored: the digest, its hour, critical mail."""
    own = Membership.objects.get(user=user)
    return own.email_digest, own.digest_at, own.email_critical


def test_the_page_says_the_clinic_s_hour_and_shows_no_patient(patient: Patient, nadia: User) -> None:
    page = signed_in(nadia).get(PAGE).content.decode()

    assert "Empty: at 7 a.m., as the clinic has it." in page
    assert "Your clinic wants everybody to get these." in page
    assert str(patient) not in page


def test_the_pages_lead_to_it(nadia: User) -> None:
    page = signed_in(nadia).get(reverse("alerts:inbox")).content.decode()

    assert page.count(f'href="{PAGE}"') >= 2


def test_a_member_chooses_digest_and_hour(nadia: User) -> None:
    answer = save(nadia, email_digest="on", digest_at="09:30")

    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert wants(nadia) == (True, time(9, 30), True)

    save(nadia)
    assert wants(nadia) == (False, None, True)


def test_critical_mail_is_switched_off_only_where_the_clinic_allows_it(patient: Patient, nadia: User) -> None:
    save(nadia, email_digest="on")
    assert wants(nadia)[2] is True
    with pytest.raises(ValidationError, match="wants everybody"):
        set_mail_preferences(
            membership=nadia.memberships.get(), email_digest=True, digest_at=None, email_critical=False
        )

    Clinic.objects.filter(pk=patient.clinic_id).update(may_mute_critical=True)
    save(nadia, email_digest="on")

    assert wants(nadia)[2] is False


def test_who_has_switched_it_off_may_switch_it_on_again(nadia: User) -> None:
    nadia.memberships.update(email_critical=False)

    save(nadia, email_digest="on")
    assert wants(nadia)[2] is False
    save(nadia, email_digest="on", email_critical="on")

    assert wants(nadia)[2] is True


def test_an_hour_in_the_quiet_hours_is_refused(patient: Patient, nadia: User) -> None:
    Clinic.objects.filter(pk=patient.clinic_id).update(quiet_from=time(20), quiet_until=time(7))

    answer = save(nadia, email_digest="on", digest_at="06:59")

    assert answer.status_code == 422
    assert "Your clinic sends no mail at that hour." in answer.content.decode()
    assert save(nadia, email_digest="on", digest_at="07:00").status_code == 302


def test_an_hour_that_is_none_is_refused(nadia: User) -> None:
    assert save(nadia, email_digest="on", digest_at="25:00").status_code == 422
    assert wants(nadia) == (True, None, True)


def test_one_s_own_membership_of_the_clinic_in_use_is_changed_and_no_other(nadia: User) -> None:
    elsewhere = Membership.objects.create(user=nadia, clinic=a_clinic(name="Zoo"))
    other = a_member(a_clinic(name="Third"))

    save(nadia, digest_at="09:30")

    elsewhere.refresh_from_db()
    assert (elsewhere.email_digest, elsewhere.digest_at) == (True, None)
    assert wants(other) == (True, None, True)


def test_the_digest_goes_out_at_one_s_own_hour(patient: Patient, nadia: User) -> None:
    a_member(patient.clinic, "nutrition", name="Ines Ode")
    save(nadia, email_digest="on", digest_at="09:30")
    with at("2026-04-02 08:00"):
        sweep()

    assert waiting("digest") == [
        ("Nadia Wren", "2026-04-02 13:30"),  # half past nine in New York, of the same day
        ("Ines Ode", "2026-04-03 11:00"),
        ("Nadia Wren", "2026-04-03 13:30"),
        ("Ines Ode", "2026-04-06 11:00"),  # Monday
    ]


def test_without_digest_none_is_put_into_the_outbox(nadia: User) -> None:
    save(nadia)
    with at("2026-04-02 00:00"):
        sweep()

    assert not Delivery.objects.exists()


def overdue_and_critical(patient: Patient, owner: User, hour: str) -> None:
    """A critical call falls due; it is found at this hour of Tuesday 10 Mar."""
    with at("2026-03-09"):
        add_task(
            patient=patient, user=owner, title="Call", due_on=day("2026-03-09"), owner=owner,
            severity=Severity.CRITICAL,
        )  # fmt: skip
    with at(f"2026-03-10 {hour}"):
        sweep()


def sent_at(hour: str) -> tuple[int, int]:
    """How many mails go out at this hour of 10 Mar, and how many wait for a later one."""
    with mail_server() as box, at(f"2026-03-10 {hour}"):
        result = deliver_due()
    assert len(box.raw) == result.sent
    return result.sent, result.postponed


def test_in_quiet_hours_critical_mail_waits_until_they_end(patient: Patient, nadia: User) -> None:
    Clinic.objects.filter(pk=patient.clinic_id).update(quiet_from=time(20), quiet_until=time(7))
    overdue_and_critical(patient, nadia, "01:00")

    assert sent_at("01:15") == (0, 1)
    row = Delivery.objects.get(kind="critical")
    assert (row.not_before, row.attempts, row.tried_at) == (moment("2026-03-10 07:00"), 0, None)
    assert sent_at("06:59") == (0, 0)
    assert sent_at("07:00") == (1, 0)


def test_outside_quiet_hours_critical_mail_goes_out(patient: Patient, nadia: User) -> None:
    Clinic.objects.filter(pk=patient.clinic_id).update(quiet_from=time(20), quiet_until=time(7))
    overdue_and_critical(patient, nadia, "19:30")

    assert sent_at("19:45") == (1, 0)


@pytest.mark.parametrize(
    ("start", "end", "asked", "expected"),
    [
        ((20, 0), (7, 0), "2026-03-10 20:00", "2026-03-11 07:00"),
        ((20, 0), (7, 0), "2026-03-10 23:59", "2026-03-11 07:00"),
        ((20, 0), (7, 0), "2026-03-10 00:00", "2026-03-10 07:00"),
        ((20, 0), (7, 0), "2026-03-10 07:00", None),
        ((20, 0), (7, 0), "2026-03-10 19:59", None),
        ((1, 0), (5, 0), "2026-03-10 04:59", "2026-03-10 05:00"),
        ((1, 0), (5, 0), "2026-03-10 05:00", None),
        ((20, 0), (7, 0), "2026-03-07 22:00", "2026-03-08 07:00"),  # the night the clocks go forward
        ((20, 0), (7, 0), "2026-10-31 22:00", "2026-11-01 07:00"),  # and back
    ],
)
def test_the_end_of_quiet_hours_is_local(
    start: tuple[int, int], end: tuple[int, int], asked: str, expected: str | None
) -> None:
    clinic = Clinic(time_zone="America/New_York", quiet_from=time(*start), quiet_until=time(*end))

    assert clinic.quiet_end(moment(asked)) == (moment(expected) if expected else None)


def test_a_clinic_without_quiet_hours_is_never_quiet() -> None:
    assert Clinic(time_zone="America/New_York").quiet_end(moment("2026-03-10 03:00")) is None


@pytest.mark.parametrize(("start", "end"), [(time(20), None), (None, time(7)), (time(7), time(7))])
def test_half_of_quiet_hours_are_none(patient: Patient, start: time | None, end: time | None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Clinic.objects.filter(pk=patient.clinic_id).update(quiet_from=start, quiet_until=end)
