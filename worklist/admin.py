"""Care tasks and rule settings in the admin: looked at there, changed where each has its own page."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

from patients.admin import ChartAdmin
from teams.admin import ClinicAdminBase
from worklist.models import CareTask, RuleSetting


@admin.register(CareTask)
class CareTaskAdmin(ChartAdmin):
    """Work that is or was due; it changes only by what is recorded."""

    list_display = ["patient", "rule", "due_on", "overdue_on", "discipline", "owner", "closed_on"]
    list_select_related = ["patient", "discipline", "owner"]
    list_filter = ["rule", "discipline", "close_reason"]
    search_fields = ["patient__family_name", "patient__given_name", "patient__mrn"]
    ordering = ["-opened_at"]


@admin.register(RuleSetting)
class RuleSettingAdmin(ClinicAdminBase):
    """Every version of what a clinic set about a rule. Changed on the rules' own pages, by preview."""

    list_display = ["rule", "version", "state", "clinic", "activated_at", "activated_by", "why"]
    list_select_related = ["clinic", "activated_by"]
    list_filter = ["state", "rule"]
    search_fields = ["rule", "why"]
    ordering = ["rule", "-version"]

    def view_on_site(self, setting: RuleSetting) -> str:
        """The rule's page."""
        return reverse("rules:rule", args=[setting.rule])

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: versions are drafted on the rules' pages."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: a version is never rewritten."""
        return False
