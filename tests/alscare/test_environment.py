"""Settings that are unknown, malformed or unsafe refuse to start, and say which."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from alscare.environment import KNOWN, read_environment

CHECKOUT = Path(__file__).resolve().parents[2]
KEY = "kJ3vQm9xZt7bW2nLr5dYp8sHf4gCa6uE1iXoRqTzVwMyNbKhGj"
DATABASE = "postgres://alscare_app:word@db.example.org:5432/alscare"
PRODUCTION = {
    "SECRET_KEY": KEY,
    "DATABASE_URL": DATABASE,
    "BROKER_URL": "rediss://broker.example.org:6379/0",
    "EMAIL_URL": "submission://alscare:word@mail.example.org:587",
    "ALLOWED_HOSTS": "alscare.example.org",
    "ALSCARE_BASE_URL": "https://alscare.example.org",
}
DEMO = {"SECRET_KEY": KEY, "DATABASE_URL": DATABASE, "ALSCARE_DEMO": "true"}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*KNOWN, *PRODUCTION, "DEBUG"]:
        monkeypatch.delenv(name, raising=False)


def use(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def test_production_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, PRODUCTION)

    environment = read_environment()

    assert not environment.demo
    assert not environment.debug
    assert environment.base_url == "https://alscare.example.org"
    assert environment.email["EMAIL_USE_TLS"]
    assert environment.database["USER"] == "alscare_app"


def test_the_demo_needs_only_a_key_and_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, DEMO)

    environment = read_environment()

    assert environment.demo
    assert environment.allowed_hosts == ["127.0.0.1", "localhost"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALSCARE_DEMOO", "true"),
        ("ALSCARE_DEMO", "perhaps"),
        ("ALSCARE_DEMO", ""),
        ("DEBUG", "of course"),
        ("DEBUG", "true"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://root@localhost/alscare"),
        ("BROKER_URL", "amqp://broker.example.org"),
        ("BROKER_URL", "nonsense"),
        ("EMAIL_URL", "nonsense"),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "smtp+tls://mail.example.org:587"),
        ("EMAIL_URL", "smtp://mail.example.org:many"),
        ("ALSCARE_FROM_EMAIL", "alscare"),
        ("ALSCARE_LOG_LEVEL", "LOUD"),
        ("ALSCARE_TRUSTED_PROXIES", "one"),
        ("ALSCARE_TRUSTED_PROXIES", "-1"),
        ("ALSCARE_MAIL_SINK", "mail"),
        ("ALSCARE_BASE_URL", "http://alscare.example.org"),
        ("ALSCARE_BASE_URL", "alscare.example.org"),
        ("ALSCARE_BASE_URL", "https://alscare.example.org/app"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", KEY[:49]),
        ("SECRET_KEY", "ab" * 40),
        ("SECRET_KEY", f"django-insecure-{KEY}"),
        ("SECRET_KEY", f"change-me-{KEY}"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_without_repeating_secrets(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    use(monkeypatch, PRODUCTION | {name: value})

    with pytest.raises(ImproperlyConfigured, match=name) as refused:
        read_environment()

    assert KEY[:20] not in str(refused.value)
    assert "word" not in str(refused.value).replace("password", "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "ALSCARE_BASE_URL"])
def test_production_has_no_default_for(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    use(monkeypatch, {key: value for key, value in PRODUCTION.items() if key != name})

    with pytest.raises(ImproperlyConfigured, match=name):
        read_environment()


def manage(*words: str, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    inherited = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=CHECKOUT,
        env=inherited | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_process_with_a_misspelt_setting_does_not_start() -> None:
    done = manage("check", settings=PRODUCTION | {"ALSCARE_BASEURL": "https://alscare.example.org"})

    assert done.returncode == 1
    assert "ALSCARE_BASEURL: no such setting" in done.stderr


def test_djangos_own_check_of_production_finds_nothing() -> None:
    done = manage("check", "--deploy", "--fail-level", "INFO", settings=PRODUCTION)

    assert done.stderr + done.stdout == "System check identified no issues (0 silenced).\n"
    assert done.returncode == 0
