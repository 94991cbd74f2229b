"""What every test has."""

import faulthandler
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _quick_settings(settings: Settings, tmp_path: Path) -> None:
    """Passwords hashed cheaply; static files unhashed where nobody collected them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STATIC_ROOT = str(tmp_path)
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def _long_runs_may_last(request: pytest.FixtureRequest) -> None:
    """A full run takes longer than a test that hangs; nobody needs to see where it is after five minutes."""
    if request.node.get_closest_marker("full"):
        faulthandler.cancel_dump_traceback_later()
