"""Session limits, and the membership a request acts under."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url

from pathway import clock
from teams.selectors import current_membership

Handler = Callable[[HttpRequest], HttpResponseBase]

STARTED = "session_started_at"
SEEN = "session_seen_at"
POLLING_HEADER = "X-Alscare-Poll"
# Once a minute is exact enough, and saves a write on every other request.
SEEN_EVERY_SECONDS = 60


class SessionLimitsMiddleware:
    """Sign out after 15 idle minutes or 12 hours. Polling for counts does not keep a session alive."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self._limit(request)
        return self._for_htmx(request, self.get_response(request))

    def _limit(self, request: HttpRequest) -> None:
        now = int(clock.now().timestamp())
        started = request.session.setdefault(STARTED, now)
        seen = request.session.get(SEEN, now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_LONGEST_SECONDS:
            logout(request)
            return
        polls = POLLING_HEADER in request.headers
        if SEEN not in request.session or (not polls and now - seen >= SEEN_EVERY_SECONDS):
            request.session[SEEN] = now

    @staticmethod
    def _for_htmx(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Have the whole page go to sign-in, rather than a part of it turn into the sign-in page."""
        htmx = getattr(request, "htmx", None)
        if not htmx or request.user.is_authenticated or "Location" not in response.headers:
            return response
        if not response.headers["Location"].startswith(resolve_url(settings.LOGIN_URL)):
            return response
        target = redirect_to_login(htmx.current_url_abs_path or "/").url
        return HttpResponse(headers={"HX-Redirect": target})


class MembershipMiddleware:
    """Set ``request.membership``: the membership chosen for this session, else the only or first one.

    Without any, every page but one's own account and the admin says so.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.membership = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            chosen = request.session.get("clinic")
            request.membership = current_membership(user=request.user, clinic_id=chosen)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer in the view's place when there is no clinic to show anything of."""
        match = request.resolver_match
        open_to_all = not getattr(view, "login_required", True)
        own_account = match is not None and (match.url_name or "").startswith("account_")
        in_admin = match is not None and match.namespace == "admin"
        if request.user.is_anonymous or request.membership or open_to_all or own_account or in_admin:  # type: ignore[attr-defined]
            return None
        return render(request, "account/no_clinic.html", status=403)
