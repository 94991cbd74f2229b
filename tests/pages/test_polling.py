"""The live bell: counts come by polling as the page does it, which never keeps a session alive."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from alerts.services.sweep import sweep
from pathway import clock
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, moment

pytestmark = pytest.mark.django_db
MORNING = moment("2026-04-02 09:00")
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"}


@pytest.fixture
def client() -> Client:
    """A dietitian, with one person whose review is overdue since this morning."""
    clinic = a_clinic()
    with at("2026-03-02"):
        a_patient(clinic)
    browser = Client()
    browser.force_login(a_member(clinic, "nutrition"))
    return browser


def poll_of(page: str) -> tuple[str, dict[str, str]]:
    """The address that a page asks by itself, and the headers it sends."""
    found = re.search(r'<div hx-get="([^"]+)" hx-trigger="every 60s"[^>]*hx-headers=\'([^\']+)\'', page)
    assert found is not None
    return found.group(1), json.loads(unescape(found.group(2)))


def test_the_bell_follows_while_the_page_stands(client: Client) -> None:
    with clock.set_to(moment("2026-04-01 23:59")):
        url, headers = poll_of(client.get("/").content.decode())
        before = client.get(url, headers={**HTMX, **headers}).content.decode()
    with clock.set_to(moment("2026-04-02 00:01")):
        sweep()
        after = client.get(url, headers={**HTMX, **headers}).content.decode()

    assert before != after
    assert "hx-swap-oob" in after


def test_its_polling_does_not_extend_the_session(client: Client) -> None:
    with clock.set_to(MORNING):
        url, headers = poll_of(client.get("/").content.decode())
    answers = []
    for minute in range(1, 17):
        with clock.set_to(MORNING + timedelta(minutes=minute)):
            answer = client.get(url, headers={**HTMX, **headers})
            answers.append("HX-Redirect" in answer.headers)

    assert answers == [False] * 15 + [True]
    with clock.set_to(MORNING + timedelta(minutes=17)):
        assert client.get("/").status_code == 302


def test_a_page_asked_for_by_a_person_does_extend_it(client: Client) -> None:
    with clock.set_to(MORNING):
        client.get("/")
    with clock.set_to(MORNING + timedelta(minutes=14)):
        client.get("/")
    with clock.set_to(MORNING + timedelta(minutes=28)):
        assert client.get("/").status_code == 200
