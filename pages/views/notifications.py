"""A member's own mail: which, and when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pages.forms_account import NotificationsForm
from pages.rows import FormPanel
from pages.views.panel import NOT_VALID, show_form
from teams.access import ClinicalRequest, clinical
from teams.models import Clinic


@require_http_methods(["GET", "POST"])
@clinical
def notifications(request: ClinicalRequest) -> HttpResponse:
    """Which mail the signed-in member gets from the clinic in use."""
    here = reverse("account:notifications")
    typed = request.POST if request.method == "POST" else None  # unticking everything is an answer too
    form = NotificationsForm(typed, membership=request.membership)
    if form.is_valid() and form.submit() is not None:
        messages.success(request, _("Saved."))
        return redirect(here)
    panel = FormPanel(
        url=here,
        submit=_("Save"),
        title=_("Email to me"),
        about=str(request.membership.clinic),
        consequence=_consequence(request.membership.clinic),
        cancel_url=reverse("alerts:inbox"),
    )
    return show_form(request, form=form, panel=panel, status=NOT_VALID if form.is_bound else 200)


def _consequence(clinic: Clinic) -> str:
    """What holds whatever is chosen."""
    always = _("Alerts always stand in the app.")
    if clinic.quiet_from is None or clinic.quiet_until is None:
        return always
    quiet = _("Between %(start)s and %(end)s no mail leaves; it waits until then.")
    shown = {"start": time_format(clinic.quiet_from), "end": time_format(clinic.quiet_until)}
    return f"{always} {quiet % shown}"
