"""Going live: catch-up work counted apart, by discipline, and worked through."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from alerts.services.sweep import sweep
from assessments.services import log_assessment
from audit.models import ChartRead
from pathway import clock
from patients import services as patients
from patients.models import Patient
from teams.models import Clinic, Discipline, Role, User
from tests.factories import a_clinic, a_member, a_patient, signed_in
from worklist.models import CareTask
from worklist.selectors.catch_up import Progress, escalates_on, progress_of
from worklist.services import own_tasks

pytestmark = pytest.mark.django_db

LIVE_ON = date(2026, 4, 13)
MONDAY = datetime(2026, 4, 13, 13, tzinfo=UTC)
"""Everybody joined on 2 Mar: their first nutrition review was overdue from 2 April."""


@pytest.fixture(autouse=True)
def _first_monday() -> Iterator[None]:
    with clock.set_to(MONDAY):
        yield


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic(live_on=LIVE_ON)


@pytest.fixture
def coordinator(clinic: Clinic) -> User:
    return a_member(clinic, role=Role.COORDINATOR, name="Marcus Heron")


def imported(clinic: Clinic, people: int = 1) -> list[Patient]:
    """People who joined six weeks ago, recorded today."""
    found = [a_patient(clinic, family_name=f"Alder {number}") for number in range(people)]
    sweep()
    return found


def review(patient: Patient) -> CareTask:
    return CareTask.objects.get(patient=patient, rule="NUTR-3M", catch_up=True)


def page(user: User, **query: str) -> str:
    return signed_in(user).get(reverse("going_live:page"), query).text


def test_counts_each_way_in_which_catch_up_work_is_worked_through(clinic: Clinic, coordinator: User) -> None:
    ruth, ann, ben, cleo, dora, eve = imported(clinic, 6)
    on: dict[str, Any] = {"on": date(2026, 4, 13), "user": coordinator}
    log_assessment(patient_id=ruth.pk, kind="nutrition_review", findings={"weight_g": 63100}, **on)
    log_assessment(
        patient_id=ann.pk,
        kind="nutrition_review",
        findings={"weight_g": 63100},
        done_elsewhere="Lakeside, transfer letter",
        **on,
    )
    patients.record_decline(patient_id=ben.pk, topic="nutrition_review", **on)
    own_tasks.plan_task(task_id=review(cleo).pk, user=coordinator, planned_on=date(2026, 4, 20))
    own_tasks.assign_task(task_id=review(dora).pk, user=coordinator, owner=coordinator)

    nutrition = progress_of(clinic).by_discipline["nutrition"]

    assert nutrition == Progress(
        total=6, left=3, booked=1, assigned=1, recorded=1, elsewhere=1, chosen=1,
        people={cleo.pk, dora.pk, eve.pk},
    )  # fmt: skip
    assert (nutrition.closed, nutrition.untouched, nutrition.is_finished) == (3, 1, False)


def test_the_whole_is_the_sum_of_the_disciplines(clinic: Clinic) -> None:
    imported(clinic, 3)

    caught_up = progress_of(clinic)

    assert (
        caught_up.overall.total
        == sum(part.total for part in caught_up.by_discipline.values())
        == (CareTask.objects.filter(clinic=clinic, catch_up=True).count())
    )
    assert len(caught_up.overall.people) == 3


def test_says_how_far_the_clean_up_is_and_for_how_many_people(clinic: Clinic, coordinator: User) -> None:
    imported(clinic, 2)
    total = CareTask.objects.filter(catch_up=True).count()

    text = page(coordinator, discipline="nutrition")

    assert f"Live since 13 Apr 2026. <b>{total} of {total}</b> items" in text
    assert "left to work through, for 2 people." in text
    assert "2 left, oldest first. Left: 2 neither." in text
    assert "not passed on before 13 May 2026 unless assigned" in text
    assert "Alder 0" in text
    assert escalates_on(clinic) == date(2026, 5, 13)


def test_work_that_falls_due_after_the_first_day_is_not_catch_up(clinic: Clinic) -> None:
    with clock.set_to(datetime(2026, 4, 14, 13, tzinfo=UTC)):
        imported(clinic)

    assert progress_of(clinic).overall == Progress()


@pytest.mark.parametrize("people", [1, 6])
def test_takes_the_same_queries_however_long_the_list(
    clinic: Clinic, coordinator: User, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    imported(clinic, people)
    client, url = signed_in(coordinator), reverse("going_live:page") + "?discipline=nutrition"
    client.get(url)

    with django_assert_num_queries(12):
        client.get(url)


def test_another_clinics_catch_up_is_not_there(clinic: Clinic, coordinator: User) -> None:
    imported(a_clinic(live_on=LIVE_ON))

    assert "Alder" not in page(coordinator, discipline="nutrition")


def test_several_are_assigned_at_once_and_the_page_comes_back(clinic: Clinic, coordinator: User) -> None:
    dietitian = a_member(clinic, "nutrition")
    tasks = [review(patient) for patient in imported(clinic, 2)]
    url = reverse("going_live:page") + "?discipline=nutrition"

    answer = signed_in(coordinator).post(
        reverse("pages:bulk_assign"),
        {"owner": dietitian.pk, "task": [task.pk for task in tasks], "planned_on": ""},
        headers={"Referer": f"http://testserver{url}"},
    )

    assert answer.headers["Location"] == f"http://testserver{url}"
    assert {review(task.patient).owner for task in tasks} == {dietitian}
    assert "Left: 2 assigned." in page(coordinator, discipline="nutrition")


def test_several_are_booked_at_once(clinic: Clinic, coordinator: User) -> None:
    ruth, ann, ben = imported(clinic, 3)
    booked = {"task": [review(ruth).pk, review(ann).pk], "planned_on": "2026-04-20", "owner": ""}

    signed_in(coordinator).post(reverse("going_live:bulk_book"), booked)

    days = [review(patient).planned_on for patient in (ruth, ann, ben)]
    assert days == [date(2026, 4, 20), date(2026, 4, 20), None]
    assert "Left: 2 booked, 1 neither." in page(coordinator, discipline="nutrition")


def test_a_day_gone_by_books_nothing_and_says_why(clinic: Clinic, coordinator: User) -> None:
    [ruth] = imported(clinic)

    answer = signed_in(coordinator).post(
        reverse("going_live:bulk_book"), {"task": [review(ruth).pk], "planned_on": "2026-04-12"}, follow=True
    )

    assert "Nothing was booked: Choose today or a later day." in answer.text
    assert review(ruth).planned_on is None


def test_what_was_closed_meanwhile_is_left_alone_and_named(clinic: Clinic, coordinator: User) -> None:
    [ruth] = imported(clinic)
    task = review(ruth)
    patients.record_decline(
        patient_id=ruth.pk, user=coordinator, topic="nutrition_review", on=date(2026, 4, 13)
    )

    answer = signed_in(coordinator).post(
        reverse("going_live:bulk_book"), {"task": [task.pk], "planned_on": "2026-04-20"}, follow=True
    )

    assert "1 item was closed meanwhile and stays as it is." in answer.text


def test_each_row_offers_every_way_to_work_it_through(clinic: Clinic, coordinator: User) -> None:
    [ruth] = imported(clinic)
    task = review(ruth)

    text = page(coordinator, discipline="nutrition")

    elsewhere = ("task_log", "?elsewhere=1")
    others = [(f"task_{name}", "") for name in ("log", "decline", "defer", "assign", "plan")]
    for name, query in [elsewhere, *others]:
        assert f'"{reverse(f"pages:{name}", args=[task.pk])}{query}"' in text


def test_logging_in_place_moves_the_progress(clinic: Clinic, coordinator: User) -> None:
    ruth, _ann = imported(clinic, 2)
    total = CareTask.objects.filter(catch_up=True).count()

    answer = signed_in(coordinator).post(
        reverse("pages:task_log", args=[review(ruth).pk]),
        {"happened_on": "2026-04-13", "weight_g": "63.1"},
        headers={
            "HX-Request": "true",
            "HX-Current-URL": f"http://testserver{reverse('going_live:page')}?discipline=nutrition",
        },
    )

    assert "Nutrition review logged" in answer.text
    assert '<section id="catch-up" class="al-catch-parts" hx-swap-oob="true"' in answer.text
    assert f"{total - 1} of {total}" in answer.text


def test_a_member_starts_with_their_own_discipline_and_ticks_nothing(clinic: Clinic) -> None:
    dietitian = a_member(clinic, "nutrition")
    imported(clinic)

    text = page(dietitian)

    assert '<h2 id="catch-up-list">Nutrition</h2>' in text
    assert 'id="bulk"' not in text


def test_says_when_it_is_finished_and_what_is_next(clinic: Clinic, coordinator: User) -> None:
    [ruth] = imported(clinic)
    patients.change_status(patient_id=ruth.pk, user=coordinator, status="discharged", on=date(2026, 4, 13))
    total = CareTask.objects.filter(catch_up=True).count()

    text = page(coordinator)

    assert f"All {total} items that were already overdue that day are worked through." in text
    assert "Catch-up is finished" in text
    assert "From here on everything that falls due is in My work" in text


def test_what_is_left_elsewhere_is_next(clinic: Clinic, coordinator: User) -> None:
    imported(clinic)

    text = page(coordinator, discipline="gastroenterology")

    assert "Nothing left here" in text
    assert "Go on with" in text


def test_a_clinic_without_a_first_day_is_told_so(coordinator: User, clinic: Clinic) -> None:
    Clinic.objects.update(live_on=None)

    text = page(coordinator)

    assert "Not live yet." in text
    assert "This clinic has no first day yet." in text


def test_stands_in_the_navigation_for_a_season(clinic: Clinic, coordinator: User) -> None:
    link = f'href="{reverse("going_live:page")}"'

    shown = {}
    for day in (date(2026, 7, 12), date(2026, 7, 13)):
        with clock.set_to(datetime(day.year, day.month, day.day, 13, tzinfo=UTC)):
            shown[day.day] = link in signed_in(coordinator).get(reverse("pages:my_work")).text

    assert shown == {12: True, 13: False}


def test_an_admin_sees_numbers_and_nobody(clinic: Clinic) -> None:
    imported(clinic, 2)
    total = CareTask.objects.filter(catch_up=True).count()
    ada = a_member(clinic, role=Role.ADMIN, name="Ada Min")

    text = page(ada, discipline="nutrition")

    assert f"Live since 13 Apr 2026. <b>{total} of {total}</b> items" in text
    assert "2 people in care" in text
    assert "0 of 2" in text  # of nutrition
    assert "Alder" not in text
    assert "?discipline=" not in text
    assert "open to those who hold a clinical role" in text
    assert not ChartRead.objects.exists()


def test_an_admin_finds_it_in_the_account_menu_for_a_season(clinic: Clinic) -> None:
    ada = signed_in(a_member(clinic, role=Role.ADMIN, name="Ada Min"))
    link = f'href="{reverse("going_live:page")}"'

    shown = {}
    for day in (date(2026, 7, 12), date(2026, 7, 13)):
        with clock.set_to(datetime(day.year, day.month, day.day, 13, tzinfo=UTC)):
            shown[day.day] = link in ada.get(reverse("rules:list")).text

    assert shown == {12: True, 13: False}


def test_a_seat_that_lapsed_where_there_is_no_such_discipline_any_more_says_both(
    clinic: Clinic, coordinator: User
) -> None:
    patient = a_patient(clinic)
    seat = patients.assign_care_team(
        patient_id=patient.pk,
        user=coordinator,
        discipline=Discipline.objects.get(pk="gastroenterology"),
        on=date(2026, 3, 2),
        outside_provider="Harbor GI group",
    )
    patients.end_assignment(assignment=seat, user=coordinator, on=date(2026, 4, 1))
    Clinic.objects.filter(pk=clinic.pk).update(absent=["gastroenterology"])

    text = signed_in(coordinator).get(reverse("pages:team", args=[patient.pk])).text

    assert "This clinic has no gastroenterology; Harbor GI group to 1 Apr 2026" in text


def test_what_the_clinic_does_not_have_is_said_once(clinic: Clinic, coordinator: User) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(absent=["gastroenterology"])
    clinic.refresh_from_db()
    imported(clinic, 2)

    text = page(coordinator)

    assert text.count("Not available here: Gastroenterology.") == 1
    gaps = CareTask.objects.filter(rule="TEAM-GAP")
    assert all("Gastroenterology" not in str(task.reason) for task in gaps)
    seat = signed_in(coordinator).get(reverse("pages:team", args=[gaps[0].patient_id])).text
    assert "Not available here" in seat
    assert "This clinic has no gastroenterology" in seat
    assert "0 of 9 seats filled, 1 not available here" in seat
    why = signed_in(coordinator).get(reverse("pages:why", args=[gaps[0].pk])).text
    assert "This clinic has no gastroenterology; nobody is asked to fill that." in why
