"""``manage.py demo_accounts``: who can sign in to the demo clinic."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from exchange.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from teams.models import User


class Command(BaseCommand):
    """Print the demo accounts and their common password."""

    help = "Print the accounts of the demo clinic and their common password."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One line each; nothing outside a demo or where nobody of them exists."""
        emails = [account.email for account in DEMO_ACCOUNTS]
        if not settings.DEMO or not User.objects.filter(email__in=emails).exists():
            return
        width = max(map(len, emails))
        self.stdout.write(f"Sign in with any of these; the password is: {DEMO_PASSWORD}")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.email:<{width}}  {account.name}, {account.title.lower()}")
