"""Equipment in the admin: kinds, payers and vendors are edited, requests only looked at."""

from django.contrib import admin
from django.http import HttpRequest

from equipment.models import (
    EquipmentItem,
    EquipmentRequest,
    EquipmentStatusChange,
    Loaner,
    Payer,
    Vendor,
    VendorContact,
)
from patients.admin import FactAdmin
from teams.admin import ClinicAdminBase, SuperuserAdmin


@admin.register(EquipmentItem)
class EquipmentItemAdmin(SuperuserAdmin):
    """Kinds of equipment and services."""

    list_display = ["name", "kind", "is_breathing", "requested_by", "fitted_by", "position"]
    list_select_related = ["requested_by", "fitted_by"]
    list_filter = ["kind", "is_breathing"]
    search_fields = ["name", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: EquipmentItem | None = None) -> list[str]:
        """Requests name an item by its code."""
        return ["code"] if obj else []


@admin.register(Payer, Vendor)
class OrganisationAdmin(ClinicAdminBase):
    """Who pays, and who delivers."""

    list_display = ["name", "phone", "clinic", "is_active"]
    list_select_related = ["clinic"]
    list_filter = ["is_active"]
    search_fields = ["name"]


@admin.register(EquipmentRequest)
class EquipmentRequestAdmin(FactAdmin):
    """Requests and where they stand."""

    list_display = ["item", "stage", "stage_since", *FactAdmin.list_display]
    list_select_related = [*FactAdmin.list_select_related, "item"]
    list_filter = ["stage", "item"]


@admin.register(EquipmentStatusChange)
class EquipmentStatusChangeAdmin(FactAdmin):
    """Stages reached."""

    list_display = ["status", *FactAdmin.list_display]
    list_filter = ["status"]


@admin.register(VendorContact)
class VendorContactAdmin(FactAdmin):
    """Calls made."""

    list_display = ["contact_with", "person", "next_call_on", *FactAdmin.list_display]
    list_filter = ["contact_with"]


@admin.register(Loaner)
class LoanerAdmin(FactAdmin):
    """Things lent."""

    list_display = ["item_lent", "serial_number", "due_back_on", "returned_on", *FactAdmin.list_display]
