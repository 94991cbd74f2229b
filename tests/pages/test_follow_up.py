"""After an aspiration pneumonia a reason to talk and a swallow screen are offered, never forced."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from assessments.services import log_assessment
from audit.models import ChartRead
from pathway import clock
from patients.models import Patient
from patients.services import mark_entered_in_error
from tests.factories import a_clinic, a_member, a_patient
from tests.pages.patient_page import MORNING
from worklist.models import CareTask

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
BOTH = {"talk": "on", "screen": "on"}


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


@pytest.fixture
def patient() -> Patient:
    return a_patient(a_clinic())


@pytest.fixture
def client(patient: Patient) -> Client:
    client = Client()
    client.force_login(a_member(patient.clinic))
    return client


def page(patient: Patient) -> str:
    return reverse("pages:patient", args=[patient.pk])


def log(client: Client, patient: Patient, **headers: Any) -> Any:
    url = reverse("pages:log_assessment", args=[patient.pk, "aspiration_pneumonia"])
    return client.post(url, {"happened_on": "2026-04-10", "in_hospital": "yes"}, **headers)


def logged(client: Client, patient: Patient) -> str:
    """The address of what is offered after one was logged."""
    return str(log(client, patient).headers["Location"])


def followed(patient: Patient) -> tuple[list[tuple[date, Any]], list[tuple[str, str, date]]]:
    """Reasons to talk and tasks of the team that are recorded."""
    triggers = Assessment.objects.filter(patient=patient, kind="eol_trigger")
    tasks = CareTask.objects.filter(patient=patient, rule="")
    return (
        [(each.happened_on, each.findings) for each in triggers],
        [(each.title, each.discipline_id or "", each.due_on) for each in tasks],
    )


TRIGGER = (date(2026, 4, 10), {"reason": "progression"})
TASK = ("Swallow screen after aspiration pneumonia", "speech_language_pathology", date(2026, 4, 21))


def test_logging_alone_adds_nothing_and_leads_to_the_offers(patient: Patient, client: Client) -> None:
    offers = client.get(logged(client, patient))

    assert followed(patient) == ([], [])
    text = offers.content.decode()
    assert "Record progression as a reason for an end-of-life discussion" in text
    assert "Ask speech-language pathology for a new swallow screen" in text
    assert "Nothing is added unless you tick it." in text
    assert "checked" not in text
    assert ChartRead.objects.filter(patient_ids=[patient.pk]).exists()


def test_in_place_the_offers_stand_where_the_form_was(patient: Patient, client: Client) -> None:
    answer = log(client, patient, headers=HTMX)

    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.lstrip().startswith('<div class="al-form">')
    fact = Assessment.objects.get(kind="aspiration_pneumonia")
    assert f'action="{reverse("pages:follow_up", args=[patient.pk, fact.pk])}"' in text
    assert followed(patient) == ([], [])


@pytest.mark.parametrize(
    ("ticked", "found", "said"),
    [
        ({"csrfmiddlewaretoken": "x"}, ([], []), []),
        ({"talk": "on"}, ([TRIGGER], []), ["1 thing added for Ruth Alder."]),
        ({"screen": "on"}, ([], [TASK]), ["1 thing added for Ruth Alder."]),
        (BOTH, ([TRIGGER], [TASK]), ["2 things added for Ruth Alder."]),
    ],
)
def test_what_is_ticked_is_added_and_said(
    ticked: dict[str, str], found: Any, said: list[str], patient: Patient, client: Client
) -> None:
    answer = client.post(logged(client, patient), ticked)

    assert (answer.status_code, answer.headers["Location"]) == (302, page(patient))
    assert followed(patient) == found
    assert [str(each) for each in client.get(page(patient)).context["messages"]] == said


def test_what_was_done_is_not_offered_again(patient: Patient, client: Client) -> None:
    url = logged(client, patient)
    client.post(url, {"talk": "on"})

    again = client.get(url).content.decode()
    client.post(url, BOTH)
    done = client.get(url)

    assert "end-of-life discussion" not in again
    assert followed(patient) == ([TRIGGER], [TASK])
    assert done.headers["Location"] == page(patient)


def test_a_second_pneumonia_offers_what_is_not_under_way(patient: Patient, client: Client) -> None:
    client.post(logged(client, patient), BOTH)
    fact = Assessment.objects.get(kind="eol_trigger")
    mark_entered_in_error(fact=fact, user=None, reason="Another person")

    offers = client.get(logged(client, patient)).content.decode()

    assert "end-of-life discussion" in offers
    assert "new swallow screen" not in offers


def test_only_a_pneumonia_that_stands_has_offers(patient: Patient, client: Client) -> None:
    other = log_assessment(patient_id=patient.pk, user=None, kind="vfss", findings={}, on=date(2026, 4, 1))
    url = logged(client, patient)
    mark_entered_in_error(
        fact=Assessment.objects.get(kind="aspiration_pneumonia"), user=None, reason="Another person"
    )

    assert client.get(reverse("pages:follow_up", args=[patient.pk, other.pk])).status_code == 404
    assert client.get(url).status_code == 404
