"""The alert burden on a page: figures for those who look after the clinic, no patient in them."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from alerts.services.sweep import sweep
from audit.models import ChartRead
from pages.present.burden import first_day
from teams.models import Clinic, Role
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, reviewed
from worklist.models import CareTask

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _may() -> Iterator[None]:
    with at("2026-05-31"):
        yield


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic()


def overdue(clinic: Clinic, people: int = 1) -> None:
    """Nutrition reviews overdue from 2 Apr 2026, the first of them recorded two days later."""
    for number in range(people):
        with at("2026-03-02"):
            patient = a_patient(clinic)
        others = CareTask.objects.filter(patient=patient).exclude(rule="NUTR-3M")
        others.update(wake_at=None, rises_at=None)
        with at("2026-04-02"):
            sweep()
        if number == 0:
            with at("2026-04-04"):
                reviewed(patient, "2026-04-04")


def signed_in(clinic: Clinic, role: Role = Role.COORDINATOR) -> Client:
    client = Client()
    client.force_login(a_member(clinic, role=role))
    return client


def page(clinic: Clinic, role: Role = Role.COORDINATOR, **query: str) -> str:
    return signed_in(clinic, role).get(reverse("alerts:burden"), query).text


def rows(text: str) -> dict[str, list[str]]:
    """The figures of each row of the tables, by what stands at its head, without markup."""
    parts = text.replace("</th>", "<").split("<tr>")
    found = {}
    for part in parts:
        words = [word.split(">")[-1].strip() for word in part.partition("</tr")[0].split("<")]
        name, *figures = [word for word in words if word] or [""]
        found[name] = figures
    return found


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD, Role.ADMIN])
def test_shows_figures_and_no_patient(clinic: Clinic, role: Role) -> None:
    overdue(clinic, 2)

    text = page(clinic, role)

    # From 1 March; both joined on the second: 91 days each.
    assert (
        "<b>0.33 new alerts per patient-month</b>: 2 alerts, 2 people in care, 1 Mar 2026 to 31 May" in text
    )
    assert rows(text)["Nutrition review"] == [
        "NUTR-3M", "2", "0.33", "0%", "0 of 2", "0%", "0 of 2", "50%", "1 of 2", "0%", "0 of 1", "1",
    ]  # fmt: skip
    assert rows(text)["Urgent"] == ["0", "0.00", "–", "–", "–", "–", "0"]
    assert "Alder" not in text
    assert not ChartRead.objects.exists()


def test_other_members_are_told_whom_it_is_for(clinic: Clinic) -> None:
    answer = signed_in(clinic, Role.MEMBER).get(reverse("alerts:burden"))

    assert answer.status_code == 403
    assert "coordinators, clinical leads and admins" in answer.text


@pytest.mark.parametrize(
    ("role", "is_there"), [(Role.MEMBER, False), (Role.COORDINATOR, True), (Role.LEAD, True)]
)
def test_stands_in_the_account_menu_of_those_it_is_for(clinic: Clinic, role: Role, is_there: bool) -> None:
    text = signed_in(clinic, role).get(reverse("pages:my_work")).text

    assert (f'href="{reverse("alerts:burden")}"' in text) is is_there


@pytest.mark.parametrize(
    ("period", "first"),
    [("30d", date(2026, 5, 2)), ("3m", date(2026, 3, 1)), ("12m", date(2025, 6, 1))],
)
def test_a_period_ends_today(period: str, first: date) -> None:
    assert first_day(period, day("2026-05-31")) == first


def test_the_period_is_chosen_and_stays_chosen(clinic: Clinic) -> None:
    overdue(clinic)

    text = page(clinic, period="30d", within="14")

    assert "2 May 2026 to 31 May 2026" in text
    assert "No alerts in this time" in text
    assert 'href="/alerts/burden/?period=30d&amp;within=14" aria-current="true"' in text
    assert "Acted on in 14 days" in text


@pytest.mark.parametrize("within", ["", "0", "-1", "91", "1e3", "²", "9" * 5000, "' OR 1"])
@pytest.mark.parametrize("period", ["", "3M", "99y"])
def test_nonsense_in_the_address_is_as_if_not_said(clinic: Clinic, period: str, within: str) -> None:
    text = page(clinic, period=period, within=within)

    assert "1 Mar 2026 to 31 May 2026" in text
    assert "Acted on in 7 days" in text


def test_catch_up_work_stands_last_and_in_no_rate() -> None:
    clinic = a_clinic(live_on=day("2026-04-13"))
    overdue(clinic)

    text = page(clinic)

    assert "0 alerts, 1 person in care, 13 Apr 2026 to 31 May 2026" in text
    assert rows(text)["Catch-up"][:2] == ["1", "–"]


def test_another_clinics_alerts_are_not_there(clinic: Clinic) -> None:
    overdue(a_clinic())

    assert "No alerts in this time" in page(clinic)


@pytest.mark.parametrize("people", [1, 3])
def test_takes_the_same_queries_however_many_alerts(
    clinic: Clinic, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    overdue(clinic, people)
    client = signed_in(clinic)
    client.get(reverse("alerts:burden"))

    with django_assert_num_queries(5):
        client.get(reverse("alerts:burden"))
