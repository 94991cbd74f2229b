"""Sent in the transaction in which care tasks changed; one receiver, in ``alerts``."""

from django.dispatch import Signal

# Arguments: patient_ids (list of UUID), until (open what was past due then; now if absent).
tasks_changed = Signal()
