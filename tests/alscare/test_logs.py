"""The log is JSON, leads from a line to the audit, and holds no patient: real flows, every line read."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse
from structlog.stdlib import ProcessorFormatter

from alerts.tasks import deliver, sweep
from alscare.logs import without_ids
from audit.models import ChartRead
from patients.models import Patient
from tests.alerts.outbox import Mailbox, mail_server
from tests.factories import PASSWORD, a_clinic, a_member, a_patient
from tests.worklist.records import at
from worklist.models import CareTask

pytestmark = pytest.mark.django_db


def fail(request: HttpRequest) -> HttpResponse:
    """The database refuses a row, and quotes it."""
    refused()
    return HttpResponse()


def refused() -> None:
    """Raises IntegrityError, whose text holds the whole row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE patients_patient SET mrn = NULL ")


urlpatterns = [path("fail/", fail), path("", include("alscare.urls"))]
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Every line logged so far, as the settings write it; not those of the test's own mail server."""
    logging_settings: Any = settings.LOGGING
    options = {name: value for name, value in logging_settings["formatters"]["json"].items() if name != "()"}
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(lambda record: record.name != "mail.log")
    handler.setFormatter(ProcessorFormatter(**options))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def patient() -> Patient:
    """Nutrition review overdue from 2 Apr 2026."""
    with at("2026-03-02"):
        return a_patient(a_clinic(), given_name="Ruth", family_name="Alder", mrn="MRN-7041")


def signs_of(patient: Patient) -> list[str]:
    """What must stand in no line."""
    ids = [str(patient.pk), *map(str, CareTask.objects.filter(patient=patient).values_list("pk", flat=True))]
    shown = [
        str(patient),
        "Ruth",
        "Alder",
        "MRN-7041",
        patient.birth_on.isoformat(),
        "71.5",
        "71500",
        "nadia@example.org",
    ]
    return [*shown, *ids, *(each.replace("-", "") for each in ids)]


def leaks(patient: Patient, found: list[dict[str, Any]]) -> list[str]:
    """The lines that tell of the patient; the digits of a time of day may be any."""
    texts = [json.dumps(line | {"timestamp": ""}, ensure_ascii=False) for line in found]
    return [text for text in texts if any(sign in text for sign in signs_of(patient))]


def test_a_day_s_flows_leave_no_patient_in_the_log(patient: Patient, lines: Lines) -> None:
    nadia = a_member(patient.clinic, "nutrition", email="nadia@example.org")
    stranger = a_member(a_clinic(), name="Olga Bittern")
    client, other = Client(raise_request_exception=False), Client()
    other.force_login(stranger)
    with at("2026-04-02 00:00"):
        sweep()
    with mail_server(Mailbox(answers=["450 nadia@example.org, later"])), at("2026-04-02 07:00"):
        deliver()
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M")
    typed = {"weight_g": "71.5", "happened_on": "2026-04-02"}
    with at("2026-04-02 09:00"), override_settings(ROOT_URLCONF=__name__):
        answers = [
            client.post("/accounts/login/", {"login": "nadia@example.org", "password": "wrong " + PASSWORD}),
            client.post("/accounts/login/", {"login": "nadia@example.org", "password": PASSWORD}),
            client.get(reverse("pages:my_work")),
            client.post(reverse("pages:search"), {"q": "Alder"}),
            client.get(reverse("pages:patients"), {"q": "Ruth Alder"}),
            client.get(reverse("pages:patient", args=[patient.pk])),
            client.post(reverse("pages:task_log", args=[task.pk]), typed),
            other.get(reverse("pages:patient", args=[patient.pk])),
            client.get("/fail/"),
        ]

    assert [answer.status_code for answer in answers] == [200, 302, 200, 200, 200, 200, 302, 404, 500]
    assert not CareTask.objects.filter(pk=task.pk, closed_at=None).exists()
    found = lines()
    events = [line["event"] for line in found]
    assert {"sweep", "deliver", "mail_postponed", "request_started", "request_finished"} <= set(events)
    assert any("IntegrityError" in line.get("exception", "") for line in found)
    assert any(event.startswith("Not Found: /patients/…") for event in events)
    assert leaks(patient, found) == []
    assert nadia.name not in json.dumps(found)


def test_an_error_written_celery_s_way_quotes_no_row(patient: Patient, lines: Lines) -> None:
    """Celery puts the error as Python writes a string into its message."""
    with pytest.raises(IntegrityError) as raised:
        refused()
    assert "Alder" in repr(raised.value)

    logging.getLogger("celery.app.trace").error(
        "Task %s[%s] raised unexpected: %r", "a", "b", raised.value, exc_info=raised.value
    )

    (line,) = lines()
    assert line["event"].startswith("Task a[b] raised unexpected: IntegrityError(")
    assert line["logger"] == "celery.app.trace"
    assert leaks(patient, [line]) == []


def test_a_planted_name_would_be_found(patient: Patient, lines: Lines) -> None:
    logging.getLogger("planted").info("Saved %s", patient.family_name)
    logging.getLogger("planted").info("Saved", extra={"patient": "never shown"})

    assert len(leaks(patient, lines())) == 1


def test_lines_of_a_request_carry_the_audit_s_id(patient: Patient, lines: Lines) -> None:
    client = Client()
    client.force_login(a_member(patient.clinic))
    with at("2026-04-02 09:00"):
        client.get(
            reverse("pages:patient", args=[patient.pk]), headers={"X-Request-ID": "Ruth Alder MRN-7041"}
        )

    found = [line for line in lines() if line["event"].startswith("request_")]
    assert [line["event"] for line in found] == ["request_started", "request_finished"]
    assert [line["request"] for line in found] == ["GET /patients/…/"] * 2
    assert {line["request_id"] for line in found} == {str(ChartRead.objects.get().request_id)}


def test_lines_of_a_task_carry_one_id_of_their_own(lines: Lines) -> None:
    sweep()
    sweep()

    ids = [line["request_id"] for line in lines() if line["event"] == "sweep"]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    "text", ["/patients/8c6d1a4e-0f53-4c8b-9d0e-2b7a61f0c9aa/", "/x/8C6D1A4E0F534C8B9D0E2B7A61F0C9AA/"]
)
def test_ids_are_cut_out_however_they_are_written(text: str) -> None:
    assert "8c6d" not in without_ids(text).lower()
