"""./run as a person meets it: what it says, how it stops, what it refuses."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from launch import ports, processes
from launch.errors import manage_failed
from launch.folders import DataFolder, socket_folder
from launch.processes import CHECKOUT

STARTED = 180.0  # seconds, at most

Run = subprocess.Popen[str]


def environment(**more: str) -> dict[str, str]:
    """This process's settings without those of the test run."""
    ours = ("DATABASE_", "BROKER_", "EMAIL_", "SECRET_", "ALSCARE_", "DJANGO_", "ALLOWED_HOSTS", "PYTHONPATH")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


def run(data: Path, *words: str, settings: Mapping[str, str] | None = None) -> Run:
    return subprocess.Popen(
        ["./run", "--data", str(data), *words],
        cwd=CHECKOUT,
        env=environment(**(settings or {})),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def refused(data: Path, *words: str, settings: Mapping[str, str] | None = None) -> str:
    """What a ./run says that must not start."""
    with run(data, *words, settings=settings) as process:
        said, _ = process.communicate(timeout=STARTED)
    assert process.returncode == 1, said
    return said


def read_until(process: Run, text: str) -> str:
    said = ""
    for line in process.stdout or ():
        said += line
        if text in line:
            return said
    raise AssertionError(f"./run ended without saying {text!r}:\n{said}")


def everything_of(data: Path) -> list[int]:
    """Ids of all processes that belong to a data folder: sessions, and PostgreSQL's own children."""
    ledger = json.loads((data / "running" / "processes.json").read_text())
    leaders = [entry["pid"] for entry in ledger["processes"]]
    members = [pid for leader in leaders for pid in processes.in_session(leader)]
    return sorted({*members, *(pid for leader in leaders for pid in processes.children_of(leader))})


@dataclass(frozen=True)
class Life:
    """A first ./run that served and was then killed without warning."""

    data: Path
    said: str
    served: bool
    running: list[int]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Life:
    data, port = tmp_path_factory.mktemp("run") / "data", ports.free()
    process = run(data, "--port", str(port))
    try:
        said = read_until(process, "Data and logs")
        served = ports.serves(f"http://127.0.0.1:{port}/")
        running = everything_of(data)
    finally:
        process.kill()
        process.communicate()
    return Life(data, said, served, running)


@pytest.mark.chaos
def test_the_first_start_says_what_is_overdue_and_where_to_sign_in(killed: Life) -> None:
    assert killed.served
    assert "Loading the demo clinic" in killed.said
    assert "Sweeping through Celery" in killed.said
    assert "verdue" in killed.said.partition("alscare is ready")[2]
    assert "to sign in. Ctrl-C stops everything." in killed.said


@pytest.mark.chaos
def test_nothing_is_left_after_sigkill(killed: Life) -> None:
    assert len(killed.running) >= 10
    assert processes.wait_until_gone(killed.running, 15) == []


@pytest.mark.chaos
def test_the_next_start_recovers_and_a_signal_stops_it_in_order(killed: Life) -> None:
    port = ports.free()
    process = run(killed.data, "--port", str(port))
    said = read_until(process, "Data and logs")
    running = everything_of(killed.data)
    served = ports.serves(f"http://127.0.0.1:{port}/")

    process.send_signal(signal.SIGINT)
    stopping, _ = process.communicate(timeout=60)

    assert served
    assert "Loading the demo clinic" not in said
    assert "Stopping web, beat, worker, broker, sink, postgres" in stopping
    assert process.returncode == 0
    assert processes.wait_until_gone(running, 1) == []
    assert not ports.answers(port)
    assert not (killed.data / "postgres" / "postmaster.pid").exists()
    assert not socket_folder(killed.data).exists()


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        said = refused(tmp_path, "--port", str(port))

    assert f"error: Port {port} is taken by another program.\nTo mend it: " in said


def test_a_data_folder_in_use_is_refused(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.open()
    try:
        said = refused(tmp_path, "--port", str(ports.free()))
    finally:
        folder.close()

    assert f"error: The data folder {tmp_path} is in use by another ./run (process {os.getpid()})." in said


def test_data_of_another_postgresql_are_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("13\n")

    said = refused(tmp_path, "--port", str(ports.free()))

    assert f"error: {tmp_path / 'postgres'} was made by PostgreSQL 13; this is PostgreSQL 18." in said


def test_an_unknown_setting_is_refused_by_name(tmp_path: Path) -> None:
    said = refused(tmp_path, "--port", str(ports.free()), settings={"ALSCARE_COLOUR": "blue"})

    assert "error: ALSCARE_COLOUR: no such setting." in said
    assert "Traceback" not in said


def test_a_real_database_needs_a_real_mail_server(tmp_path: Path) -> None:
    said = refused(tmp_path, settings={"DATABASE_URL": "postgres://alscare_app@db.example.org/alscare"})

    assert "error: EMAIL_URL is not set, but DATABASE_URL is" in said


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    said = refused(tmp_path / "file" / "data", "--port", str(ports.free()))

    assert "error: " in said
    assert str(tmp_path / "file") in said
    assert "Traceback" not in said


def test_stopping_during_set_up_leaves_nothing(tmp_path: Path) -> None:
    process = run(tmp_path, "--port", str(ports.free()))
    read_until(process, "Bringing the database up to date")
    until = time.monotonic() + 10
    while len(running := everything_of(tmp_path)) < 3 and time.monotonic() < until:
        time.sleep(0.05)

    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 130, said
    assert processes.wait_until_gone(running, 1) == []


def test_a_failed_command_shows_its_message_rather_than_its_trace() -> None:
    error = manage_failed(
        ["migrate"], "Traceback ...\ndjango.core.exceptions.ImproperlyConfigured: DEBUG: is refused.\n"
    )

    assert error.what == "DEBUG: is refused."
