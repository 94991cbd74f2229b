"""Read the settings from environment variables; refuse nonsense, naming the variable.

Every variable alscare knows stands here once. An ``ALSCARE_`` variable that is
not known is refused, since a misspelt setting silently ignored is worse than a
process that does not start.
"""

import os
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

KNOWN = frozenset(
    {
        "ALSCARE_BASE_URL",
        "ALSCARE_CRITICAL_PAUSE_SECONDS",
        "ALSCARE_DATA",
        "ALSCARE_DEMO",
        "ALSCARE_FROM_EMAIL",
        "ALSCARE_LOG_LEVEL",
        "ALSCARE_MAIL_SINK",
        "ALSCARE_METRICS_TOKEN",
        "ALSCARE_RUNTIME_ROLE",
        "ALSCARE_SWEEP_SECONDS",
        "ALSCARE_TRUSTED_PROXIES",
    }
)
LONGEST_SWEEP_SECONDS = 3600
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SHORTEST_KEY = 50
SHORTEST_TOKEN = 20
FEWEST_CHARACTERS = 10
MAKE_A_KEY = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
PLACEHOLDERS = ("change", "dev-only", "django-insecure", "example", "insecure", "password", "secret-key")


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings as read; see docs/operations.md for what each one means."""

    demo: bool
    debug: bool
    secret_key: str
    allowed_hosts: list[str]
    base_url: str
    database: dict[str, Any]
    broker_url: str
    email: dict[str, Any]
    from_email: str
    mail_sink: str
    log_level: str
    metrics_token: str
    sweep_seconds: int
    critical_pause_seconds: int
    runtime_role: str
    trusted_proxies: int


def read_environment() -> Environment:
    """Read and check all settings.

    Raises:
        ImproperlyConfigured: naming the variable, what is wrong and how to mend it.
    """
    _refuse_unknown()
    try:
        environment = _read(Env())
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"A setting cannot be read: {error}") from error
    _check(environment)
    return environment


def _refuse_unknown() -> None:
    unknown = sorted(name for name in os.environ if name.startswith("ALSCARE_") and name not in KNOWN)
    if unknown:
        raise ImproperlyConfigured(
            f"{', '.join(unknown)}: no such setting. Known: {', '.join(sorted(KNOWN))}."
        )


def _read(env: Env) -> Environment:
    demo = env.bool("ALSCARE_DEMO", False)
    return Environment(
        demo=demo,
        debug=env.bool("DEBUG", False),
        secret_key=env.str("SECRET_KEY", ""),
        allowed_hosts=env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"] if demo else []),
        base_url=env.str("ALSCARE_BASE_URL", "http://127.0.0.1:8000" if demo else "").rstrip("/"),
        database=env.dj_db_url("DATABASE_URL", ""),
        broker_url=env.str("BROKER_URL", "redis://127.0.0.1:6379/0"),
        email=env.dj_email_url("EMAIL_URL", "smtp://127.0.0.1:25"),
        from_email=env.str("ALSCARE_FROM_EMAIL", "alscare <alscare@localhost>"),
        mail_sink=env.str("ALSCARE_MAIL_SINK", ""),
        log_level=env.str("ALSCARE_LOG_LEVEL", "INFO").upper(),
        metrics_token=env.str("ALSCARE_METRICS_TOKEN", ""),
        sweep_seconds=env.int("ALSCARE_SWEEP_SECONDS", 60),
        critical_pause_seconds=env.int("ALSCARE_CRITICAL_PAUSE_SECONDS", 15 * 60),
        runtime_role=env.str("ALSCARE_RUNTIME_ROLE", ""),
        trusted_proxies=env.int("ALSCARE_TRUSTED_PROXIES", 0),
    )


def _check(environment: Environment) -> None:
    for wrong in (_wrong_services(environment), _wrong_security(environment)):
        if wrong:
            raise ImproperlyConfigured(wrong)


def _wrong_services(environment: Environment) -> str:
    engine = environment.database.get("ENGINE", "")
    if engine != "django.db.backends.postgresql":
        return (
            "DATABASE_URL: alscare needs PostgreSQL, for example"
            " postgres://alscare_app:password@db.example.org:5432/alscare."
        )
    if urlsplit(environment.broker_url).scheme not in {"redis", "rediss", "redis+socket"}:
        return "BROKER_URL: must be a Redis or Valkey address, for example redis://127.0.0.1:6379/0."
    if environment.email.get("EMAIL_BACKEND") != SMTP or not environment.email["EMAIL_PORT"]:
        return (
            "EMAIL_URL: must be an SMTP server with its port, for example"
            " submission://user:password@mail.example.org:587 (TLS) or smtp://127.0.0.1:25."
        )
    if not parseaddr(environment.from_email)[1].partition("@")[2]:
        return "ALSCARE_FROM_EMAIL: must hold an address, for example alscare <alscare@example.org>."
    if environment.log_level not in LEVELS:
        return f"ALSCARE_LOG_LEVEL: {environment.log_level} is not one of {', '.join(LEVELS)}."
    if not 1 <= environment.sweep_seconds <= LONGEST_SWEEP_SECONDS:
        return f"ALSCARE_SWEEP_SECONDS: must be from 1 to {LONGEST_SWEEP_SECONDS} (usually 60)."
    if environment.critical_pause_seconds < 0:
        return "ALSCARE_CRITICAL_PAUSE_SECONDS: must be 0 or more (usually 900)."
    if environment.trusted_proxies < 0:
        return "ALSCARE_TRUSTED_PROXIES: must be 0 or more (how many proxies of yours stand in front)."
    return ""


def _wrong_security(environment: Environment) -> str:
    if len(environment.secret_key) < SHORTEST_KEY:
        return f"SECRET_KEY: must be at least {SHORTEST_KEY} characters of randomness; {MAKE_A_KEY}."
    if 0 < len(environment.metrics_token) < SHORTEST_TOKEN:
        return f"ALSCARE_METRICS_TOKEN: must be at least {SHORTEST_TOKEN} characters of randomness, or unset."
    if environment.demo:
        return ""
    if _is_placeholder(environment.secret_key):
        return f"SECRET_KEY: this one is made up by hand or from an example; {MAKE_A_KEY}."
    if environment.debug:
        return "DEBUG: is refused outside the demo (ALSCARE_DEMO=true)."
    if environment.mail_sink:
        return "ALSCARE_MAIL_SINK: is refused outside the demo (ALSCARE_DEMO=true)."
    if not environment.allowed_hosts or "*" in environment.allowed_hosts:
        return "ALLOWED_HOSTS: name the hosts alscare is served under, separated by commas (not *)."
    address = urlsplit(environment.base_url)
    if address.scheme != "https" or not address.hostname or address.path:
        return (
            "ALSCARE_BASE_URL: must be the https:// address people use, without a path;"
            " it stands in emailed links."
        )
    return ""


def _is_placeholder(key: str) -> bool:
    few = len(set(key)) < FEWEST_CHARACTERS
    return few or any(word in key.lower() for word in PLACEHOLDERS)
