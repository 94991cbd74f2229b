"""Sent in the transaction in which care tasks changed; one receiver, in ``alerts``."""

from django.dispatch import Signal

# Arguments: patient_ids (list of UUID).
tasks_changed = Signal()
