"""The page where people sign in."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from exchange.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.factories import a_clinic, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tom_of_the_demo() -> None:
    a_member(a_clinic(), name="Tom Finch", email="tom.finch@harbor.example")


def sign_in_page() -> str:
    return Client().get(reverse("account_login")).text


def test_a_demo_says_as_whom_one_can_sign_in(settings: Settings) -> None:
    settings.DEMO = True

    page = sign_in_page()

    assert f"The password of each is <b>{DEMO_PASSWORD}</b>" in page
    assert [account.email for account in DEMO_ACCOUNTS if account.email not in page] == []


def test_outside_a_demo_nobody_is_named(settings: Settings) -> None:
    settings.DEMO = False

    page = sign_in_page()

    assert "@harbor.example" not in page
    assert DEMO_PASSWORD not in page


def test_there_is_one_way_to_a_new_password() -> None:
    assert sign_in_page().count(reverse("account_reset_password")) == 1
