"""Django app: equipment requests, contacts and loans."""

from django.apps import AppConfig


class EquipmentConfig(AppConfig):
    """Equipment requests, contacts and loans."""

    name = "equipment"
