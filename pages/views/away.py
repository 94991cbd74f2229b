"""Time away: who stands in for the signed-in person, and from when until when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pages.forms_away import AwayForm
from pages.rows import FormPanel
from pages.views.log import FORM_METHODS
from pages.views.panel import NOT_VALID, show_form
from teams.access import ClinicalRequest, clinical


@require_http_methods(FORM_METHODS)
@clinical
def away(request: ClinicalRequest) -> HttpResponse:
    """Set the time away, or clear it by leaving all empty."""
    form = AwayForm(request.POST or None, membership=request.membership)
    if form.is_bound and form.is_valid() and form.submit() is not None:
        messages.success(request, _("Time away saved."))
        return redirect("pages:my_work")
    panel = FormPanel(
        url=reverse("pages:away"),
        submit=_("Save time away"),
        title=_("Time away"),
        consequence=_(
            "From the first to the last day your work, emails and escalations reach your deputy too."
            " Leave all empty when you are not going away."
        ),
        cancel_url=reverse("pages:my_work"),
    )
    return show_form(request, form=form, panel=panel, status=NOT_VALID if form.is_bound else 200)
