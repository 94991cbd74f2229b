"""The demo clinic: invented people only. Patients carry plant names, staff bird names, suppliers stones."""

from exchange.demo.staff import DEMO_ACCOUNTS, DEMO_PASSWORD, Account

__all__ = ["DEMO_ACCOUNTS", "DEMO_PASSWORD", "Account"]
