"""./test: everything that a change must pass, in one run.

Style, types, import order, migrations and deployment settings first, two at a
time; then the tests, two at a time as well, in a private PostgreSQL and a real Redis.
The last line is pytest's own summary when all is well.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from launch import postgres, processes, static
from launch.broker import Broker
from launch.errors import LaunchError, manage_failed
from launch.folders import make_private
from launch.install import PYTHON, VENV, install, site_packages
from launch.processes import CHECKOUT, Command
from launch.progress import Progress
from launch.run import stop_on_signals
from launch.supervisor import Supervisor

USAGE = """\
usage: ./test [--full] [PYTEST ARGUMENTS]

./test            style, types, import order and all tests but the long ones
./test --full     the long ones too, in two hours or more
./test ARGUMENTS  only what pytest makes of them, for example: ./test tests/pathway -k decline"""

DEBIAN = {"chromium": "chromium", "redis-server": "redis-server"}  # program: package
BIN = VENV / "bin"
AT_ONCE = 2
FULL = ("-m", "")  # in place of pyproject's "not full"
SHARED_OUT = ("-n", str(AT_ONCE))  # how: tests/conftest.py


@dataclass(frozen=True)
class Check:
    """One command that must end with exit code 0."""

    name: str
    words: Sequence[str]
    settings: Mapping[str, str] | None = None


PRODUCTION = {
    "ALSCARE_DEMO": "false",
    "ALSCARE_BASE_URL": "https://alscare.example.org",
    "ALLOWED_HOSTS": "alscare.example.org",
}
MANAGE = (str(PYTHON), "manage.py")
CHECKS = (
    Check("types (mypy)", [str(BIN / "mypy")]),
    Check("style (ruff check)", [str(BIN / "ruff"), "check", "."]),
    Check("layout (ruff format)", [str(BIN / "ruff"), "format", "--check", "."]),
    Check("templates (djlint)", [str(BIN / "djlint"), "templates", "--lint", "--quiet"]),
    Check("import order (lint-imports)", [str(BIN / "lint-imports")]),
    Check("migrations (makemigrations --check)", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
    Check(
        "deployment (check --deploy)", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION
    ),
)


def main() -> int:
    """Run the checks that the command line asks for; returns the exit code.

    Raises:
        LaunchError: something stands in the way of running them.
    """
    words = sys.argv[1:]
    if words in (["--help"], ["-h"]):
        print(USAGE)
        return 0
    stop_on_signals()
    progress = Progress()
    install_debian_packages(progress)
    install(progress, development=True)
    with tempfile.TemporaryDirectory(prefix="alscare-test-") as folder:
        return _in_servers(progress, Path(folder), words)


def install_debian_packages(progress: Progress) -> None:
    """Install the browser and the broker that tests need, where they are missing.

    Raises:
        LaunchError: they are missing and cannot be installed by this user.
    """
    missing = sorted(package for program, package in DEBIAN.items() if not shutil.which(program))
    if not missing:
        return
    command = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise LaunchError(f"The tests need {' and '.join(missing)}.", mend=f"as root: {command}")
    with progress.step(f"Installing {' and '.join(missing)} (apt-get)"):
        processes.must_run(
            Command(["sh", "-c", command]),
            failure=f"apt-get could not install {' and '.join(missing)}.",
            mend=f"see the lines above, then as root: {command}",
            environment={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )


def _in_servers(progress: Progress, folder: Path, words: list[str]) -> int:
    redis = shutil.which("redis-server")
    server = postgres.cluster(
        folder / "postgres",
        site_packages=site_packages(PYTHON),
        log=folder / "postgres.log",
        durable=False,
    )
    broker = Broker(binary=Path(redis or ""), sockets=folder / "broker", log=folder / "broker.log")
    make_private(broker.sockets)
    try:
        with Supervisor(say=progress.say, ledger=folder / "processes.json") as supervisor:
            with progress.step(f"Starting PostgreSQL {server.major} and Redis"):
                server.prepare()
                supervisor.start(server.service())
                server.set_up()
                supervisor.start(broker.service())
            return _run_all(progress, _settings(server, broker), words)
    finally:
        shutil.rmtree(server.sockets, ignore_errors=True)


def _settings(server: postgres.Postgres, broker: Broker) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": server.url(postgres.OWNER),
        "BROKER_URL": broker.url,
        "EMAIL_URL": "smtp://127.0.0.1:9",  # nobody listens: a test that mails starts its own server
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALSCARE_DEMO": "true",
        "ALSCARE_RUNTIME_ROLE": postgres.RUNTIME,
        "PYTHONUNBUFFERED": "1",
    }


def _run_all(progress: Progress, settings: dict[str, str], words: list[str]) -> int:
    chosen = [word for word in words if word != "--full"]
    failed = [] if chosen else _run_checks(progress, settings)
    if static.outdated():
        with progress.step("Collecting static files"):
            _collect_static(settings)
    progress.say("tests (pytest)")
    pytest = Command([str(PYTHON), "-m", "pytest", *pytest_words(words)])
    code = subprocess.run(pytest.tied(), cwd=CHECKOUT, env=settings, stdin=subprocess.DEVNULL).returncode
    if code == 0 and not failed:
        return 0
    if code:
        failed.append("tests (pytest)" if code > 0 else f"tests (ended by {signal.Signals(-code).name})")
    progress.say(f"Failed: {', '.join(failed)}")
    return 1


def pytest_words(words: Sequence[str]) -> list[str]:
    """What pytest is told. A whole run is shared out between processes; a choice runs in one, as asked."""
    chosen = [word for word in words if word != "--full"]
    return [*(FULL if "--full" in words else ()), *(chosen or SHARED_OUT)]


def _run_checks(progress: Progress, settings: dict[str, str]) -> list[str]:
    """Run all checks and return the names of those that failed."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        passed = list(pool.map(lambda check: _passes(progress, check, settings), CHECKS))
    return [check.name for check, fine in zip(CHECKS, passed, strict=True) if not fine]


def _passes(progress: Progress, check: Check, settings: dict[str, str]) -> bool:
    """Run one check; print how long it took and, if it failed, what it printed."""
    began = progress.elapsed
    done = processes.run(Command(check.words), environment={**settings, **(check.settings or {})})
    fine = done.returncode == 0
    verdict = "ok" if fine else "FAILED"
    output = "" if fine else f"\n{done.stdout}{done.stderr}"
    progress.say(f"{check.name}: {verdict}, {progress.elapsed - began:.1f} s{output}")
    return fine


def _collect_static(settings: dict[str, str]) -> None:
    words = ("collectstatic", "--no-input", "--clear", "--verbosity", "0")
    done = processes.run(Command([*MANAGE, *words]), environment=settings)
    if done.returncode != 0:
        raise manage_failed(words, done.stderr)
    static.mark_collected()
