"""What can be logged for a patient, on one page."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.services import log_assessment
from pathway import clock
from tests.factories import a_clinic, a_member, a_patient, signed_in
from tests.pages.patient_page import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


def test_everything_can_be_logged_from_one_page():
    clinic = a_clinic()
    member = a_member(clinic)
    patient = a_patient(clinic)
    log_assessment(
        patient_id=patient.pk,
        user=member,
        kind="resp_assessment",
        findings={"fvc_pct": 58},
        on=date(2026, 4, 2),
    )
    client = signed_in(member)

    page = client.get(reverse("pages:log_menu", args=[patient.pk]))

    links = {link.label: link for group in page.context["groups"] for link in group.links}
    assert (links["Respiratory assessment"].after, links["Nutrition review"].after) == (
        "last 2 Apr 2026",
        "",
    )
    assert {client.get(link.url).status_code for link in links.values()} == {200}


@pytest.mark.parametrize(
    ("discipline", "first"),
    [("nutrition", "Nutrition and swallowing"), ("pulmonology", "Breathing")],
)
def test_the_work_of_ones_own_discipline_stands_first_among_what_can_be_logged(discipline: str, first: str):
    clinic = a_clinic()
    patient = a_patient(clinic)

    page = signed_in(a_member(clinic, discipline)).get(reverse("pages:log_menu", args=[patient.pk]))

    labels = [group.label for group in page.context["groups"]]
    assert (labels[0], labels[-3:]) == (first, ["To arrange", "Choices", "Record and team"])


def test_nothing_can_be_logged_for_another_clinics_patient():
    patient = a_patient(a_clinic())

    page = signed_in(a_member(a_clinic())).get(reverse("pages:log_menu", args=[patient.pk]))

    assert page.status_code == 404
