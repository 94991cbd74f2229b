"""What was lent to people who died: a quiet list, for clinics that turned it on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from alerts.models import Alert, Delivery
from alerts.services.sweep import sweep
from audit.models import ChartRead
from equipment import services
from equipment.models import Loaner
from pathway import clock
from patients.models import Patient
from patients.services import change_status, mark_entered_in_error
from teams.models import Clinic
from tests.factories import a_clinic, a_member, a_patient, a_request
from tests.worklist.records import turn_on
from worklist.models import CareTask

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 26, 16, tzinfo=UTC)
LISTED_FROM = date(2026, 6, 10)
"""A death 46 days ago."""
LIST = reverse("equipment:loans_back")


@pytest.fixture(autouse=True)
def _in_july() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic()


@pytest.fixture
def client(clinic: Clinic) -> Client:
    signed_in = Client()
    signed_in.force_login(a_member(clinic, "social_work", name="Tom Finch"))
    return signed_in


def lent(patient: Patient, what: str = "Transport chair") -> Loaner:
    return services.lend(
        request=a_request(patient), user=None, on=date(2026, 3, 4), item_lent=what, serial_number="TC-7"
    )


def died(patient: Patient, on: date = LISTED_FROM) -> None:
    change_status(patient_id=patient.pk, user=None, status="deceased", on=on)


def listed(client: Client) -> list[tuple[str, str]]:
    rows = client.get(LIST).context["loans"]
    return [(loan.item_lent, since.isoformat()) for loan, since, _action in rows]


@pytest.mark.parametrize(
    ("died_on", "expected"),
    [(date(2026, 6, 10), [("Transport chair", "2026-07-26")]), (date(2026, 6, 11), [])],
)
def test_45_days_after_a_death_a_loan_comes_on_the_list(
    clinic: Clinic, client: Client, died_on: date, expected: list[tuple[str, str]]
) -> None:
    turn_on(clinic, "EQ-RETURN")
    patient = a_patient(clinic)
    lent(patient)
    died(patient, died_on)

    assert listed(client) == expected


def test_nothing_is_mailed_and_no_alert_opens(clinic: Clinic, client: Client) -> None:
    turn_on(clinic, "EQ-RETURN")
    patient = a_patient(clinic)
    lent(patient)
    before = set(Delivery.objects.values_list("pk", flat=True))
    died(patient)

    sweep()

    assert listed(client) != []
    assert not CareTask.objects.filter(rule="EQ-RETURN").exists()
    assert not CareTask.objects.filter(patient=patient, closed_at=None).exists()
    assert not Alert.objects.filter(patient=patient, closed_at=None).exists()
    assert set(Delivery.objects.values_list("pk", flat=True)) == before


def test_as_shipped_there_is_no_list_and_no_way_to_it(clinic: Clinic, client: Client) -> None:
    patient = a_patient(clinic)
    lent(patient)
    died(patient)

    page = client.get(LIST)

    assert page.context["loans"] == []
    assert "This clinic has no such list" in page.text
    assert LIST not in client.get(reverse("equipment:board")).text


def test_turned_on_the_board_leads_to_it(clinic: Clinic, client: Client) -> None:
    turn_on(clinic, "EQ-RETURN")

    assert LIST in client.get(reverse("equipment:board")).text
    assert "Nothing to come back" in client.get(LIST).text


def test_what_came_back_or_was_entered_in_error_is_off_the_list(clinic: Clinic, client: Client) -> None:
    turn_on(clinic, "EQ-RETURN")
    patient = a_patient(clinic)
    back, wrong, out = lent(patient, "Walker"), lent(patient, "Cane"), lent(patient)
    died(patient)
    mark_entered_in_error(fact=wrong, user=None, reason="Never lent.")

    form = client.get(reverse("equipment:return_loaner", args=[back.pk]))
    client.post(reverse("equipment:return_loaner", args=[back.pk]), {"happened_on": "2026-07-20"})

    assert form.status_code == 200
    assert listed(client) == [(out.item_lent, "2026-07-26")]


def test_the_living_keep_theirs_and_other_clinics_are_not_shown(clinic: Clinic, client: Client) -> None:
    turn_on(clinic, "EQ-RETURN")
    lent(a_patient(clinic))
    elsewhere = a_patient(a_clinic(name="Elsewhere"))
    lent(elsewhere)
    died(elsewhere)

    assert listed(client) == []


def test_whoever_is_shown_is_in_the_audit(clinic: Clinic, client: Client) -> None:
    turn_on(clinic, "EQ-RETURN")
    patient = a_patient(clinic)
    lent(patient)
    died(patient)

    client.get(LIST)

    assert ChartRead.objects.latest("at").patient_ids == [patient.pk]


@pytest.mark.parametrize("people", [1, 3])
def test_it_takes_the_same_queries_however_many(
    people: int, clinic: Clinic, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    turn_on(clinic, "EQ-RETURN")
    for _ in range(people):
        patient = a_patient(clinic)
        lent(patient)
        died(patient)
    client.get(LIST)

    with django_assert_num_queries(7):
        client.get(LIST)
