"""What the frame around every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pages.present.frame import administration, member, navigation


def frame(request: HttpRequest) -> dict[str, Any]:
    """Clinic, member, navigation and today; nothing for those who belong to no clinic."""
    membership = getattr(request, "membership", None)
    context: dict[str, Any] = {"demo": settings.DEMO, "clinic": None, "member": None, "nav": []}
    if membership is not None:
        context["clinic"] = membership.clinic
        context["member"] = member(membership)
        context["today"] = membership.clinic.today()
        places = navigation if membership.is_clinical else administration
        context["nav"] = SimpleLazyObject(lambda: places(request, membership))
    return context
