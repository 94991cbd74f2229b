"""The admin of clinics: what changes there is work for other rooms."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from alerts.services.going_live import mark_catch_up_anew
from teams.admin import ClinicAdmin
from teams.models import Clinic
from worklist.services.going_live import judge_everybody_again


@admin.register(Clinic)
class GoingLiveAdmin(ClinicAdmin):
    """Clinics, their first day and the disciplines they do not have."""

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        """Save it; then judge again which work is catch-up, and whose seats are asked for."""
        super().save_model(request, obj, form, change)
        if "live_on" in form.changed_data and change:
            people = mark_catch_up_anew(clinic=obj)
            if people:
                text = ngettext(
                    "Which overdue work is catch-up was judged again; it changed for %(people)s person.",
                    "Which overdue work is catch-up was judged again; it changed for %(people)s people.",
                    people,
                )
                self.message_user(request, text % {"people": people}, messages.SUCCESS)
        if "absent" in form.changed_data and change:
            judge_everybody_again(clinic=obj)
