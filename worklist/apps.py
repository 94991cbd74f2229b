"""Django app: care tasks."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    """Care tasks."""

    name = "worklist"

    def ready(self) -> None:
        """Connect the one receiver of this room."""
        from worklist import receivers  # noqa: F401
