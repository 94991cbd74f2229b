"""What alscare changes in django-allauth: nobody signs up; links name the public address."""

from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an admin's invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: see ``teams.services.people.invite``."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a reset mail: under the public address, whatever host the request named."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.BASE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send; a mail server that is away must not tell which addresses have an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            log.exception("account_mail_not_sent", kind=template_prefix)
