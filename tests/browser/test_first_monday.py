"""The first Monday of an imported clinic: nothing floods, and the catch-up list is worked through."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from alerts.models import Alert, Delivery
from alerts.services.deliver import deliver_due
from alerts.services.sweep import sweep
from exchange.services.importing import import_clinic
from pathway import clock
from pathway.dates import add_months
from teams.models import Clinic, DefaultSeat, Role, User
from tests.alerts.outbox import Mailbox, mail_server
from tests.browser.axe import violations
from tests.exchange.folders import Folder
from tests.factories import PASSWORD, a_member
from worklist.models import CareTask
from worklist.selectors.catch_up import progress_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = 60
SignIn = Callable[[User], Page]


@pytest.fixture
def new_clinic(clinic: Clinic) -> Clinic:
    """Live from today, which is to be like a Monday: open, and mailed to."""
    clinic.live_on, clinic.open_days = clinic.today(), list(range(7))
    clinic.save()
    return clinic


@pytest.fixture
def team(new_clinic: Clinic) -> dict[str, User]:
    """Who works there: most disciplines have somebody, whose seat new people inherit."""
    by_code = {
        "nutrition": a_member(new_clinic, "nutrition"),
        "social_work": a_member(new_clinic, "social_work", name="Tom Finch"),
        "pulmonology": a_member(new_clinic, "pulmonology", name="Rosa Siskin"),
    }
    for code, user in by_code.items():
        DefaultSeat.objects.create(clinic=new_clinic, discipline_id=code, member=user)
    return by_code | {"coordinator": a_member(new_clinic, role=Role.COORDINATOR, name="Marcus Heron")}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def history(today: date) -> dict[str, Any]:
    """Sixty people in care for three to nineteen months, whose last nutrition review is long ago."""
    patients, reviews = [], []
    for number in range(PEOPLE):
        joined = add_months(today, -(3 + number % 17))
        patients.append(
            {
                "external_id": f"P{number}",
                "mrn": f"D-{number:04}",
                "given_name": f"Ruth {number:02}",
                "family_name": "Alder",
                "birth_on": (date(1955, 1, 1) + timedelta(days=97 * number)).isoformat(),
                "enrolled_on": joined.isoformat(),
            }
        )
        if number % 3:
            on = joined + timedelta(days=number % 20)
            if add_months(on, 3) >= today:
                on = add_months(today, -4)
            reviews.append(
                {
                    "external_id": f"n{number}",
                    "patient": f"P{number}",
                    "date": max(on, joined).isoformat(),
                    "weight_kg": "64.9",
                }
            )
    return {"patients": patients, "nutrition_review": reviews}


def row_of(page: Page, task: CareTask) -> Locator:
    return page.locator(f"#task-{task.pk}")


def from_menu(row: Locator, name: str) -> None:
    row.locator("summary").click()
    row.get_by_role("link", name=name).click()


def test_nothing_is_mailed_and_the_coordinator_works_the_list(
    new_clinic: Clinic, team: dict[str, User], folder: Folder, mail: Mailbox, sign_in: SignIn
) -> None:
    today = new_clinic.today()
    assert list(import_clinic(clinic=new_clinic, folder=folder.write(**history(today)).path).problems) == []
    sweep()
    deliver_due()
    assert (mail.messages, Delivery.objects.filter(state="waiting").count()) == ([], 0)

    overdue = Alert.objects.filter(clinic=new_clinic, closed_at=None).count()
    assert overdue > PEOPLE
    assert progress_of(new_clinic).overall.left == CareTask.objects.filter(catch_up=True).count() == overdue
    assert len(progress_of(new_clinic).overall.people) == PEOPLE

    page = sign_in(team["coordinator"])
    page.get_by_role("link", name="Going live").click()
    expect(page.locator("#lead")).to_contain_text(f"{overdue} of {overdue} items")
    expect(page.locator("#lead")).to_contain_text(f"for {PEOPLE} people")
    nutrition = page.locator("#catch-up tr").filter(has_text="Nutrition")
    nutrition.get_by_role("link").click()
    page.wait_for_url(re.compile("nutrition"))
    total = progress_of(new_clinic).by_discipline["nutrition"].total
    assert violations(page) == []

    for box in page.locator(".al-tick input").all()[:4]:
        box.check()
    expect(page.get_by_text("4 selected")).to_be_visible()
    page.get_by_label("Assign to").select_option(label="Nadia Wren")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.locator(".al-catch-list > .al-under").first).to_contain_text("4 assigned")
    booked, declined, logged = CareTask.objects.filter(
        rule="NUTR-3M", catch_up=True, assigned_to=None
    ).order_by("due_on", "patient__family_name", "patient__given_name", "id")[:3]

    from_menu(row_of(page, booked), "Book a day")
    page.get_by_label("Booked for").fill((today + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Book", exact=True).last.click()
    expect(row_of(page, booked)).to_contain_text("Booked")

    from_menu(row_of(page, declined), "Declined")
    page.get_by_role("button", name="Record").last.click()
    expect(row_of(page, declined)).to_have_class("al-item al-task al-logged")
    expect(nutrition).to_contain_text(f"1 of {total}")

    row_of(page, logged).get_by_role("link", name="Log review").click()
    row_of(page, logged).get_by_role("textbox", name="Weight").fill("63.1")
    row_of(page, logged).get_by_role("button", name="Log review").click()
    expect(page.get_by_text("Nutrition review logged").first).to_be_visible()
    expect(nutrition).to_contain_text(f"2 of {total}")
    expect(page.locator("#lead")).to_contain_text(f"{overdue - 2} of {overdue} items")

    nutrition_now = progress_of(new_clinic).by_discipline["nutrition"]
    assert (nutrition_now.recorded, nutrition_now.chosen) == (1, 1)
    assert (nutrition_now.booked, nutrition_now.assigned) == (1, 4)

    for day in range(3):
        with clock.set_to(clock.now() + timedelta(days=day)):
            sweep()
            deliver_due()
    about_catch_up = Delivery.objects.filter(alert__task__catch_up=True)
    assert about_catch_up.count() == 0
    ordinary = Alert.objects.filter(task__catch_up=False).exists()
    assert len(mail.messages) <= (3 * len(team) if ordinary else 0)


def test_the_first_two_mornings_bring_no_mail_without_news(
    new_clinic: Clinic, team: dict[str, User], folder: Folder, mail: Mailbox
) -> None:
    today = new_clinic.today()
    import_clinic(clinic=new_clinic, folder=folder.write(**history(today)).path)
    sweep()
    CareTask.objects.filter(catch_up=False).update(wake_at=None)  # nothing else falls due
    for day in range(2):
        with clock.set_to(new_clinic.start_of(today + timedelta(days=day)) + timedelta(hours=23)):
            deliver_due()

    assert Alert.objects.filter(closed_at=None).count() > PEOPLE
    assert (mail.messages, Delivery.objects.count()) == ([], 0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(
    new_clinic: Clinic, team: dict[str, User], folder: Folder, browser: Browser, live_server: LiveServer,
    scheme: str,
) -> None:  # fmt: skip
    import_clinic(clinic=new_clinic, folder=folder.write(**history(new_clinic.today())).path)
    sweep()
    page = browser.new_page(viewport={"width": 375, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/accounts/login/?next=/going-live/")
    page.get_by_label("Email").fill(team["coordinator"].email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Going live")).to_be_visible()

    assert violations(page) == []
    page.context.close()
