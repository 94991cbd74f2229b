"""Addresses of what a member decides for themselves."""

from django.urls import path

from pages.views import notifications

app_name = "account"

urlpatterns = [path("notifications/", notifications.notifications, name="notifications")]
