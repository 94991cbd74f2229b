"""Django app for clinics and people."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Clinics, disciplines and members."""

    name = "teams"
