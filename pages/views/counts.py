"""The counts beside the navigation, asked for every minute."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from teams.access import ClinicalRequest, clinical


@require_GET
@clinical
def counts(request: ClinicalRequest) -> HttpResponse:
    """Fresh counts for the frame; shows no patient and does not keep a session alive."""
    return render(request, "components/nav_counts.html")
