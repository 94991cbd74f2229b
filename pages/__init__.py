"""Screens that combine rooms; no models of its own."""
