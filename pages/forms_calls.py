"""A call about an equipment request, and the next one as a task of whoever logged it."""

from django.db import transaction

from equipment.forms import CallForm
from equipment.models import VendorContact
from worklist.services.calls import follow_call


class FollowedCallForm(CallForm):
    """Logs the call; the day to call again becomes a task."""

    @transaction.atomic
    def record(self) -> VendorContact:
        """Log it, and note the next call."""
        contact = super().record()
        follow_call(contact=contact, user=self.user)
        return contact
