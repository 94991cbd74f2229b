"""Django app: recorded findings."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Recorded findings."""

    name = "assessments"
