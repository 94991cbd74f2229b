"""What monitors ask, without signing in: is the process alive, does the product work, in numbers.

Answered before sessions, host names, redirects and the audit, so that a probe by address
works, reads nothing it need not and leaves nothing in the log. No answer holds a patient.
"""

from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from alscare.health import Check, checks

UNAVAILABLE = 503
MEANINGS: Mapping[str, str] = {
    "database": "Whether PostgreSQL answers.",
    "broker": "Whether the broker answers.",
    "migrations": "Migrations that the database lacks.",
    "sweep_age_seconds": "Seconds since the last sweep ended.",
    "oldest_undelivered_seconds": "Seconds for which the oldest undelivered mail has been late.",
    "undelivered": "Emails whose time has come and that wait.",
    "given_up": "Emails that a mail server refused for good.",
}


@require_safe
@login_not_required
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process is alive: asks neither the database nor anything else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@login_not_required
def readyz(_request: HttpRequest) -> HttpResponse:
    """Everything the product needs, each by name with its value: 200, or 503 when one does not hold."""
    found = checks()
    ready = all(check.ok for check in found)
    body = {
        "ready": ready,
        "checks": {check.name: {"ok": check.ok, "value": check.value} for check in found},
    }
    return JsonResponse(body, status=200 if ready else UNAVAILABLE)


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """The same for Prometheus: for who knows the token, or without one for this machine alone."""
    if not _may_read_metrics(request):
        return HttpResponse("forbidden\n", content_type="text/plain", status=403)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Health())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Health(Collector):
    """The checks as gauges; the numbers are the database's, so every process tells the same ones."""

    def collect(self) -> Iterable[Metric]:
        """One gauge per value that is known, and one that says which checks hold."""
        holds = GaugeMetricFamily("alscare_check_ok", "Whether a check of /readyz holds.", labels=["check"])
        for check in checks():
            holds.add_metric([check.name], float(check.ok))
            yield from _value(check)
        yield holds


def _value(check: Check) -> Iterable[Metric]:
    if check.value is not None:
        yield GaugeMetricFamily(f"alscare_{check.name}", MEANINGS[check.name], value=check.value)


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return _is_from_here(request)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a program on this machine asks; a proxy beside us asks for somebody else."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


PROBES: Mapping[str, Callable[[HttpRequest], HttpResponse]] = {
    "healthz": healthz,
    "readyz": readyz,
    "metrics": metrics,
}
urlpatterns = [path(name, view, name=name) for name, view in PROBES.items()]


class ProbeMiddleware:
    """Answer the probes here, before anything that asks who it is or for which host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = PROBES.get(request.path_info.removeprefix("/"))
        return view(request) if view else self.get_response(request)
