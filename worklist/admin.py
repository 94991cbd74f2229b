"""Care tasks in the admin."""

from django.contrib import admin

from patients.admin import ChartAdmin
from worklist.models import CareTask


@admin.register(CareTask)
class CareTaskAdmin(ChartAdmin):
    """Work that is or was due; it changes only by what is recorded."""

    list_display = ["patient", "rule", "due_on", "overdue_on", "discipline", "owner", "closed_on"]
    list_select_related = ["patient", "discipline", "owner"]
    list_filter = ["rule", "discipline", "close_reason"]
    search_fields = ["patient__family_name", "patient__given_name", "patient__mrn"]
    ordering = ["-opened_at"]
