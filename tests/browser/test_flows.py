"""The flows people come for, walked in a real browser."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from alerts.models import Alert
from alerts.services.sweep import sweep
from equipment.models import EquipmentItem
from equipment.services import advance, request_equipment
from pathway import clock
from patients.models import Patient
from teams.models import Clinic, User
from tests.factories import PASSWORD, a_member, a_patient
from worklist.models import CareTask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]


def ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def joined(clinic: Clinic, days: int, **names: str) -> Patient:
    """Somebody who joined so many days ago, with everything that fell due since swept up."""
    day = clinic.today() - timedelta(days=days)
    with clock.set_to(ago(days)):
        patient = a_patient(clinic, enrolled_on=day, diagnosed_on=day, **names)
    sweep()
    return patient


def stalled_wheelchair(patient: Patient, user: User) -> None:
    """A power wheelchair that has been with the payer for six weeks."""
    with clock.set_to(ago(50)):
        request = request_equipment(
            patient_id=patient.pk,
            user=user,
            item=EquipmentItem.objects.get(pk="power_wheelchair"),
            on=clock.today("UTC"),
        )
    with clock.set_to(ago(42)):
        advance(request=request, user=user, status="submitted", on=clock.today("UTC"))
    sweep()


def test_a_dietitian_logs_a_review_without_leaving_my_work(clinic: Clinic, sign_in: SignIn) -> None:
    dietitian = a_member(clinic, "nutrition")
    joined(clinic, 40)
    page = sign_in(dietitian)

    page.get_by_role("link", name="Log review").first.click()
    page.get_by_role("textbox", name="Weight").first.fill("63.1")
    page.get_by_role("button", name="Log review").click()

    expect(page.get_by_text("Nutrition review logged").first).to_be_visible()
    expect(page.get_by_text("Nothing overdue")).to_be_visible()
    assert page.url.endswith("/")
    assert Alert.objects.get(rule="NUTR-3M").close_reason == "satisfied"


def test_a_social_worker_moves_a_stalled_wheelchair_along(clinic: Clinic, sign_in: SignIn) -> None:
    social_worker = a_member(clinic, "social_work", name="Tom Finch")
    patient = joined(clinic, 60)
    stalled_wheelchair(patient, social_worker)
    page = sign_in(social_worker)
    first = page.locator("[data-row]").first
    expect(first).to_contain_text("Power wheelchair stalled")

    first.locator("summary").click()
    first.get_by_role("link", name="Log call").click()
    page.get_by_label("What they said").fill("Still in review")
    page.get_by_label("Call again").fill((clinic.today() + timedelta(days=2)).isoformat())
    page.get_by_role("button", name="Log call").click()
    expect(page.get_by_label("What they said")).to_have_count(0)
    next_call = clinic.today() + timedelta(days=2)
    expect(first).to_contain_text(f"Call {next_call.day} {next_call:%b %Y}")

    first.get_by_role("link", name="Move stage").click()
    page.get_by_label("Move to").select_option("approved")
    page.get_by_role("button", name="Move stage").click()

    expect(page.get_by_text("Power wheelchair moved to approved").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("Power wheelchair stalled")).to_have_count(0)
    assert not Alert.objects.filter(rule="EQ-STAGE", closed_at__isnull=True).exists()


def test_a_coordinator_adds_a_task_for_somebody_else(clinic: Clinic, sign_in: SignIn) -> None:
    coordinator = a_member(clinic, role="coordinator", name="Marcus Heron")
    colleague = a_member(clinic, "occupational_therapy", name="Jo Teal")
    patient = joined(clinic, 5)
    page = sign_in(coordinator)

    page.goto(f"{page.url}patients/{patient.pk}/tasks/add/")
    page.get_by_label("What to do").fill("Measure the doorway")
    page.locator("[name=due_on]").fill((clinic.today() + timedelta(days=3)).isoformat())
    page.get_by_label("Who").select_option(label="Jo Teal")
    page.get_by_role("button", name="Add task").click()

    expect(page.get_by_role("heading", name="Measure the doorway")).to_be_visible()
    task = CareTask.objects.get(rule="")
    assert (task.owner, task.assigned_by) == (colleague, coordinator)


def test_logging_works_without_javascript(clinic: Clinic, browser: Browser, live_server: LiveServer) -> None:
    dietitian = a_member(clinic, "nutrition")
    joined(clinic, 40)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/")
    page.get_by_label("Email").fill(dietitian.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("link", name="Log review").first.click()
    page.get_by_role("textbox", name="Weight").first.fill("63.1")
    page.get_by_role("button", name="Log review").click()

    expect(page.get_by_text("Nothing overdue")).to_be_visible()
    context.close()
    assert CareTask.objects.get(rule="NUTR-3M", closed_at__isnull=False).closed_on == clinic.today()
