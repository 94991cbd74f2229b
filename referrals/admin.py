"""Referrals in the admin."""

from django.contrib import admin

from patients.admin import FactAdmin
from referrals.models import Referral, ReferralStatusChange


@admin.register(Referral)
class ReferralAdmin(FactAdmin):
    """Referrals placed."""

    list_display = ["discipline", "status", *FactAdmin.list_display]
    list_select_related = [*FactAdmin.list_select_related, "discipline"]
    list_filter = ["status", "discipline"]


@admin.register(ReferralStatusChange)
class ReferralStatusChangeAdmin(FactAdmin):
    """What became of them."""

    list_display = ["status", *FactAdmin.list_display]
    list_filter = ["status"]
