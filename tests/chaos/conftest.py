"""The stack and the mail server of each run, and what the runs measured."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launch import static
from launch.ports import free
from launch.stack import Stack
from tests.chaos.sink import MailServer, Sink

MEASURED = pytest.StashKey[list[str]]()
OURS = frozenset({"DATABASE_URL", "BROKER_URL", "SECRET_KEY", "ALSCARE_RUNTIME_ROLE"})


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Tell what a run measured: one line of JSON at the end of the tests."""

    def tell(**numbers: object) -> None:
        lines = request.config.stash.setdefault(MEASURED, [])
        lines.append(json.dumps({"run": request.node.name, **numbers}))

    return tell


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what the runs measured."""
    if lines := config.stash.get(MEASURED, []):
        terminalreporter.section("measured while parts were killed or away")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that refuses some mail for a while."""
    server = MailServer(Sink())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_settings() -> dict[str, str]:
    """What a test sets beside the usual."""
    return {}


def settings_of_run(**own: str) -> dict[str, str]:
    """This process's environment without its servers: each stack brings its own."""
    ours = {name: value for name, value in os.environ.items() if name not in OURS}
    return ours | {"ALSCARE_LOG_LEVEL": "WARNING", "ALSCARE_CRITICAL_PAUSE_SECONDS": "0"} | own


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a database with the tables made: each stack starts on a copy."""
    data = tmp_path_factory.mktemp("prepared")
    with Stack(data=data, port=free(), python=Path(sys.executable), environment=settings_of_run()) as stack:
        stack.start_servers()
        stack.manage("migrate", "--no-input", "--verbosity", "0", owner=True)
        stack.manage("grant_runtime", owner=True)
        if static.outdated():
            stack.manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")
            static.mark_collected()
    return stack.folder.postgres


@pytest.fixture
def stack(
    tmp_path: Path, cluster: Path, mail_server: MailServer, own_settings: dict[str, str]
) -> Iterator[Stack]:
    """The product's servers, with a sweep every second and no pause before critical mail."""
    settings = settings_of_run(
        EMAIL_URL=f"smtp://127.0.0.1:{mail_server.port}/?timeout=2", ALSCARE_SWEEP_SECONDS="1"
    )
    data = tmp_path / "data"
    shutil.copytree(cluster, data / "postgres")
    python = Path(sys.executable)
    with Stack(data=data, port=free(), python=python, environment=settings | own_settings) as stack:
        stack.start_servers()
        yield stack
