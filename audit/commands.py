"""How management commands act: as the system, under their own name, with their reads written down."""

from typing import Any

from django.core.management.base import BaseCommand

from audit.actor import acting
from audit.services.reads import write_chart_reads


class ActingCommand(BaseCommand):
    """The base of every command that writes facts or puts charts out."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command inside ``acting``."""
        name = type(self).__module__.rpartition(".")[2]
        with acting(user_id=None, purpose=f"command {name}") as actor:
            output = super().execute(*args, **options)
            write_chart_reads(actor=actor)
        return output
