"""Sent inside the transaction in which a patient's facts changed; one receiver, in ``worklist``."""

from django.dispatch import Signal

# Arguments: patient (locked), user (or None), causes (ids of the facts written or voided).
chart_changed = Signal()
