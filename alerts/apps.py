"""Django app: alerts and deliveries."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Alerts and deliveries."""

    name = "alerts"

    def ready(self) -> None:
        """Connect the one receiver of this room."""
        from alerts import receivers  # noqa: F401
