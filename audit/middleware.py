"""Every request acts as somebody, and leaves a row for the charts it showed or was refused."""

from collections.abc import Callable, Iterator
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from structlog.contextvars import get_contextvars

from audit.actor import Actor, acting, resumed
from audit.services.reads import write_chart_reads, write_denial

TURNED_AWAY = (403, 404)


class AuditMiddleware:
    """Write the read audit before the answer leaves: what cannot be audited is not shown.

    Must stand last in MIDDLEWARE, after the one that sets ``request.membership``. An
    error while writing propagates, so the answer becomes a 500 (docs/adr/0002-read-audit.md).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user_id = request.user.pk if request.user.is_authenticated else None
        purpose = f"{request.method} {request.path}"
        with acting(user_id=user_id, purpose=purpose, request_id=_id_in_the_log()) as actor:
            response = self.get_response(request)
            write_chart_reads(actor=actor)
            if user_id and response.status_code in TURNED_AWAY and _asked_for_one_thing(request):
                membership = request.membership  # type: ignore[attr-defined]
                clinic_id = membership.clinic_id if membership else None
                write_denial(actor=actor, clinic_id=clinic_id, status=response.status_code)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = _audited(response.streaming_content, actor)  # type: ignore[arg-type]
        return response


def _id_in_the_log() -> UUID | None:
    """The id by which the log knows the request, so that a line of it leads to the audit and back."""
    logged = get_contextvars().get("request_id")
    return UUID(logged) if logged else None


def _asked_for_one_thing(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and bool(match.args or match.kwargs)


def _audited(chunks: Iterator[bytes], actor: Actor) -> Iterator[bytes]:
    """The same chunks, each let go only after the charts in it are written down."""
    chunks = iter(chunks)
    while True:
        with resumed(actor):
            chunk = next(chunks, None)
            write_chart_reads(actor=actor)
        if chunk is None:
            return
        yield chunk
