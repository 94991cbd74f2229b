"""What an email says: counts and a link that needs sign-in; never a name, a diagnosis or a rule."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.models import Delivery, DeliveryKind
from alerts.selectors.outbox import News


def message_for(delivery: Delivery, news: News) -> EmailMultiAlternatives:
    """The mail of an outbox row; the row's Message-ID makes a repeat recognisable."""
    if delivery.kind == DeliveryKind.CRITICAL:
        subject, context = _critical(passed_on=delivery.step > 0)
    else:
        subject, context = _digest(news)
    context["link"] = f"{settings.BASE_URL}{context['page']}"
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("emails/work.txt", context),
        to=[delivery.recipient.email],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("emails/work.html", context), "text/html")
    return message


def _critical(*, passed_on: bool) -> tuple[str, dict[str, object]]:
    sentence = _("An item of yours is overdue and marked critical.")
    if passed_on:
        sentence = _("An item that is overdue and marked critical has been passed on to you.")
    return _("alscare: critical work is overdue"), {"sentences": [sentence], "page": reverse("alerts:inbox")}


def _digest(news: News) -> tuple[str, dict[str, object]]:
    return _("alscare: work is overdue"), {"sentences": _sentences(news), "page": reverse("pages:my_work")}


def _sentences(news: News) -> list[str]:
    newly = ngettext(
        "%(count)s item became overdue since your last email.",
        "%(count)s items became overdue since your last email.",
        news.newly,
    )
    overall = ngettext(
        "%(count)s item of yours is overdue in all, %(critical)s of them critical.",
        "%(count)s items of yours are overdue in all, %(critical)s of them critical.",
        news.overdue,
    )
    return [
        newly % {"count": news.newly},
        overall % {"count": news.overdue, "critical": news.critical},
    ]
