"""Addresses of the alerts inbox, a screen that combines rooms."""

from django.urls import path

from pages.views import burden, inbox, snooze

app_name = "alerts"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("burden/", burden.burden, name="burden"),
    path("<uuid:alert_id>/read/", inbox.read, name="read"),
    path("<uuid:alert_id>/snooze/", snooze.snooze_alert, name="snooze"),
    path("<uuid:alert_id>/wake/", snooze.wake_alert, name="wake"),
]
