"""Give the runtime role its rights, after migrations and as the owner of the tables."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.services.runtime_role import RuntimeRoleError, grant_runtime


class Command(BaseCommand):
    """Run with the owner's DATABASE_URL after every ``migrate``; running it again changes nothing."""

    help = "Give the role named by ALSCARE_RUNTIME_ROLE the rights the product needs, and no more."

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant and print."""
        role = settings.RUNTIME_ROLE
        if not role:
            raise CommandError("ALSCARE_RUNTIME_ROLE is not set: name the role the product connects as.")
        try:
            count = grant_runtime(role=role)
        except RuntimeRoleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{role} may now use {count} tables; audit tables only to read and to add.")
