"""Django app: screens."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Screens."""

    name = "pages"
