"""Django app: equipment requests, contacts and loans."""

from django.apps import AppConfig


class EquipmentConfig(AppConfig):
    """Equipment requests, contacts and loans."""

    name = "equipment"

    def ready(self) -> None:
        """Let charting know the columns that follow from facts of this room."""
        from equipment import services  # noqa: F401
