"""What the frame around every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Clinic, member and whether this is the demo."""
    membership = getattr(request, "membership", None)
    return {
        "member": membership,
        "clinic": membership.clinic if membership else None,
        "demo": settings.DEMO,
    }
