"""Sent in the transaction in which care tasks changed; one receiver, in ``alerts``."""

from django.dispatch import Signal

# Arguments: patient_ids (list of UUID), until (open what was past due then; now if absent),
# news (False where nothing fell due, changed hands or severity: nobody need be told).
tasks_changed = Signal()
