"""Who may open a page: signed in, and working in a clinic in a role that opens it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teams.models import Membership, Role, User

P = ParamSpec("P")


class ClinicalRequest(HttpRequest):
    """A request of somebody with a clinical role; what ``clinical`` hands to a view."""

    user: User
    membership: Membership


def member(
    view: Callable[Concatenate[ClinicalRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let every active member in, whatever their role: for what shows no chart."""
    return _for(lambda _membership: True, view)


def configuring(
    view: Callable[Concatenate[ClinicalRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let admins and clinical leads in, who answer for how the clinic is set up."""
    return _for(may_configure, view, "account/not_yours.html")


def may_configure(membership: Membership) -> bool:
    """Whether the member may change how the clinic is set up."""
    return membership.role in (Role.ADMIN, Role.LEAD)


def overseeing(
    view: Callable[Concatenate[ClinicalRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let coordinators, clinical leads and admins in: for figures about the clinic that name no patient."""
    return _for(may_oversee, view, "account/not_overseeing.html")


def may_oversee(membership: Membership) -> bool:
    """Whether the member answers for how the whole clinic gets on."""
    return membership.sees_whole_clinic or membership.role == Role.ADMIN


def clinical(
    view: Callable[Concatenate[ClinicalRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let members with a clinical role in; send others to sign in, or say why there is nothing to see."""
    return _for(lambda membership: membership.is_clinical, view)


def _for(
    allowed: Callable[[Membership], bool],
    view: Callable[Concatenate[ClinicalRequest, P], HttpResponse],
    refusal: str = "account/no_charts.html",
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        membership = getattr(request, "membership", None)
        if membership is None or not allowed(membership):
            return render(request, refusal, status=403)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return login_required(guarded)  # type: ignore[return-value]
