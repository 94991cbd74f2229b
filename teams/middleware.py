"""Session limits, and the membership a request acts under."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from teams.selectors import current_membership

Handler = Callable[[HttpRequest], HttpResponse]

STARTED = "session_started_at"
SEEN = "session_seen_at"
POLLING_HEADER = "X-Alscare-Poll"


class SessionLimitsMiddleware:
    """Sign out after 15 idle minutes or 12 hours. Polling for counts does not keep a session alive."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._limit(request)
        return self.get_response(request)

    def _limit(self, request: HttpRequest) -> None:
        now = int(time.time())
        started = request.session.setdefault(STARTED, now)
        seen = request.session.get(SEEN, now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_LONGEST_SECONDS:
            logout(request)
            return
        polls = POLLING_HEADER in request.headers
        # Once a minute is exact enough, and saves a write on every other request.
        if not polls and (SEEN not in request.session or now - seen >= 60):
            request.session[SEEN] = now


class MembershipMiddleware:
    """Set ``request.membership``: the membership chosen for this session, else the only or first one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            chosen = request.session.get("clinic")
            request.membership = current_membership(user=request.user, clinic_id=chosen)  # type: ignore[attr-defined]
        return self.get_response(request)
