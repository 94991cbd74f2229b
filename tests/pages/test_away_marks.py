"""Colleagues who are away are marked where work is given out, and in the seats of a team."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patients.services import assign_care_team
from teams.models import Clinic, Discipline, Membership, Role, User
from teams.services.people import deactivate_member, set_away
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, task

pytestmark = pytest.mark.django_db

MARK = "Tom Finch (away until 20 Apr 2026, Maya Lark stands in)"


@pytest.fixture(autouse=True)
def _april() -> Iterator[None]:
    with at("2026-04-14"):
        yield


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic()


@pytest.fixture
def coordinator(clinic: Clinic) -> User:
    return a_member(clinic, role=Role.COORDINATOR, name="Marcus Heron")


@pytest.fixture
def tom(clinic: Clinic) -> User:
    return a_member(clinic, "social_work", name="Tom Finch")


@pytest.fixture
def maya(clinic: Clinic) -> User:
    return a_member(clinic, "social_work", name="Maya Lark")


def away(user: User, deputy: User, first: str = "2026-04-13", last: str = "2026-04-20") -> None:
    membership = Membership.objects.get(user=user)
    until = day(last) if last else None
    set_away(membership_id=membership.pk, away_from=day(first), away_until=until, deputy=deputy)


def page(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(address).text


@pytest.mark.parametrize("where", ["assign", "own task", "seat", "deputy", "several at once"])
def test_marked_wherever_somebody_is_chosen(
    clinic: Clinic, coordinator: User, tom: User, maya: User, where: str
) -> None:
    away(tom, maya)
    patient = a_patient(clinic)
    address = {
        "assign": reverse("pages:task_assign", args=[task(patient).pk]),
        "own task": reverse("pages:task_add", args=[patient.pk]),
        "seat": reverse("pages:seat", args=[patient.pk, "social_work"]),
        "deputy": reverse("pages:away"),
        "several at once": reverse("pages:my_work"),
    }[where]

    text = page(coordinator, address)

    assert text.count(MARK) == 1
    assert "Maya Lark</option>" in text


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-04-14", "2026-04-14", "Tom Finch (away until 14 Apr 2026, Maya Lark stands in)"),
        ("2026-04-14", "", "Tom Finch (away, Maya Lark stands in)"),
        ("2026-04-15", "2026-04-20", "Tom Finch</option>"),
        ("2026-04-01", "2026-04-13", "Tom Finch</option>"),
    ],
)
def test_only_while_they_are_away(
    clinic: Clinic, coordinator: User, tom: User, maya: User, first: str, last: str, said: str
) -> None:
    away(tom, maya, first, last)

    assert said in page(coordinator, reverse("pages:task_assign", args=[task(a_patient(clinic)).pk]))


def test_a_deputy_who_has_left_stands_in_no_longer(
    clinic: Clinic, coordinator: User, tom: User, maya: User
) -> None:
    away(tom, maya)
    deactivate_member(membership=Membership.objects.get(user=maya))

    text = page(coordinator, reverse("pages:task_assign", args=[task(a_patient(clinic)).pk]))

    assert "Tom Finch (away until 20 Apr 2026)</option>" in text


def test_time_away_from_another_clinic_says_nothing_here(
    clinic: Clinic, coordinator: User, tom: User
) -> None:
    other = a_clinic()
    elsewhere = Membership.objects.create(user=tom, clinic=other, role=Role.MEMBER)
    set_away(
        membership_id=elsewhere.pk,
        away_from=day("2026-04-13"),
        away_until=None,
        deputy=a_member(other, name="Jo Teal"),
    )

    text = page(coordinator, reverse("pages:task_assign", args=[task(a_patient(clinic)).pk]))

    assert "Tom Finch</option>" in text


def test_marked_in_the_seats_of_the_team(clinic: Clinic, coordinator: User, tom: User, maya: User) -> None:
    patient = a_patient(clinic)
    assign_care_team(
        patient_id=patient.pk,
        user=coordinator,
        discipline=Discipline.objects.get(pk="social_work"),
        on=day("2026-04-01"),
        member=tom,
    )
    here = page(coordinator, reverse("pages:patient", args=[patient.pk]))
    away(tom, maya)

    seat = page(coordinator, reverse("pages:patient", args=[patient.pk])).split('id="seat-social_work"', 1)[1]

    assert "stands in" not in here
    assert "away until 20 Apr 2026, Maya Lark stands in" in seat.split("</li>", 1)[0]


@pytest.mark.parametrize("people", [0, 4])
def test_takes_the_same_queries_however_many_are_away(
    clinic: Clinic,
    coordinator: User,
    maya: User,
    people: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(people):
        away(a_member(clinic, name=f"Tom {number}"), maya)
    client, address = Client(), reverse("pages:task_assign", args=[task(a_patient(clinic)).pk])
    client.force_login(coordinator)
    client.get(address)

    with django_assert_num_queries(6):
        client.get(address)
