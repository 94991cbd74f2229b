"""Alerts on overdue work, and telling people about them."""
