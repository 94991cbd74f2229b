"""Addresses of the alerts inbox, a screen that combines rooms."""

from django.urls import path

from pages.views import inbox

app_name = "alerts"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("<uuid:alert_id>/read/", inbox.read, name="read"),
]
