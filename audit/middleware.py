"""Every request acts as somebody, and leaves a row for the charts it showed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit.actor import acting
from audit.services import write_chart_reads


class AuditMiddleware:
    """Write the read audit before the answer leaves: what cannot be audited is not shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        user_id = user.pk if user is not None and user.is_authenticated else None
        route = f"{request.method} {request.path}"
        with acting(user_id=user_id, purpose=route) as actor:
            response = self.get_response(request)
            write_chart_reads(actor=actor)
        return response
