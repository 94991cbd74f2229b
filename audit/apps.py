"""Django app for the audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Audit trail of reads and writes."""

    name = "audit"
