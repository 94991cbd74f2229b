"""Django app: closed-loop referrals."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Closed-loop referrals."""

    name = "referrals"
