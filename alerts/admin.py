"""Alerts and their emails in the admin."""

from collections.abc import Iterable
from typing import cast

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from alerts.models import Alert, Delivery, DeliveryState
from alerts.services.trouble import try_again
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
    list_filter = [
        "state",
        "kind",
        "created_at",
        ("clinic", admin.RelatedOnlyFieldListFilter),
        ("recipient", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["recipient__name", "recipient__email"]
    ordering = ["-created_at"]
    actions = ["try_again"]  # type: ignore[assignment]  # charts have none

    def visible(self, request: HttpRequest) -> Q:
        """Emails of clinics whose charts are open to the one who asks."""
        return clinics_open_to(cast(User, request.user))

    def patients_of(self, rows: Iterable[Delivery]) -> list[Patient]:
        """The patients whose alerts the emails are about."""
        return [row.alert.patient for row in rows if row.alert]

    @admin.action(description=gettext_lazy("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Put the chosen emails that were given up back into the outbox; the others stay as they are."""
        given_up = list(queryset.filter(state=DeliveryState.FAILED).values_list("pk", flat=True))
        for delivery_id in given_up:
            try_again(delivery_id=delivery_id, user=cast(User, request.user))
        text = ngettext(
            "%(count)s email will be tried again within a minute.",
            "%(count)s emails will be tried again within a minute.",
            len(given_up),
        )
        level = messages.SUCCESS if given_up else messages.WARNING
        self.message_user(request, text % {"count": len(given_up)}, level)
