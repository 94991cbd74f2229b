"""What an email says: counts and a link that needs sign-in; never a name, a diagnosis or a rule."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.models import Delivery, DeliveryKind
from alerts.selectors.outbox import DigestCounts, digest_counts, membership_of


def message_for(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail of an outbox row; the row's Message-ID makes a repeat recognisable."""
    if delivery.kind == DeliveryKind.CRITICAL:
        subject, context = _critical()
    else:
        subject, context = _digest(delivery)
    context["link"] = f"{settings.BASE_URL}{context['page']}"
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("emails/work.txt", context),
        to=[delivery.recipient.email],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("emails/work.html", context), "text/html")
    return message


def _critical() -> tuple[str, dict[str, object]]:
    sentence = _("An item of yours is overdue and marked critical.")
    return _("alscare: critical work is overdue"), {"sentences": [sentence], "page": reverse("alerts:inbox")}


def _digest(delivery: Delivery) -> tuple[str, dict[str, object]]:
    membership = membership_of(delivery)
    assert membership is not None  # still_needed was asked first
    counts = digest_counts(delivery=delivery, membership=membership)
    return _("alscare: work is overdue"), {"sentences": _sentences(counts), "page": reverse("pages:my_work")}


def _sentences(counts: DigestCounts) -> list[str]:
    newly = ngettext(
        "%(count)s item became overdue since your last email.",
        "%(count)s items became overdue since your last email.",
        counts.newly_overdue,
    )
    overall = ngettext(
        "%(count)s item of yours is overdue in all, %(critical)s of them critical.",
        "%(count)s items of yours are overdue in all, %(critical)s of them critical.",
        counts.overdue,
    )
    return [
        newly % {"count": counts.newly_overdue},
        overall % {"count": counts.overdue, "critical": counts.critical},
    ]
