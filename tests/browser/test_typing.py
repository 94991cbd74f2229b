"""What is typed into a form in place stays where it was typed, however quick the hands and slow the line."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from alerts.services.sweep import sweep
from equipment.models import EquipmentItem
from equipment.services import advance, request_equipment
from pathway import clock
from teams.models import Clinic, User
from tests.factories import a_member, a_patient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]
SLOW = 400  # milliseconds


@pytest.fixture
def page_with_call(clinic: Clinic, sign_in: SignIn) -> Page:
    """My work of a social worker with one stalled request."""
    user = a_member(clinic, "social_work", name="Tom Finch")
    with clock.set_to(clock.now() - timedelta(days=40)):
        patient = a_patient(clinic, enrolled_on=clinic.today())
        item = EquipmentItem.objects.get(pk="power_wheelchair")
        request = request_equipment(patient_id=patient.pk, user=user, item=item, on=clinic.today())
        advance(request=request, user=user, status="submitted", on=clinic.today())
    sweep()
    return sign_in(user)


def slow_line(page: Page) -> None:
    """Every answer takes a while from now on."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": SLOW, "downloadThroughput": -1, "uploadThroughput": -1},
    )


def log_call(page: Page) -> Locator:
    """The menu's link to log a call, with the menu open."""
    row = page.locator("[data-row]").first
    row.locator("summary").click()
    return row.get_by_role("link", name="Log call")


def test_typing_begins_as_soon_as_the_form_is_there(page_with_call: Page) -> None:
    """The form takes the focus when it appears, not a moment later from a field somebody chose."""
    page = page_with_call
    page.evaluate(f"htmx.config.defaultSettleDelay = {SLOW}")

    log_call(page).click()
    said = page.get_by_label("What they said")
    said.press_sequentially("Still in review", delay=SLOW / 10)

    expect(said).to_have_value("Still in review")
    expect(page.get_by_label("Spoke with")).to_have_value("")


def test_a_double_click_opens_one_form(page_with_call: Page) -> None:
    """A second answer must not replace the form that somebody is typing into."""
    page = page_with_call
    slow_line(page)
    page.evaluate(
        """() => { window.forms = 0; new MutationObserver((changes) => changes.forEach((change) =>
        change.addedNodes.forEach((node) => { if (node.matches?.(".al-form")) window.forms += 1; })
        )).observe(document.body, { childList: true, subtree: true }); }"""
    )

    link = log_call(page)
    link.evaluate("(link) => { link.click(); link.click(); }")
    said = page.get_by_label("What they said")
    said.fill("Still in review")
    page.wait_for_timeout(3 * SLOW)

    assert page.evaluate("window.forms") == 1
    expect(said).to_have_value("Still in review")


def test_the_verb_again_keeps_a_form_that_was_begun(page_with_call: Page) -> None:
    page = page_with_call
    log_call(page).click()
    said = page.get_by_label("What they said")
    said.fill("Still in review")

    log_call(page).click()
    page.wait_for_load_state("networkidle")

    expect(page.locator(".al-form")).to_have_count(1)
    expect(said).to_have_value("Still in review")
    expect(page.get_by_label("Spoke with")).to_be_focused()
