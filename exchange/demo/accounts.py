"""Who can sign in to the demo clinic."""

from collections.abc import Sequence

from django.conf import settings

from exchange.demo.staff import DEMO_ACCOUNTS, Account
from teams.models import User


def demo_accounts() -> Sequence[Account]:
    """The demo's accounts; none outside a demo, or where nobody of them exists."""
    emails = [account.email for account in DEMO_ACCOUNTS]
    there = settings.DEMO and User.objects.filter(email__in=emails).exists()
    return DEMO_ACCOUNTS if there else ()
