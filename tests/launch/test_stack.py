"""The whole stack, started as ./run starts it: each part that is killed comes back, and work goes on."""

import mailbox
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launch import ports, processes
from launch.stack import ORDER, Stack

pytestmark = pytest.mark.chaos


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything but the demo clinic, with none of the settings of the test run."""
    ours = ("DATABASE_", "BROKER_", "EMAIL_", "SECRET_", "ALSCARE_", "DJANGO_", "ALLOWED_HOSTS")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with Stack(
        data=tmp_path_factory.mktemp("data"),
        port=ports.free(),
        python=Path(sys.executable),
        environment=environment,
        demo_clinic=False,
    ) as running:
        running.start()
        running.sweep_once()
        yield running


def eventually(holds: Callable[[], object], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_every_part_runs_and_pages_are_served(stack: Stack) -> None:
    assert [name for name in ORDER if not stack.pids(name)] == []
    assert ports.serves(stack.url)


@pytest.mark.parametrize("name", ORDER)
def test_a_part_that_is_killed_comes_back_and_work_goes_on(stack: Stack, name: str) -> None:
    before = stack.pids(name)

    os.kill(before[0], signal.SIGKILL)

    assert eventually(lambda: (now := stack.pids(name)) and now[0] != before[0])
    assert processes.wait_until_gone(before, 10) == []
    assert eventually(lambda: ports.serves(stack.url))
    stack.sweep_once()


def test_a_pool_process_that_is_killed_is_replaced_by_the_worker(stack: Stack) -> None:
    assert eventually(lambda: len(stack.pids("worker")) == 3)
    worker, *pool = stack.pids("worker")

    os.kill(pool[0], signal.SIGKILL)

    assert eventually(lambda: len(now := stack.pids("worker")) == 3 and pool[0] not in now)
    assert stack.pids("worker")[0] == worker
    stack.sweep_once()


def test_a_part_that_is_halted_stays_down_until_it_is_started(stack: Stack) -> None:
    service = stack.broker.service()

    stack.supervisor.halt("broker")
    time.sleep(1)

    assert stack.pids("broker") == []
    assert not stack.broker.ready()
    stack.supervisor.start(service)
    stack.sweep_once()


def test_mail_ends_in_the_sink(stack: Stack) -> None:
    stack.manage("sendtestemail", "nurse@example.org")

    kept = mailbox.Maildir(stack.folder.mail)
    assert [message["X-Envelope-To"] for message in kept] == ["nurse@example.org"]


def test_the_web_runs_as_the_role_that_owns_nothing(stack: Stack) -> None:
    assert "alscare_app@" in stack.environment()["DATABASE_URL"]
    assert "alscare_owner@" in stack.environment(owner=True)["DATABASE_URL"]
    owners = stack.postgres.sql(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'", database="alscare"
    )
    assert owners == "alscare_owner"
