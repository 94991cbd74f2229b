"""Django app for patients."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Patients, care-team assignments, declines and deferrals."""

    name = "patients"
