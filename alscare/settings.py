"""Django settings, one file for every environment; see docs/operations.md."""

from pathlib import Path
from urllib.parse import urlsplit

import structlog
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from alscare.environment import read_environment
from alscare.logs import hide_ids, hide_rows

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = read_environment()
DEMO = ENVIRONMENT.demo
SECURE = not DEMO

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
BASE_URL = ENVIRONMENT.base_url
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
MAIL_SINK = ENVIRONMENT.mail_sink
RUNTIME_ROLE = ENVIRONMENT.runtime_role
METRICS_TOKEN = ENVIRONMENT.metrics_token

INSTALLED_APPS = [
    "pages",
    "exchange",
    "alerts",
    "worklist",
    "assessments",
    "referrals",
    "equipment",
    "patients",
    "teams",
    "audit",
    "allauth",
    "allauth.account",
    "pghistory",
    "pgtrigger",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "csp",
    "django_structlog",
    "alscare.apps.AlscareAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

# What every answer must carry stands first, so that errors and redirects carry it too; the audit
# stands last, so that it sees the finished answer of the view and nothing else has seen it yet.
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "alscare.middleware.BrowserPolicyMiddleware",
    "alscare.probes.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "teams.middleware.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "alscare.middleware.RequestLogMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "teams.middleware.MembershipMiddleware",
    "audit.middleware.AuditMiddleware",
]

ROOT_URLCONF = "alscare.urls"
WSGI_APPLICATION = "alscare.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "pages.context_processors.frame",
            ],
        },
    },
]

# Data

DATABASES = {
    "default": {
        **ENVIRONMENT.database,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a restart of PostgreSQL fails no page
        "OPTIONS": {
            **ENVIRONMENT.database.get("OPTIONS", {}),
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
            # For statements run by teams.cursors, and no others.
            "prepare_threshold": 0,
            "options": "-c plan_cache_mode=force_generic_plan",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_APPEND_ONLY = True
# Holds the counts behind the limits on signing in: shared by all processes, and up whenever the
# product is. The table is made by a migration of teams.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "rate_limits"}}

# People and sign-in

AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["teams.backends.MemberBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "teams.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can have alscare write to strangers
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme or "https"
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_IDLE_SECONDS = 15 * 60
SESSION_LONGEST_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "alscare_session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "alscare_csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # never in a cookie

# What browsers are told

SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
_FRONT_END = BASE_DIR / "node_modules"
STATICFILES_DIRS = [("bootstrap", _FRONT_END / "bootstrap" / "dist")] if _FRONT_END.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# Mail

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = ENVIRONMENT.email["EMAIL_HOST"]
EMAIL_PORT = ENVIRONMENT.email["EMAIL_PORT"]
EMAIL_HOST_USER = ENVIRONMENT.email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = ENVIRONMENT.email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = ENVIRONMENT.email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = ENVIRONMENT.email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = ENVIRONMENT.email["EMAIL_TIMEOUT"] or 20
CRITICAL_PAUSE_SECONDS = ENVIRONMENT.critical_pause_seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.from_email

# Celery: every message only says "look now", so losing or repeating one is harmless

SWEEP_SECONDS = ENVIRONMENT.sweep_seconds
CELERY_BROKER_URL = ENVIRONMENT.broker_url
# A worker that starts before its broker waits for it, as after any other interruption.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# And it waits for as long as that takes, trying every 30 seconds at the latest; Celery would end it after
# a hundred tries, three quarters of an hour.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A page that pokes the sweep must not wait for a broker that is away, nor try again: beat asks anyway.
# Left as it is: visibility_timeout, an hour. A message that a dead worker held comes back after it, long
# after beat has sent others; it would also repeat every task that waits longer, so no task ever has an
# ETA or a countdown.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 1}
CELERY_TASK_PUBLISH_RETRY = False
# A message counts as done when its work is: a worker that is killed leaves it to another. All tasks may
# run twice or at once.
CELERY_TASK_ACKS_LATE = True
# The same for a pool child that is killed alone, whose message Celery would else take for done.
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# Nobody waits for an answer; what was done stands in the database. Results would pile up in the broker.
CELERY_TASK_IGNORE_RESULT = True
# A task that hangs is ended after five minutes, so that two of them cannot stop a worker of two for good.
# Whatever it had not committed, the next one does; a lease on a mail runs out by itself.
CELERY_TASK_TIME_LIMIT = 300
# A busy child takes no second message, which another could work on now.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# The worker's own lines go through LOGGING below, which hides what must not be logged.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False


def _every(seconds: int, task: str) -> dict[str, object]:
    """A beat entry; a message not taken before the next one is due is let go.

    So a broker that nobody empties for a night holds one of each at most.
    """
    return {"task": task, "schedule": float(seconds), "options": {"expires": 0.9 * seconds}}


CELERY_BEAT_SCHEDULE = {
    "sweep": _every(SWEEP_SECONDS, "alerts.tasks.sweep"),
    "deliver": _every(SWEEP_SECONDS, "alerts.tasks.deliver"),
    "release": _every(300, "worklist.tasks.release"),
    "run-rules": _every(30, "worklist.tasks.run_rules"),
    "seal-audit": _every(300, "audit.tasks.seal"),
}

# Logs: never a name, an MRN, a finding or an address with a patient's id

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide_rows,
                hide_ids,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": ENVIRONMENT.log_level},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
