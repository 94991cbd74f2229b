"""What every answer tells the browser, errors and redirects included."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from alscare.logs import hide_rows
from alscare.middleware import RequestLogMiddleware
from tests.alscare.test_environment import PRODUCTION, manage
from tests.factories import a_clinic, a_member

pytestmark = pytest.mark.django_db


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


urlpatterns = [path("fail/", fail), path("", include("alscare.urls"))]

DIRECTIVES = {
    "default-src": "'none'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


@pytest.fixture(autouse=True)
def _urls() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def policy(answer: HttpResponse) -> dict[str, str]:
    directives = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in directives}


@pytest.mark.parametrize(
    ("method", "address", "host", "status"),
    [
        ("get", "/accounts/login/", "127.0.0.1", 200),
        ("get", "/accounts/password/reset/", "127.0.0.1", 200),
        ("get", "/nowhere/", "127.0.0.1", 404),
        ("get", "/fail/", "127.0.0.1", 500),
        ("get", "/", "127.0.0.1", 302),
        ("post", "/accounts/login/", "127.0.0.1", 403),
        ("get", "/accounts/login/", "evil.example.org", 400),
        ("put", "/accounts/logout/", "127.0.0.1", 403),
    ],
)
def test_every_answer_carries_the_policy(method: str, address: str, host: str, status: int) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if address == "/fail/":
        client.force_login(a_member(a_clinic()))

    answer = getattr(client, method)(address, headers={"host": host})

    assert answer.status_code == status
    assert DIRECTIVES.items() <= policy(answer).items()
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert answer["Permissions-Policy"].startswith("accelerometer=()")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"


def test_no_template_has_an_inline_script_or_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
    )
    templates = Path(__file__).resolve().parents[2] / "templates"
    found = [
        f"{page.name}: {match.group()}"
        for page in templates.rglob("*.html")
        for match in inline.finditer(page.read_text())
        if "nonce=" not in match.group() and 'type="application/json"' not in match.group()
    ]

    assert found == []


def test_production_cookies_and_transport() -> None:
    script = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_SSL_REDIRECT,"
        " s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN)"
    )
    done = manage("shell", "--no-imports", "-c", script, settings=PRODUCTION)

    assert done.stdout == "__Host-sessionid __Host-csrftoken True True 63072000 True True / None\n"


def test_logs_hold_no_query_and_no_reset_key(rf: RequestFactory) -> None:
    searched = rf.get("/patients/?q=Alder")
    reset = rf.get("/accounts/password/reset/key/1a-secret-token/")

    assert RequestLogMiddleware.format_request(searched) == "GET /patients/"
    assert RequestLogMiddleware.format_request(reset) == "GET /accounts/password/reset/key/…"


def test_logs_hold_no_row_the_database_quotes() -> None:
    event = {"event": "failed", "exception": "IntegrityError: x\nDETAIL:  Failing row (Ruth Alder).\n\nmore"}

    assert hide_rows(None, "error", event) == {
        "event": "failed",
        "exception": "IntegrityError: x\nDETAIL: (not logged)\n\nmore",
    }
