"""What monitors are told, how they are let in, and that asking leaves no trace."""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from alerts.models import Delivery, LastRun
from alerts.services.deliver import deliver_due
from alerts.services.runs import note_run, sweep_and_note
from alerts.services.sweep import sweep
from audit.models import ChartRead, Denial
from launch import broker, ports
from launch.broker import Broker
from launch.install import site_packages
from launch.supervisor import Supervisor
from tests.alerts.outbox import Mailbox, mail_server
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, moment

pytestmark = pytest.mark.django_db
TOKEN = "5f0c2f4e8a9b4c7d9e3a1b6c"


@pytest.fixture(scope="module")
def broker_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real broker."""
    folder = tmp_path_factory.mktemp("broker")
    with tempfile.TemporaryDirectory(prefix="alscare-") as sockets:
        binary = broker.installed_in(site_packages(Path(sys.executable)))
        server = Broker(binary=binary, sockets=Path(sockets), log=folder / "broker.log")
        with Supervisor(say=lambda _text: None, ledger=folder / "ledger.json") as watch:
            watch.start(server.service())
            yield server.url


@pytest.fixture
def _broker(broker_url: str, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = broker_url


def ask(path: str, **kwargs: Any) -> HttpResponse:
    """One probe."""
    return cast(HttpResponse, Client().get(path, **kwargs))


def told() -> dict[str, dict[str, Any]]:
    """The checks of /readyz by name."""
    checks: dict[str, dict[str, Any]] = json.loads(ask("/readyz").content)["checks"]
    return checks


@pytest.mark.usefixtures("_broker")
def test_all_is_well_after_a_sweep() -> None:
    with at("2026-03-10 09:00"):
        sweep_and_note()
    with at("2026-03-10 09:01"):
        answer = ask("/readyz")

    assert answer.status_code == 200
    assert json.loads(answer.content) == {
        "ready": True,
        "checks": {
            "database": {"ok": True, "value": 1},
            "broker": {"ok": True, "value": 1},
            "migrations": {"ok": True, "value": 0},
            "sweep_age_seconds": {"ok": True, "value": 60.0},
            "oldest_undelivered_seconds": {"ok": True, "value": 0.0},
            "undelivered": {"ok": True, "value": 0},
            "given_up": {"ok": True, "value": 0},
        },
    }


@pytest.mark.usefixtures("_broker")
@pytest.mark.parametrize(("later", "status"), [("09:05", 200), ("09:06", 503)])
def test_five_minutes_without_a_sweep_are_too_many(later: str, status: int) -> None:
    with at("2026-03-10 09:00"):
        sweep_and_note()
    with at(f"2026-03-10 {later}"):
        assert ask("/readyz").status_code == status


@pytest.mark.usefixtures("_broker")
def test_before_the_first_sweep_nothing_is_ready() -> None:
    assert ask("/readyz").status_code == 503
    assert told()["sweep_age_seconds"] == {"ok": False, "value": None}


def test_a_broker_that_is_away_is_said(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{ports.free()}/0"
    with at("2026-03-10 09:00"):
        sweep_and_note()
        answer = ask("/readyz")

    assert answer.status_code == 503
    checks = json.loads(answer.content)["checks"]
    assert [name for name, check in checks.items() if not check["ok"]] == ["broker"]


@pytest.mark.usefixtures("_broker")
def test_a_database_behind_the_code_is_said() -> None:
    MigrationRecorder(connection).record_unapplied("alerts", "0007_last_run")
    with at("2026-03-10 09:00"):
        sweep_and_note()
        checks = told()

    assert [name for name, check in checks.items() if not check["ok"]] == ["migrations"]
    assert checks["migrations"]["value"] == 1


@pytest.mark.usefixtures("_broker")
def test_a_database_that_does_not_answer_is_said() -> None:
    def down(*_args: object) -> None:
        raise OperationalError("planted")

    with connection.execute_wrapper(down):
        answer = ask("/readyz")

    assert answer.status_code == 503
    checks = json.loads(answer.content)["checks"]
    assert [name for name, check in checks.items() if check["ok"]] == ["broker"]
    assert checks["database"] == {"ok": False, "value": None}


def a_late_mail() -> Delivery:
    """A digest that is due at seven on 2 Apr."""
    with at("2026-03-02"):
        patient = a_patient(a_clinic())
        a_member(patient.clinic, "nutrition")
    with at("2026-04-02 00:00"):
        sweep()
    return Delivery.objects.earliest("not_before")


@pytest.mark.usefixtures("_broker")
def test_a_mail_tried_in_vain_grows_old() -> None:
    """Each try gives it a later hour; that must not make it look young."""
    row = a_late_mail()
    with mail_server(Mailbox(data_answers=["451 Down"] * 30)):
        for minute in range(0, 61, 5):
            with at(f"2026-04-02 {7 + minute // 60:02}:{minute % 60:02}"):
                deliver_due()
    with at("2026-04-02 08:00:30"):
        note_run(name="sweep")
        row.refresh_from_db()
        checks = told()

    assert row.not_before > moment("2026-04-02 08:00:30")
    assert checks["oldest_undelivered_seconds"] == {"ok": False, "value": 3630.0}
    assert checks["undelivered"] == {"ok": True, "value": 1}


@pytest.mark.usefixtures("_broker")
def test_mail_that_waits_for_its_hour_is_not_late() -> None:
    a_late_mail()
    with at("2026-04-02 06:59"):
        note_run(name="sweep")
        assert told()["oldest_undelivered_seconds"] == {"ok": True, "value": 0.0}
    with at("2026-04-02 07:01"):
        assert told()["oldest_undelivered_seconds"] == {"ok": True, "value": 60.0}


def test_the_process_is_alive_without_its_database(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        answer = ask("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.usefixtures("_broker")
def test_asking_by_address_leaves_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    client.force_login(a_member(a_clinic()))
    sessions, asked = Session.objects.count(), []
    for path in ("/healthz", "/readyz", "/metrics"):
        with CaptureQueriesContext(connection) as queries, override_settings(SECURE_SSL_REDIRECT=True):
            answer = client.get(path, headers={"host": "10.0.0.7:8000"})
        asked.append((path, answer.status_code in {200, 503}, len(queries)))
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        assert "Content-Security-Policy" in answer.headers

    assert asked == [("/healthz", True, 0), ("/readyz", True, 3), ("/metrics", True, 3)]
    assert Session.objects.count() == sessions
    assert (ChartRead.objects.count(), Denial.objects.count()) == (0, 0)
    assert "request_started" not in caplog.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_only_tell(path: str) -> None:
    assert Client().post(path).status_code == 405


@pytest.mark.usefixtures("_broker")
def test_metrics_are_the_values_of_the_checks() -> None:
    with at("2026-03-10 09:00"):
        sweep_and_note()
    with at("2026-03-10 09:02"):
        answer = ask("/metrics")

    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert lines[:4] == [
        "alscare_database 1.0",
        "alscare_broker 1.0",
        "alscare_migrations 0.0",
        "alscare_sweep_age_seconds 120.0",
    ]
    assert 'alscare_check_ok{check="sweep_age_seconds"} 1.0' in lines
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.usefixtures("_broker")
@pytest.mark.parametrize(
    ("token", "where", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "::1", {}, 200),
        ("", "10.0.0.9", {}, 403),
        ("", "", {}, 403),
        ("", "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 403),
        ("", "10.0.0.9", {"authorization": "Bearer "}, 403),
        (TOKEN, "10.0.0.9", {"authorization": f"Bearer {TOKEN}"}, 200),
        (TOKEN, "10.0.0.9", {"authorization": f"Bearer {TOKEN}x"}, 403),
        (TOKEN, "127.0.0.1", {}, 403),
    ],
)
def test_metrics_are_for_this_machine_or_who_knows_the_token(
    token: str, where: str, headers: dict[str, str], status: int
) -> None:
    with override_settings(METRICS_TOKEN=token):
        assert ask("/metrics", headers=headers, REMOTE_ADDR=where).status_code == status


def test_an_idle_minute_is_one_probe_and_one_small_write(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with at("2026-03-10 09:00"), django_assert_num_queries(2):
        sweep_and_note()
    with at("2026-03-10 09:01"), django_assert_num_queries(2):
        sweep_and_note()

    assert LastRun.objects.get().finished_at == moment("2026-03-10 09:01")


def test_an_older_sweep_that_ends_late_takes_nothing_back() -> None:
    with at("2026-03-10 09:01"):
        note_run(name="sweep")
    with at("2026-03-10 09:00"):
        note_run(name="sweep")

    assert LastRun.objects.get().finished_at == moment("2026-03-10 09:01")
