"""``manage.py demo_accounts``: who can sign in to the demo clinic."""

from typing import Any

from django.core.management.base import BaseCommand

from exchange.demo import DEMO_PASSWORD
from exchange.demo.accounts import demo_accounts


class Command(BaseCommand):
    """Print the demo accounts and their common password."""

    help = "Print the accounts of the demo clinic and their common password."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One line each; nothing outside a demo or where nobody of them exists."""
        accounts = demo_accounts()
        if not accounts:
            return
        width = max(len(account.email) for account in accounts)
        self.stdout.write(f"Sign in with any of these; the password is: {DEMO_PASSWORD}")
        for account in accounts:
            self.stdout.write(f"  {account.email:<{width}}  {account.name}, {account.title.lower()}")
