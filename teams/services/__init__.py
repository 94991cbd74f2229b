"""Inviting people, letting them go, and their part in a clinic."""
