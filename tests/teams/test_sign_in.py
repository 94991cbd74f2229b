"""Signing in, passwords by mail, no sign-up, and limits on trying."""

import re
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django.fixtures import Settings

from teams.models import User
from tests.factories import PASSWORD, a_clinic, a_member

pytestmark = pytest.mark.django_db

NEW = "quite another long password"


class DeadMailServer(BaseEmailBackend):
    """What Django sees when nobody listens."""

    def send_messages(self, email_messages: Any) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")


@pytest.fixture
def user() -> User:
    return a_member(a_clinic(), "nutrition", email="nadia@example.org")


def sign_in(client: Client, *, password: str = PASSWORD, email: str = "nadia@example.org") -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_email_and_password_sign_in_whatever_the_case(client: Client, user: User) -> None:
    answer = sign_in(client, email="Nadia@Example.org")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client: Client, user: User) -> None:
    wrong = sign_in(client, password="wrong")
    unknown = sign_in(client, email="nobody@example.org")

    errors = [answer.context["form"].errors for answer in (wrong, unknown)]
    assert errors[0] == errors[1] != {}
    assert not is_signed_in(client)


def test_a_deactivated_user_cannot_sign_in(client: Client, user: User) -> None:
    user.is_active = False
    user.save()

    sign_in(client)

    assert not is_signed_in(client)


def test_signing_out_ends_the_session(client: Client, user: User) -> None:
    sign_in(client)

    client.post("/accounts/logout/")

    assert not is_signed_in(client)


@pytest.mark.parametrize("name", ["account_signup", "account_email"])
def test_nobody_signs_up_or_changes_an_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_six_tries_at_one_account_are_too_many_even_with_the_right_password(
    client: Client, user: User
) -> None:
    for _try in range(5):
        sign_in(client, password="wrong")

    sign_in(client)

    assert not is_signed_in(client)


def test_tries_at_one_account_do_not_lock_a_colleague_out(client: Client, user: User) -> None:
    a_member(a_clinic(), email="colleague@example.org")
    for _try in range(5):
        sign_in(client, password="wrong")

    sign_in(client, email="colleague@example.org")

    assert is_signed_in(client)


def ask_for_reset(client: Client, email: str) -> Any:
    return client.post("/accounts/password/reset/", {"email": email})


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+)", str(message.body))
    assert found is not None, message.body
    return found.group(1)


def test_a_forgotten_password_is_set_anew_by_mail(client: Client, user: User) -> None:
    ask_for_reset(client, "nadia@example.org")
    [message] = mail.outbox
    assert message.to == ["nadia@example.org"]
    assert message.subject == "Set a new password"

    form = client.get(link_in(message))["Location"]
    answer = client.post(form, {"password1": NEW, "password2": NEW})

    assert answer["Location"] == "/accounts/password/reset/key/done/"
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_a_link_works_once(client: Client, user: User) -> None:
    ask_for_reset(client, "nadia@example.org")
    link = link_in(mail.outbox[0])
    client.post(client.get(link)["Location"], {"password1": NEW, "password2": NEW})

    again = Client().get(link)

    assert again.status_code == 200
    assert "form" not in again.context or again.context.get("token_fail")


def test_the_link_names_the_public_address_whatever_the_request_says(client: Client, user: User) -> None:
    client.post("/accounts/password/reset/", {"email": user.email}, headers={"host": "localhost"})

    assert link_in(mail.outbox[0])


def test_an_unknown_address_gets_no_mail_and_the_same_answer(client: Client, user: User) -> None:
    answers = [ask_for_reset(client, email) for email in (user.email, "nobody@example.org")]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2
    assert len(mail.outbox) == 1


def test_a_dead_mail_server_does_not_tell_who_has_an_account(
    client: Client, user: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.DeadMailServer"

    answers = [ask_for_reset(client, email) for email in (user.email, "nobody@example.org")]

    assert [answer.status_code for answer in answers] == [302, 302]


@pytest.mark.parametrize("weak", ["short", "123456789012345678", "1q2w3e4r5t6y7u8i9o", "nadia@example.org"])
def test_weak_passwords_are_refused(client: Client, user: User, weak: str) -> None:
    sign_in(client)

    answer = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    )

    assert answer.status_code == 200
    assert "password1" in answer.context["form"].errors or "password2" in answer.context["form"].errors


def test_changing_the_password_signs_out_everywhere(client: Client, user: User) -> None:
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)

    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert not is_signed_in(client)
    assert elsewhere.get("/accounts/password/change/").status_code == 302
    sign_in(client, password=NEW)
    assert is_signed_in(client)
