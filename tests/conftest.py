"""What every test has, and how a run is shared out between processes (``-n 2``, as ./test does)."""

import faulthandler
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from launch.tied import die_with_parent

# What goes to one process as a whole. The whole stack is slow and mostly waits: it comes first, so
# that everything else fills the other process meanwhile. Then by what is costly to set up twice.
STACK = "the whole stack"
TOGETHER = {
    "tests/chaos/": STACK,
    "tests/launch/": STACK,
    "tests/benchmarks/": STACK,
    "tests/browser/": "browser",
    "tests/ops/": "ops",
    "tests/exchange/cohort/": "cohort",
    "tests/test_authorisation.py": "authorisation",
}


def part(nodeid: str) -> str:
    """The part of a run that a test belongs to; most are parts of their own."""
    return next((name for place, name in TOGETHER.items() if nodeid.startswith(place)), nodeid)


class Shares(LoadScopeScheduling):
    """Parts are dealt out in the order of the tests, to whichever process has least left to do."""

    def _split_scope(self, nodeid: str) -> str:
        return part(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Shares:
    """Share out by parts, and leave their order alone: tests that empty tables come after the others."""
    config.option.loadscopereorder = False
    return Shares(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """A process that runs a share goes when the one that deals them out goes."""
    if hasattr(config, "workerinput"):
        die_with_parent(signal.SIGKILL, os.getppid())


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Bring the whole stack to the front of the order that pytest-django gives."""
    yield
    items.sort(key=lambda item: part(item.nodeid) != STACK)


@pytest.fixture(autouse=True)
def _quick_settings(settings: Settings) -> None:
    """Passwords hashed cheaply; static files found when asked for, unhashed where nobody collected them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True  # or every test client would read the whole folder first
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def _long_runs_may_last(request: pytest.FixtureRequest) -> None:
    """A full run takes longer than a test that hangs; nobody needs to see where it is after five minutes."""
    if request.node.get_closest_marker("full"):
        faulthandler.cancel_dump_traceback_later()
