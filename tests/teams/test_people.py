"""Inviting people, letting them go, and choosing among clinics."""

import re
import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django.fixtures import Settings

from teams.models import Discipline, Membership, Role, User
from teams.selectors import active_user_ids, colleagues
from teams.services.people import (
    InvitationNotSentError,
    deactivate_member,
    deactivate_user,
    invite,
    send_invitation,
)
from tests.factories import PASSWORD, a_clinic, a_member

pytestmark = pytest.mark.django_db

DEAD_MAIL_SERVER = "tests.teams.test_sign_in.DeadMailServer"


def test_somebody_new_is_invited_sets_a_password_and_is_in() -> None:
    clinic = a_clinic(name="Riverside ALS Clinic")
    nutrition = Discipline.objects.get(code="nutrition")

    membership = invite(
        clinic=clinic,
        email=" Nadia@Example.org ",
        name="Nadia Wren",
        role=Role.MEMBER,
        title="Dietitian",
        disciplines=[nutrition],
    )

    assert membership.user.email == "nadia@example.org"
    assert not membership.user.has_usable_password()
    assert list(membership.disciplines.all()) == [nutrition]
    [message] = mail.outbox
    assert (message.subject, message.to) == ("Your alscare account", ["nadia@example.org"])
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", str(message.body))
    assert found is not None
    client = Client()
    form = client.get(found.group(1))["Location"]
    client.post(form, {"password1": "a first long password", "password2": "a first long password"})
    client.post("/accounts/login/", {"login": "nadia@example.org", "password": "a first long password"})
    assert client.session["_auth_user_id"] == str(membership.user_id)


def test_somebody_with_an_account_is_only_told() -> None:
    user = a_member(a_clinic(), name="Nadia Wren", email="nadia@example.org")

    membership = invite(clinic=a_clinic(), email=user.email, name="Another Name", role=Role.MEMBER)

    user.refresh_from_db()
    assert membership.user == user
    assert user.name == "Nadia Wren"
    assert user.check_password(PASSWORD)
    assert "http://127.0.0.1:8000/accounts/login/\n" in str(mail.outbox[0].body)


def test_a_member_is_not_invited_twice() -> None:
    clinic = a_clinic()
    user = a_member(clinic)

    with pytest.raises(ValidationError):
        invite(clinic=clinic, email=user.email, name="x", role=Role.MEMBER)

    assert Membership.objects.filter(user=user).count() == 1
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("email", "name", "role"), [("no", "N", "member"), ("n@x.org", "", "member"), ("n@x.org", "N", "king")]
)
def test_a_wrong_field_stores_and_sends_nothing(email: str, name: str, role: str) -> None:
    with pytest.raises(ValidationError):
        invite(clinic=a_clinic(), email=email, name=name, role=role)

    assert not User.objects.exists()
    assert mail.outbox == []


def test_a_dead_mail_server_is_said_plainly_and_the_member_stays(settings: Settings) -> None:
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, DEAD_MAIL_SERVER
    with pytest.raises(InvitationNotSentError, match="Nadia Wren was added, but the mail server"):
        invite(clinic=a_clinic(), email="nadia@example.org", name="Nadia Wren", role=Role.MEMBER)

    settings.EMAIL_BACKEND = backend
    send_invitation(membership=Membership.objects.get())
    assert len(mail.outbox) == 1


def test_whoever_was_let_go_is_no_colleague_and_takes_no_work() -> None:
    clinic = a_clinic()
    stays, member, user = (a_member(clinic, name=name) for name in ("Ana", "Ben", "Cleo"))
    a_member(clinic, name="Dan", role=Role.ADMIN)

    deactivate_member(membership=member.memberships.get())
    deactivate_user(user=user)

    assert list(colleagues(clinic=clinic)) == [stays]
    assert active_user_ids(clinic_ids={clinic.pk}) == {(clinic.pk, stays.pk)}


def test_letting_go_is_in_the_history() -> None:
    membership = a_member(a_clinic()).memberships.get()

    deactivate_member(membership=membership)

    events = membership.events.order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(events.values_list("pgh_label", "is_active")) == [("insert", True), ("update", False)]


def test_a_clinic_is_chosen_among_ones_own_only(client: Client) -> None:
    first, second, other = a_clinic(name="A"), a_clinic(name="B"), a_clinic(name="C")
    user = a_member(first)
    Membership.objects.create(user=user, clinic=second)
    Membership.objects.create(user=user, clinic=other, is_active=False)
    client.force_login(user)

    answers = [
        client.post(f"/accounts/clinic/{clinic}/").status_code
        for clinic in (second.pk, other.pk, uuid.uuid4())
    ]

    assert answers == [302, 404, 404]
    assert client.session["clinic"] == str(second.pk)
    assert client.get("/accounts/password/change/").wsgi_request.membership.clinic == second  # type: ignore[attr-defined]
    assert client.get(f"/accounts/clinic/{second.pk}/").status_code == 405
