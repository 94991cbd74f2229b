"""What the frame around every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pages.present.frame import member, navigation


def frame(request: HttpRequest) -> dict[str, Any]:
    """Clinic, member, navigation and today; nothing of a clinic for those who open no chart."""
    membership = getattr(request, "membership", None)
    context: dict[str, Any] = {"demo": settings.DEMO, "clinic": None, "member": None, "nav": []}
    if membership is not None:
        context["clinic"] = membership.clinic
        context["member"] = member(membership)
        context["today"] = membership.clinic.today()
    if membership is not None and membership.is_clinical:
        context["nav"] = SimpleLazyObject(lambda: navigation(request, membership))
    return context
