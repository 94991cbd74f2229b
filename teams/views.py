"""Which clinic a person with several works in now."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from teams.models import User
from teams.selectors import active_memberships


@require_POST
def choose_clinic(request: HttpRequest, clinic_id: UUID) -> HttpResponse:
    """Go on in another of one's clinics."""
    user = cast(User, request.user)
    if not active_memberships(user=user).filter(clinic_id=clinic_id).exists():
        raise Http404
    request.session["clinic"] = str(clinic_id)
    return redirect("/")
