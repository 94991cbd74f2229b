"""Django app: import, export and replay."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Import, export and replay."""

    name = "exchange"
