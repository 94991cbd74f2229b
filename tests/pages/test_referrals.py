"""The list of referrals, placing one, and what became of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audit.models import ChartRead
from pathway import clock
from patients.models import Patient
from referrals import services
from referrals.models import Referral
from teams.models import Clinic, User
from tests.factories import a_clinic, a_member, a_patient, a_referral
from worklist.models import CareTask

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _in_april() -> Iterator[None]:
    with clock.set_to(datetime(2026, 4, 14, 16, tzinfo=UTC)):
        yield


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic()


@pytest.fixture
def user(clinic: Clinic) -> User:
    return a_member(clinic, "social_work", name="Tom Finch")


@pytest.fixture
def client(user: User) -> Client:
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    return a_patient(clinic)


def test_the_list_says_first_what_is_not_moving(client: Client, patient: Patient) -> None:
    a_referral(patient)
    a_referral(patient, "nutrition", on=date(2026, 4, 10))

    response = client.get(reverse("referrals:list"))

    rows = [(row.to, row.state, row.days, row.on) for row in response.context["referrals"]]
    assert rows == [
        ("Palliative care", "urgent", 29, date(2026, 3, 16)),
        ("Nutrition", None, 0, None),
    ]
    assert "<b>1 is not moving</b>, of 2 open referrals." in response.content.decode()


@pytest.mark.parametrize(
    ("show", "found"),
    [("", ["Palliative care"]), ("stalled", ["Palliative care"]), ("seen", ["Neurology"]), ("cancelled", [])],
)
def test_the_list_can_be_narrowed(show: str, found: list[str], client: Client, patient: Patient) -> None:
    a_referral(patient)
    seen = a_referral(patient, "neurology")
    services.mark_seen(referral=seen, user=None, on=date(2026, 3, 9))

    response = client.get(reverse("referrals:list"), {"show": show})

    assert [row.to for row in response.context["referrals"]] == found


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    people: int, client: Client, clinic: Clinic, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(people):
        a_referral(a_patient(clinic))
    client.get(reverse("referrals:list"))  # the session is written on the first visit

    with django_assert_num_queries(7):
        client.get(reverse("referrals:list"))


def test_every_person_shown_is_named_in_the_audit(
    client: Client, patient: Patient, clinic: Clinic, user: User
) -> None:
    a_referral(patient)
    a_patient(clinic)
    ChartRead.objects.all().delete()

    client.get(reverse("referrals:list"))

    (read,) = ChartRead.objects.all()
    assert (read.user_id, read.patient_ids) == (user.pk, [patient.pk])


def test_a_referral_is_placed_for_a_patient(client: Client, patient: Patient, user: User) -> None:
    url = reverse("referrals:place", args=[patient.pk])

    refused = client.post(url, {"happened_on": "2026-04-14"})
    saved = client.post(
        url, {"discipline": "gastroenterology", "provider": "Dr Edith Avocet", "happened_on": "2026-04-13"}
    )

    referral = Referral.objects.get()
    assert refused.status_code == 422
    assert (referral.discipline_id, referral.provider, referral.happened_on, referral.placed_by) == (
        "gastroenterology",
        "Dr Edith Avocet",
        date(2026, 4, 13),
        user,
    )
    assert saved.headers["Location"] == reverse("pages:patient", args=[patient.pk])


def test_from_my_work_placing_a_referral_closes_the_task_in_its_place(
    client: Client, patient: Patient
) -> None:
    task = CareTask.objects.get(rule="PALL-REF", patient=patient, closed_at__isnull=True)
    url = reverse("referrals:place", args=[patient.pk]) + f"?task={task.pk}"

    form = client.get(url, headers=HTMX).content.decode()
    placed = client.post(
        url, {"discipline": "palliative_care", "happened_on": "2026-04-14"}, headers=HTMX
    ).content.decode()

    task.refresh_from_db()
    assert '<option value="palliative_care" selected>' in form
    assert f'id="task-{task.pk}"' in placed
    assert "Referral to palliative care placed" in placed
    assert (task.close_reason, task.closed_at is not None) == ("satisfied", True)


def test_an_update_in_place_answers_with_the_row(client: Client, patient: Patient) -> None:
    referral = a_referral(patient)
    url = reverse("referrals:update", args=[referral.pk]) + "?in=list"
    data = {"status": "scheduled", "happened_on": "2026-04-14"}

    refused = client.post(url, data, headers=HTMX)
    saved = client.post(url, data | {"appointment_on": "2026-04-27"}, headers=HTMX).content.decode()

    referral.refresh_from_db()
    assert refused.status_code == 422
    assert "Appointment on: Enter the day of the appointment." in refused.content.decode()
    assert (referral.status, referral.appointment_on) == ("scheduled", date(2026, 4, 27))
    assert f'<li id="ref-{referral.pk}"' in saved
    assert "appointment 27 Apr 2026" in saved


def test_an_update_without_script_goes_back_to_the_list(client: Client, patient: Patient) -> None:
    referral = a_referral(patient)

    saved = client.post(
        reverse("referrals:update", args=[referral.pk]), {"status": "seen", "happened_on": "2026-04-10"}
    )

    referral.refresh_from_db()
    assert (saved.status_code, saved.headers["Location"]) == (302, reverse("referrals:list"))
    assert (referral.status, referral.status_on) == ("seen", date(2026, 4, 10))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"status": "cancelled", "happened_on": "2026-04-10"}, "Say why it was cancelled."),
        ({"status": "seen", "happened_on": "2026-03-01"}, "That is before the referral. Check the day."),
    ],
)
def test_an_update_that_cannot_be_says_why(
    data: dict[str, str], problem: str, client: Client, patient: Patient
) -> None:
    referral = a_referral(patient)

    answer = client.post(reverse("referrals:update", args=[referral.pk]), data)

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert not referral.changes.exists()


def test_an_update_that_lost_the_race_is_told_and_keeps_what_was_typed(
    client: Client, patient: Patient, clinic: Clinic
) -> None:
    referral = a_referral(patient)
    other = a_member(clinic, "social_work", name="Maya Lark")
    services.schedule(referral=referral, user=other, on=date(2026, 4, 13), appointment_on=date(2026, 4, 27))
    data = {"status": "seen", "happened_on": "2026-04-14", "note": "By video", "version": "sent"}

    lost = client.post(reverse("referrals:update", args=[referral.pk]), data, headers=HTMX)

    shown = lost.content.decode()
    assert lost.status_code == 409
    assert "Maya Lark recorded “scheduled” meanwhile" in shown
    assert 'value="By video"' in shown
    assert 'name="version" value="scheduled"' in shown
    assert referral.changes.count() == 1
