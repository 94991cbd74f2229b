"""Inviting people into a clinic, and ending what they may open. Nothing here names a patient."""

from collections.abc import Iterable
from datetime import date
from smtplib import SMTPException
from uuid import UUID

import structlog
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from teams.models import Clinic, Discipline, Membership, User
from teams.selectors import colleagues

log = structlog.get_logger(__name__)


class InvitationNotSentError(Exception):
    """The person is a member now, but the mail server did not take the invitation."""


def invite(
    *,
    clinic: Clinic,
    email: str,
    name: str,
    role: str,
    disciplines: Iterable[Discipline] = (),
    title: str = "",
) -> Membership:
    """Make somebody a member of a clinic and mail them a link to set their password.

    A new user is made unless the address has one; then only the membership is new,
    and the mail only says so. The mail goes out after the membership is stored for
    good, so this must not run inside a transaction.

    Raises:
        ValidationError: a field is wrong, or they are a member of the clinic already.
        InvitationNotSentError: stored, but not mailed; ``send_invitation`` tries again.
    """
    with transaction.atomic(durable=True):
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            user = User(email=email.strip().lower(), name=name)
            user.set_unusable_password()
            user.full_clean()
            user.save(force_insert=True)
        elif not user.is_active:
            raise ValidationError({"email": _("This account is deactivated. Activate it first.")})
        membership = Membership(user=user, clinic=clinic, role=role, title=title)
        membership.full_clean()
        membership.save(force_insert=True)
        membership.disciplines.set(disciplines)
    send_invitation(membership=membership)
    return membership


def send_invitation(*, membership: Membership) -> None:
    """Mail a member their way in: a link to set a password if they have none, else to sign in.

    Raises:
        InvitationNotSentError: the mail server did not take it.
    """
    user = membership.user
    context = {"user": user, "clinic": membership.clinic, "link": _way_in(user)}
    mail = EmailMessage(
        subject=render_to_string("account/email/invitation_subject.txt", context).strip(),
        body=render_to_string("account/email/invitation_message.txt", context),
        to=[user.email],
    )
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        log.warning("invitation_not_sent", user=str(user.pk), error=type(error).__name__)
        raise InvitationNotSentError(
            _("%(name)s was added, but the mail server did not take the invitation (%(error)s).")
            % {"name": user.name, "error": type(error).__name__}
        ) from error


def _way_in(user: User) -> str:
    if user.has_usable_password():
        return settings.BASE_URL + reverse("account_login")
    uid, key = user_pk_to_url_str(user), default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    return settings.BASE_URL + path


def deactivate_member(*, membership: Membership) -> None:
    """End somebody's part in a clinic; from their next request on its charts are closed to them.

    Their open care tasks go back to the discipline's queue when the patients are next reconciled.
    """
    Membership.objects.filter(pk=membership.pk).update(is_active=False)


def deactivate_user(*, user: User) -> None:
    """Close an account: signed out by their next request, everywhere, and no way to sign in."""
    User.objects.filter(pk=user.pk).update(is_active=False)


@transaction.atomic
def set_away(
    *, membership_id: UUID, away_from: date | None, away_until: date | None, deputy: User | None
) -> Membership:
    """Note when a member is away and who stands in; without days, nobody does.

    Both days count. Meanwhile the deputy has the member's work and queues in their lists, and
    gets the emails about them too; the member loses nothing.

    Raises:
        ValidationError: days without a deputy, in the wrong order, or a deputy from elsewhere.
    """
    membership = Membership.objects.select_for_update().get(pk=membership_id)
    membership.away_from, membership.away_until, membership.deputy = away_from, away_until, deputy
    wrong = {}
    if away_until is not None and away_from is None:
        wrong["away_from"] = _("Enter the first day away.")
    if away_from is not None and away_until is not None and away_until < away_from:
        wrong["away_until"] = _("The last day away is the first day or a later one.")
    if deputy is not None and not colleagues(clinic=membership.clinic).filter(pk=deputy.pk).exists():
        wrong["deputy"] = _("Choose somebody who works in this clinic.")
    if away_from is not None and deputy is None:
        wrong["deputy"] = _("Name a deputy for the time away.")
    if wrong:
        raise ValidationError(wrong)
    membership.validate_constraints()
    membership.save(update_fields=["away_from", "away_until", "deputy"])
    return membership
