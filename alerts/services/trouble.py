"""Mail that cannot be delivered: who is told, and trying again."""

from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alerts.models import Delivery, DeliveryState, MailTrouble
from pathway import clock
from teams.models import User

logger = structlog.get_logger(__name__)


def note_refused(*, delivery: Delivery) -> None:
    """A mail was refused for good: its clinic's coordinators see that its member cannot be reached.

    Side effects: a ``MailTrouble``, unless one is open for this member.
    """
    trouble = MailTrouble(clinic_id=delivery.clinic_id, member_id=delivery.recipient_id, since=clock.now())
    MailTrouble.objects.bulk_create([trouble], ignore_conflicts=True)


def note_accepted(*, delivery: Delivery) -> None:
    """A mail server took a mail to this member: the address works again, in every clinic."""
    MailTrouble.objects.filter(member=delivery.recipient_id, ended_at__isnull=True).update(
        ended_at=clock.now()
    )


@transaction.atomic
def try_again(*, delivery_id: UUID, user: User) -> Delivery:
    """Put an email that was given up back into the outbox, due now, under its old Message-ID.

    What it would tell is looked at again: nobody gets a mail about work that was done meanwhile.
    Side effects: the outbox row.

    Raises:
        ValidationError: it was not given up.
    """
    delivery = Delivery.objects.select_for_update(no_key=True, of=("self",)).get(pk=delivery_id)
    if delivery.state != DeliveryState.FAILED:
        raise ValidationError(_("Only an email that was given up can be tried again."))
    delivery.state, delivery.not_before = DeliveryState.WAITING, clock.now()
    delivery.finished_at = delivery.leased_until = delivery.tried_at = None
    delivery.attempts, delivery.last_error = 0, ""
    delivery.save()
    logger.info("mail_tried_again", delivery=str(delivery.pk), user=str(user.pk))
    return delivery
