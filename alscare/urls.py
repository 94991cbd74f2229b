"""Where every page lives."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("alscare.probes")),
    path("", include("pages.urls")),
    path("equipment/", include("pages.urls_equipment")),
    path("referrals/", include("pages.urls_referrals")),
    path("alerts/", include("pages.urls_alerts")),
    path("rules/", include("pages.urls_rules")),
    path("going-live/", include("pages.urls_going_live")),
    path("account/", include("pages.urls_account")),
    path("accounts/", include("teams.urls")),
    path("admin/", admin.site.urls),
]
