"""Charts in the admin: read by clinical staff of the clinic, marked entered in error, never edited."""

from datetime import date

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from audit.models import ChartRead, Denial
from patients import services
from patients.admin import ChartAdmin, FactAdmin
from patients.facts import Fact
from patients.models import Decline, Patient
from teams.models import User
from tests.factories import a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db

CHARTS = [(model, site) for model, site in admin.site._registry.items() if isinstance(site, ChartAdmin)]
FACTS = [(model, site) for model, site in CHARTS if issubclass(model, Fact)]


@pytest.fixture
def patient() -> Patient:
    return a_patient(a_clinic())


@pytest.fixture
def staff(patient: Patient) -> User:
    return a_member(patient.clinic, is_staff=True)


@pytest.fixture
def client(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def a_decline(patient: Patient) -> Decline:
    return services.record_decline(patient_id=patient.pk, user=None, topic="gastrostomy", on=date(2026, 3, 3))


def address(page: str, row: Decline | Patient) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def test_every_fact_has_its_page_and_the_one_base_class() -> None:
    assert {model.__name__ for model, _site in FACTS} == {
        "PatientStatusChange", "CareTeamAssignment", "Decline", "DeclineWithdrawal", "Deferral",
        "DeferralEnd",
        "Assessment", "Referral", "ReferralStatusChange", "EquipmentRequest", "EquipmentStatusChange",
        "VendorContact", "Loaner",
    }  # fmt: skip
    assert all(isinstance(site, FactAdmin) for _model, site in FACTS)
    assert {model.__name__ for model, _site in CHARTS} - {model.__name__ for model, _site in FACTS} == {
        "Patient", "CareTask", "Alert", "Delivery",
    }  # fmt: skip


@pytest.mark.parametrize(("model", "site"), CHARTS)
def test_every_list_opens_for_staff_and_offers_no_change(
    client: Client, model: type[Model], site: ChartAdmin
) -> None:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    answer = client.get(reverse(f"{name}_changelist"))

    assert answer.status_code == 200
    assert answer.context["cl"].formset is None
    assert bool(site.actions) == (model.__name__ == "Delivery")  # mail that failed may be tried again
    assert client.get(reverse(f"{name}_add")).status_code == 403


def test_rows_shown_are_in_the_read_audit(client: Client, staff: User, patient: Patient) -> None:
    a_decline(patient)
    a_decline(a_patient(a_clinic(), family_name="Birch"))

    answer = client.get(reverse("admin:patients_decline_changelist"))

    assert "Ruth Alder" in answer.text
    assert "Birch" not in answer.text
    row = ChartRead.objects.get()
    assert (row.user_id, row.patient_ids) == (staff.pk, [patient.pk])


def test_one_fact_is_shown_and_cannot_be_changed(client: Client, patient: Patient) -> None:
    decline = a_decline(patient)

    shown = client.get(address("change", decline))
    changed = client.post(address("change", decline), {"topic": "niv", "note": "x"})
    deleted = client.post(address("delete", decline), {"post": "yes"})

    assert shown.status_code == 200
    assert ChartRead.objects.order_by("id").first().patient_ids == [patient.pk]  # type: ignore[union-attr]
    assert (changed.status_code, deleted.status_code) == (403, 403)
    decline.refresh_from_db()
    assert (decline.topic, decline.note) == ("gastrostomy", "")


@pytest.mark.parametrize("which", ["change", "history", "entered_in_error"])
def test_another_clinics_fact_is_as_if_absent_and_the_asking_is_noted(
    client: Client, staff: User, which: str
) -> None:
    theirs = a_decline(a_patient(a_clinic()))

    answer = client.get(address(which, theirs))

    assert answer.status_code == 404
    assert not ChartRead.objects.exists()
    denial = Denial.objects.get()
    assert (denial.user_id, str(theirs.pk) in denial.purpose) == (staff.pk, True)


def test_marking_entered_in_error_needs_a_reason_and_goes_through_the_service(
    client: Client, staff: User, patient: Patient
) -> None:
    decline = a_decline(patient)
    version = Patient.objects.get().chart_version

    page = client.get(address("change", decline))
    assert address("entered_in_error", decline) in page.text
    refused = client.post(address("entered_in_error", decline), {"reason": " "})
    done = client.post(address("entered_in_error", decline), {"reason": "wrong person"})

    assert "reason" in refused.context["form"].errors
    assert done["Location"] == address("change", decline)
    decline.refresh_from_db()
    assert (decline.void_reason, decline.voided_by) == ("wrong person", staff)
    assert Patient.objects.get().chart_version == version + 1
    again = client.post(address("entered_in_error", decline), {"reason": "again"})
    assert "already marked" in again.text


@pytest.mark.parametrize("kind", ["superuser", "clinic admin", "member without the staff mark"])
def test_others_see_no_chart(patient: Patient, kind: str) -> None:
    decline = a_decline(patient)
    user = {
        "superuser": lambda: User.objects.create_superuser("root@example.org", "x", name="Root"),
        "clinic admin": lambda: a_member(patient.clinic, role="admin"),
        "member without the staff mark": lambda: a_member(patient.clinic),
    }[kind]()
    client = Client()
    client.force_login(user)

    for url in (
        address("change", decline),
        address("change", patient),
        address("entered_in_error", decline),
        reverse("admin:patients_decline_changelist"),
    ):
        answer = client.get(url)
        assert answer.status_code in {302, 403, 404}, url
        assert "Alder" not in answer.text
    assert not ChartRead.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_the_same_queries_whatever_its_length(
    client: Client,
    patient: Patient,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(count):
        a_decline(patient)
    client.get(reverse("admin:patients_patient_changelist"))

    with django_assert_num_queries(8):
        client.get(reverse("admin:patients_decline_changelist"))
