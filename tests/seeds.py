"""The rows that migrations seed, put back after a test that empties every table."""

from importlib import import_module

from django.apps import apps

from teams.models import Discipline


def put_back() -> None:
    """Run the seeding migrations' own functions again, unless their rows are there."""
    if not Discipline.objects.exists():
        import_module("teams.migrations.0002_disciplines").seed(apps, None)
        import_module("equipment.migrations.0003_items").seed(apps, None)
