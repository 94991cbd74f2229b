"""Fifteen idle minutes or twelve hours end a session; polling does not keep it alive."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from pathway import clock
from teams.services.people import deactivate_member, deactivate_user
from tests.factories import a_clinic, a_member

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


urlpatterns = [path("page/", page), path("", include("alscare.urls"))]


@pytest.fixture(autouse=True)
def _urls() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(a_member(a_clinic()))
    return client


def status(client: Client, at: timedelta, **headers: str) -> int:
    with clock.set_to(START + at):
        return client.get("/page/", headers=headers).status_code


def test_active_within_fifteen_minutes_stays_signed_in(client: Client) -> None:
    assert [status(client, minute * MINUTE) for minute in (0, 15, 30, 45)] == [200] * 4


def test_sixteen_idle_minutes_end_the_session(client: Client) -> None:
    assert [status(client, minute * MINUTE) for minute in (0, 16, 17)] == [200, 302, 302]


def test_polling_does_not_keep_a_session_alive(client: Client) -> None:
    poll = {"X-Alscare-Poll": "1"}
    assert status(client, 0 * MINUTE) == 200

    polled = [status(client, minute * MINUTE, **poll) for minute in (5, 10, 15)]

    assert polled == [200, 200, 200]
    assert status(client, 16 * MINUTE) == 302


def test_polling_alone_starts_the_idle_clock(client: Client) -> None:
    poll = {"X-Alscare-Poll": "1"}

    assert [status(client, minute * MINUTE, **poll) for minute in (0, 10, 16)] == [200, 200, 302]


def test_twelve_hours_end_a_session_in_use(client: Client) -> None:
    answers = [status(client, minute * MINUTE) for minute in range(0, 731, 10)]

    assert answers == [200] * 73 + [302]


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client: Client) -> None:
    status(client, 0 * MINUTE)
    with clock.set_to(START + 16 * MINUTE):
        answer = client.get(
            "/page/",
            headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/page/?tab=overdue"},
        )

    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/accounts/login/?next=/page/%3Ftab%3Doverdue"
    assert answer.content == b""


def test_a_deactivated_user_is_signed_out_by_the_next_request() -> None:
    user = a_member(a_clinic())
    client = Client()
    client.force_login(user)
    assert client.get("/page/").status_code == 200

    deactivate_user(user=user)

    assert client.get("/page/").status_code == 302
    user.is_active = True
    user.save()
    assert client.get("/page/").status_code == 200


def test_without_an_active_membership_there_is_a_page_that_says_so() -> None:
    user = a_member(a_clinic())
    client = Client()
    client.force_login(user)

    deactivate_member(membership=user.memberships.get())
    answer = client.get("/page/")

    assert answer.status_code == 403
    assert "no clinical role in a clinic" in answer.text
    assert client.get("/accounts/password/change/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
