"""Screens pass axe and fit, in both schemes, by mouse, keys and touch; the first load is small."""

import gzip
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from alerts.services.sweep import sweep
from assessments.services import log_assessment
from equipment.models import EquipmentItem
from equipment.services import request_equipment
from pathway import clock
from patients.models import Patient
from teams.models import Clinic, User
from tests.browser.axe import violations
from tests.factories import PASSWORD, a_member, a_patient
from tests.pages.patient_page import SCORES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]
SCREENS = (
    "", "patients/", "equipment/", "equipment/table/", "referrals/", "alerts/", "alerts/burden/",
    "going-live/", "rules/", "away/", "account/notifications/", "demo/components/",
)  # fmt: skip
MOST_REQUESTS, MOST_BYTES = 15, 200_000
MEASURED: Mapping[str, dict[str, int]] = {"resp_assessment": {"fvc_pct": 58}, "alsfrs_r": SCORES}


@pytest.fixture
def coordinator(clinic: Clinic) -> User:
    """A coordinator of a clinic with an overdue review, a missing referral and a stalled request."""
    user = a_member(clinic, "nutrition", role="coordinator", name="Marcus Heron")
    day = clinic.today() - timedelta(days=40)
    with clock.set_to(clock.now() - timedelta(days=40)):
        patient = a_patient(clinic, enrolled_on=day, diagnosed_on=day)
        item = EquipmentItem.objects.get(pk="power_wheelchair")
        request_equipment(patient_id=patient.pk, user=user, item=item, on=clock.today("UTC"))
        for kind, findings in MEASURED.items():
            log_assessment(
                patient_id=patient.pk, user=user, kind=kind, findings=findings, on=clock.today("UTC")
            )
    sweep()
    return user


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (375, "dark")])
def test_every_screen_passes_axe(
    coordinator: User, browser: Browser, live_server: LiveServer, width: int, scheme: str
) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page.goto(f"{live_server.url}/")
    found = violations(page)
    page.get_by_label("Email").fill(coordinator.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{live_server.url}/")

    patient = Patient.objects.get()
    of_patient = ("", "log/", "log/alsfrs_r/", "log/dysphagia_plan/", "log/advance_directive/")
    for screen in (*SCREENS, *(f"patients/{patient.pk}/{rest}" for rest in of_patient)):
        page.goto(f"{live_server.url}/{screen}")
        expect(page.locator("h1")).to_have_count(1)
        found += violations(page)

    page.context.close()
    assert found == []


def test_open_forms_errors_and_the_drawer_pass_axe(coordinator: User, sign_in: SignIn) -> None:
    page = sign_in(coordinator)

    page.get_by_role("link", name="Log review").first.click()
    expect(page.locator(".al-form")).to_be_visible()
    found = violations(page)
    page.locator("[name=happened_on]").fill("2099-01-01")
    page.get_by_role("button", name="Log review").click()
    expect(page.locator(".al-errors")).to_be_focused()
    found += violations(page)
    page.keyboard.press("Escape")
    page.locator(".al-why").first.click()
    expect(page.get_by_role("heading", name="How the date was worked out")).to_be_visible()
    found += violations(page)

    assert found == []


def test_a_planted_fault_is_found(coordinator: User, sign_in: SignIn) -> None:
    page = sign_in(coordinator)

    page.evaluate("document.querySelector('h1').style.color = '#999'")

    assert violations(page) == [f"{page.url} color-contrast: ['h1']"]


def test_work_is_done_by_keys_alone(coordinator: User, sign_in: SignIn) -> None:
    page = sign_in(coordinator)
    row = page.locator("[data-row]", has_text="Nutrition review").first
    rows = page.locator("[data-row]").all_inner_texts()
    at = next(n for n, text in enumerate(rows) if "Nutrition review" in text)

    for _ in range(at + 1):
        page.keyboard.press("j")
    page.keyboard.press("w")
    expect(page.locator("#drawer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    page.keyboard.press("l")
    weight = row.get_by_role("textbox", name="Weight")
    expect(weight).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".al-form")).to_have_count(0)
    expect(row.locator(".al-do")).to_be_focused()
    page.keyboard.press("l")
    expect(weight).to_be_focused()
    page.keyboard.type("63.1")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Nutrition review logged").first).to_be_visible()
    expect(page.locator("#announce")).to_contain_text("Nutrition review logged")


def test_single_letters_are_silent_while_typing_and_can_be_switched_off(
    coordinator: User, sign_in: SignIn
) -> None:
    page = sign_in(coordinator)

    page.keyboard.press("/")
    page.keyboard.type("jl?")
    expect(page.locator("#search")).to_have_value("jl?")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_label("Switch single-letter keys off").check()
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    page.keyboard.press("?")

    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator(".al-form")).to_have_count(0)


def test_nothing_typed_is_lost_without_a_connection(coordinator: User, sign_in: SignIn) -> None:
    page = sign_in(coordinator)
    page.get_by_role("link", name="Log review").first.click()
    weight = page.get_by_role("textbox", name="Weight")
    weight.fill("63.1")

    page.route("**/log/", lambda route: route.abort())
    page.get_by_role("button", name="Log review").click()

    expect(page.locator("#notices")).to_contain_text("Not saved: no connection.")
    expect(weight).to_have_value("63.1")


@pytest.mark.parametrize("whose", ["my work", "a patient with charts"])
def test_the_first_load_is_small(coordinator: User, sign_in: SignIn, whose: str) -> None:
    page = sign_in(coordinator)
    page.wait_for_load_state("networkidle")  # what the page before asked for is not this one's
    url = page.url if whose == "my work" else f"{page.url}patients/{Patient.objects.get().pk}/"
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))

    page.goto(url, wait_until="networkidle")

    assert page.locator(".al-course-chart").count() == (0 if whose == "my work" else 2)

    assert 3 < len(answers) <= MOST_REQUESTS
    assert sum(len(gzip.compress(answer.body())) for answer in answers) <= MOST_BYTES
