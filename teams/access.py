"""Who may open a page: signed in, and working in a clinic in a role that opens charts."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teams.models import Membership, User

P = ParamSpec("P")


class ClinicalRequest(HttpRequest):
    """A request of somebody with a clinical role; what ``clinical`` hands to a view."""

    user: User
    membership: Membership


def clinical(
    view: Callable[Concatenate[ClinicalRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let members with a clinical role in; send others to sign in, or say why there is nothing to see."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        membership = getattr(request, "membership", None)
        if membership is None or not membership.is_clinical:
            return render(request, "account/no_clinic.html", status=403)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return login_required(guarded)  # type: ignore[return-value]
