"""``manage.py load_demo``: the demo clinic, for trying the product out."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exchange.services.demo import load_demo


class Command(BaseCommand):
    """Load the demo clinic into a database without clinics."""

    help = "Load the demo clinic (invented people only) unless the database already holds a clinic."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuses outside a demo; does nothing when there is a clinic."""
        if not settings.DEMO:
            raise CommandError("Demo accounts have a known password. Set ALSCARE_DEMO=true to allow them.")
        logging.getLogger("alerts").setLevel(logging.WARNING)  # hundreds of sweeps, one for each day
        clinic = load_demo()
        if clinic is None:
            self.stdout.write("There is a clinic already; nothing was loaded.")
        else:
            self.stdout.write(f"Loaded {clinic.name} with {clinic.patients.count()} patients.")
