"""Assessments in the admin."""

from django.contrib import admin

from assessments.models import Assessment
from patients.admin import FactAdmin


@admin.register(Assessment)
class AssessmentAdmin(FactAdmin):
    """Recorded findings."""

    list_display = ["kind", *FactAdmin.list_display]
    list_filter = ["kind"]
