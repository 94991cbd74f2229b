"""Alerts and their emails in the admin."""

from collections.abc import Iterable
from typing import cast

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from alerts.models import Alert, Delivery
from patients.admin import ChartAdmin
from patients.models import Patient
from teams.models import User
from teams.selectors import clinics_open_to


@admin.register(Alert)
class AlertAdmin(ChartAdmin):
    """Alerts, open and closed."""

    list_display = ["patient", "rule", "opens_on", "closes_on", "close_reason"]
    list_select_related = ["patient"]
    list_filter = ["rule", "close_reason"]
    search_fields = ["patient__family_name", "patient__given_name", "patient__mrn"]
    ordering = ["-opened_at"]


@admin.register(Delivery)
class DeliveryAdmin(ChartAdmin):
    """The outbox: one row per email and person; digests hang on no patient."""

    path_to_patient = "alert__patient"
    list_display = ["recipient", "kind", "state", "not_before", "attempts", "finished_at", "clinic"]
    list_select_related = ["recipient", "clinic"]
    list_filter = ["kind", "state"]
    search_fields = ["recipient__name", "recipient__email"]
    ordering = ["-created_at"]

    def visible(self, request: HttpRequest) -> Q:
        """Emails of clinics whose charts are open to the one who asks."""
        return clinics_open_to(cast(User, request.user))

    def patients_of(self, rows: Iterable[Delivery]) -> list[Patient]:
        """The patients whose alerts the emails are about."""
        return [row.alert.patient for row in rows if row.alert]
