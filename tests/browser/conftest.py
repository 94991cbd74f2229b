"""Real Chromium against the real server, signed in as the people who use it."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from teams.models import Clinic, User
from tests.factories import PASSWORD, a_clinic
from tests.seeds import put_back

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A busy machine answers late, and only a test that fails waits so long.
expect.set_options(timeout=20_000)  # milliseconds

SYSTEM_BROWSER = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def browser(browser_type: BrowserType) -> Iterator[Browser]:
    """The system's Chromium; a machine without a browser fails here, it never skips."""
    executable = str(SYSTEM_BROWSER) if SYSTEM_BROWSER.exists() else None
    browser = browser_type.launch(executable_path=executable, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def _static_as_it_stands(settings: Settings) -> None:
    """The live server finds static files by their plain names, whatever was collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def clinic(transactional_db: None) -> Clinic:
    """A clinic that went live a year ago, in the machine's own time."""
    put_back()
    clinic = a_clinic(name="Harbor ALS Clinic", time_zone="UTC")
    clinic.live_on = clinic.today() - timedelta(days=365)
    clinic.save()
    return clinic


@pytest.fixture
def sign_in(page: Page, live_server: LiveServer) -> Callable[[User], Page]:
    """Sign in through the form, as a person would; scripts must not fail on any page."""
    page.on("pageerror", lambda error: pytest.fail(f"A script failed: {error}"))

    def signing_in(user: User) -> Page:
        page.goto(f"{live_server.url}/")
        page.get_by_label("Email").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{live_server.url}/")
        return page

    return signing_in
