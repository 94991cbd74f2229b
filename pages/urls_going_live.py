"""Addresses of a clinic going live."""

from django.urls import path

from pages.views import going_live

app_name = "going_live"

urlpatterns = [
    path("", going_live.going_live, name="page"),
    path("book/", going_live.bulk_book, name="bulk_book"),
]
