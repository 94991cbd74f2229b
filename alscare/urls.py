"""Where every page lives."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("pages.urls")),
    path("equipment/", include("equipment.urls")),
    path("referrals/", include("referrals.urls")),
    path("alerts/", include("alerts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
