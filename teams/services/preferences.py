"""What mail a member wants, within what their clinic allows."""

from datetime import time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from teams.models import Membership


def set_mail_preferences(
    *, membership: Membership, email_digest: bool, digest_at: time | None, email_critical: bool
) -> Membership:
    """Store which mail a member wants, and when (local time; None: the clinic's hour).

    Mail already in the outbox goes by what stands here when its time comes; a new hour counts
    from the next digest that is put there.

    Raises:
        ValidationError: they give up mail about critical work though the clinic does not let them, or
            the hour lies in its quiet hours.
    """
    clinic, wrong = membership.clinic, {}
    if membership.email_critical and not email_critical and not clinic.may_mute_critical:
        wrong["email_critical"] = _("Your clinic wants everybody to be mailed about critical work.")
    if digest_at is not None and clinic.is_quiet(digest_at):
        wrong["digest_at"] = _("Your clinic sends no mail at that hour. Choose another.")
    if wrong:
        raise ValidationError(wrong)
    membership.email_digest, membership.digest_at = email_digest, digest_at
    membership.email_critical = email_critical
    membership.save(update_fields=["email_digest", "digest_at", "email_critical"])
    return membership
