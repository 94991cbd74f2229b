"""Changing a rule in a real browser: typed wrong, typed right, previewed, put in force."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from pathway import clock
from teams.models import Clinic, Role, User
from tests.browser.axe import violations
from tests.factories import PASSWORD, a_member, a_patient
from tests.worklist.records import task
from worklist.services.runs import work_off

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lead(clinic: Clinic) -> User:
    """A clinical lead."""
    return a_member(clinic, "neurology", role=Role.LEAD, name="Olga Bittern")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (375, "dark")])
def test_a_rule_is_changed_from_reading_it_to_its_history(
    clinic: Clinic, lead: User, browser: Browser, live_server: LiveServer, width: int, scheme: str
) -> None:
    joined = clinic.today() - timedelta(days=40)
    with clock.set_to(clock.now() - timedelta(days=40)):
        patient = a_patient(clinic, enrolled_on=joined, diagnosed_on=joined)
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page.goto(f"{live_server.url}/accounts/login/?next=/rules/")
    page.get_by_label("Email").fill(lead.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/rules/")
    assert violations(page) == []

    page.get_by_role("link", name="Nutrition review").click()
    page.wait_for_url("**/rules/NUTR-3M/")
    assert violations(page) == []
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Days from joining to the first review").fill("999")
    page.get_by_role("button", name="Save draft and preview").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a whole number from 7 to 180.")
    assert violations(page) == []

    page.get_by_label("Days from joining to the first review").fill("60")
    page.get_by_role("button", name="Save draft and preview").click()
    expect(page.get_by_role("status").first).to_contain_text("0 of 1 person checked.")
    assert violations(page) == []
    work_off()
    expect(page.get_by_role("heading", name="Would not have opened: 1 alert")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_role("alert")).to_contain_text("Why: Fill this in.")
    page.get_by_role("textbox", name="Why").fill("Agreed by the team.")
    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_text("Nutrition review: 0 of 1 person checked.")).to_be_visible()
    work_off()
    expect(page.get_by_text("Everybody has been recalculated.")).to_be_visible()
    expect(page.get_by_text("Agreed by the team.")).to_be_visible()
    assert violations(page) == []

    assert task(patient).due_on == joined + timedelta(days=60)
    page.context.close()


def test_without_script_progress_is_a_link_away(
    clinic: Clinic, lead: User, browser: Browser, live_server: LiveServer
) -> None:
    a_patient(clinic)
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{live_server.url}/accounts/login/?next=/rules/NUTR-3M/change/")
    page.get_by_label("Email").fill(lead.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Months between reviews").fill("4")
    page.get_by_role("button", name="Save draft and preview").click()
    expect(page.get_by_text("0 of 1 person checked.")).to_be_visible()
    work_off()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("1 of 1 person checked.")).to_be_visible()
    expect(page.get_by_role("button", name="Put in force")).to_be_visible()
    page.context.close()
