"""Alerts nobody answers, and alerts somebody has wait, walked in a real browser."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from alerts.models import Alert
from alerts.services.sweep import sweep
from pathway import clock
from patients.models import Patient
from teams.models import Clinic, User
from tests.factories import a_member, a_patient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]


def ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def joined(clinic: Clinic, days: int) -> Patient:
    """Somebody who joined so many days ago, with the sweep running every day since."""
    with clock.set_to(ago(days)):
        day = clinic.today()
        patient = a_patient(clinic, enrolled_on=day, diagnosed_on=day)
    for each in range(days, -1, -1):
        with clock.set_to(ago(each)):
            sweep()
    return patient


def test_an_escalation_nobody_answered_reaches_the_lead(clinic: Clinic, sign_in: SignIn) -> None:
    a_member(clinic, "social_work", name="Tom Finch")
    a_member(clinic, role="coordinator", name="Marcus Heron")
    lead = a_member(clinic, role="lead", name="Lee Hart")
    joined(clinic, 50)
    page = sign_in(lead)

    page.get_by_role("link", name="Alerts").first.click()
    first = page.locator("[data-row]").first
    expect(first).to_contain_text("Escalated")
    expect(first).to_contain_text("Came to you after")
    row = page.locator("[data-row]").filter(has_text="No palliative referral")
    expect(row).to_contain_text("In the social work queue.")
    row.get_by_role("link", name="Why?").click()
    expect(page.locator("#drawer")).to_be_visible()
    told = page.locator(".al-told")
    expect(told).to_contain_text("Escalated to the coordinator: Marcus Heron")
    expect(told).to_contain_text("Escalated to the clinical lead: Lee Hart")
    page.keyboard.press("Escape")

    row.get_by_role("button", name="Acknowledge").click()

    expect(row).to_contain_text("seen")
    expect(row.get_by_role("button", name="Acknowledge")).to_have_count(0)
    assert Alert.objects.get(rule="PALL-REF").closed_at is None


def test_a_snooze_ends_early_when_the_facts_get_worse(clinic: Clinic, sign_in: SignIn) -> None:
    social_worker = a_member(clinic, "social_work", name="Tom Finch")
    patient = joined(clinic, 32)
    page = sign_in(social_worker)
    start = page.url
    page.goto(f"{start}alerts/")
    row = page.locator("[data-row]").filter(has_text="No palliative referral")

    row.get_by_role("link", name="Snooze").click()
    row.get_by_label("Reason").select_option(label="Visit or call booked")
    row.get_by_label("Note").fill("Maya places it on Monday")
    row.get_by_role("button", name="Snooze").click()

    expect(page.get_by_text("snoozed until").first).to_be_visible()
    expect(page.locator("#horizon")).to_contain_text("1 Snoozed")
    page.reload()
    expect(row).to_have_count(0)
    page.get_by_role("link", name="1 Snoozed").click()
    expect(row).to_contain_text("You,")
    expect(row).to_contain_text("Maya places it on Monday")

    page.goto(f"{start}patients/{patient.pk}/log/bulbar_status/")
    page.get_by_text("Yes", exact=True).first.click()
    page.locator(".al-form button[type=submit]").click()
    page.wait_for_url(f"{start}patients/{patient.pk}/**")

    page.goto(f"{start}alerts/")
    expect(row).to_contain_text("Critical")
    assert Alert.objects.get(rule="PALL-REF").snoozes.get().end_reason == "worse"


def test_a_row_of_my_work_is_snoozed_and_brought_back(clinic: Clinic, sign_in: SignIn) -> None:
    social_worker = a_member(clinic, "social_work", name="Tom Finch")
    joined(clinic, 32)
    page = sign_in(social_worker)
    row = page.locator("[data-row]").filter(has_text="No palliative referral")

    row.locator("summary").click()
    row.get_by_role("link", name="Snooze").click()
    row.get_by_role("button", name="Snooze").click()
    expect(page.get_by_text("snoozed until").first).to_be_visible()
    page.get_by_role("button", name="Undo").click()

    expect(row).to_contain_text("Urgent")
    expect(row.locator("summary")).to_be_visible()
