"""What alscare changes in django-allauth: nobody signs up; people are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an admin's invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: see ``teams.services.invite``."""
        return False
