"""What a demo tells whoever opens it."""

from collections.abc import Sequence

from django import template

from exchange.demo import DEMO_PASSWORD, Account
from exchange.demo.accounts import demo_accounts as accounts

register = template.Library()


@register.simple_tag
def demo_accounts() -> Sequence[Account]:
    """Who can sign in to the demo clinic; nobody outside a demo."""
    return accounts()


@register.simple_tag
def demo_password() -> str:
    """The password of each of them."""
    return DEMO_PASSWORD
