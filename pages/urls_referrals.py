"""Addresses of referrals."""

from django.urls import path

from pages.views import referrals

app_name = "referrals"

urlpatterns = [
    path("", referrals.referral_list, name="list"),
    path("for/<uuid:patient_id>/", referrals.place, name="place"),
    path("<uuid:referral_id>/update/", referrals.update, name="update"),
]
