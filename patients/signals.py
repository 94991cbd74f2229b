"""Sent inside the transaction in which a patient's facts changed; one receiver, in ``worklist``."""

from django.dispatch import Signal

# Arguments: patient (locked), user (or None), causes (ids of the facts written or voided), corrected
# (those of them that were marked entered in error, or are no longer).
chart_changed = Signal()
