"""Django app: closed-loop referrals."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Closed-loop referrals."""

    name = "referrals"

    def ready(self) -> None:
        """Let charting know the columns that follow from facts of this room."""
        from referrals import services  # noqa: F401
