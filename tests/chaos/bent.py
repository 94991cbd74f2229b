"""The product bent by a test: its settings, and an app that moves its clock or plants a fault.

Processes started with ``DJANGO_SETTINGS_MODULE=tests.chaos.bent`` are the product in all else:
the product itself knows nothing of this. ``CHAOS_CLOCK`` names a file that holds the seconds by
which ``pathway.clock`` runs ahead of the machine's clock, read anew each time it is asked;
``CHAOS_FAULT`` names one of tests/chaos/faults.py.
"""

import os
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.apps import AppConfig

from alscare.settings import *  # noqa: F403
from alscare.settings import INSTALLED_APPS as OWN_APPS
from pathway import clock

INSTALLED_APPS = [*OWN_APPS, "tests.chaos.bent.Bent"]


class MovedClock:
    """In place of what the clock is held at: that, or else the machine's time and what the file says."""

    def __init__(self, held: ContextVar[datetime | None], ahead: Path) -> None:
        self._held, self._ahead = held, ahead
        self.set, self.reset = held.set, held.reset

    def get(self) -> datetime:
        """The moment it is."""
        return self._held.get() or datetime.now(UTC) + timedelta(seconds=float(self._ahead.read_text()))


class Bent(AppConfig):
    """Bends the process that it is started in."""

    name = "tests.chaos"
    label = "chaos"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        """Do it."""
        if moved := os.environ.get("CHAOS_CLOCK"):
            clock._held = MovedClock(clock._held, Path(moved))  # type: ignore[assignment]
        if fault := os.environ.get("CHAOS_FAULT"):
            from tests.chaos import faults

            faults.plant(fault)
