"""``manage.py overdue_summary``: what is overdue, by discipline."""

from typing import Any

from django.core.management.base import BaseCommand

from teams.models import Clinic
from worklist.selectors.tasks import overdue_by_discipline


class Command(BaseCommand):
    """Print how much is overdue in each clinic. Numbers only, no names."""

    help = "Print what is overdue in each clinic, by discipline."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One block for each clinic."""
        for clinic in Clinic.objects.all():
            rows = overdue_by_discipline(clinic=clinic)
            total = sum(row.overdue for row in rows)
            self.stdout.write(f"{clinic.name}: {total} overdue")
            for row in rows:
                critical = f", {row.critical} critical" if row.critical else ""
                self.stdout.write(f"  {row.discipline or 'Coordinator':<28}{row.overdue:>4}{critical}")
