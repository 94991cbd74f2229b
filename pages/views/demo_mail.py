"""The demo's mail: what the SMTP sink of ``./run`` received. Not served outside the demo."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

MOST = 50


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as a person would read it."""

    subject: str
    to: str
    at: datetime | None
    text: str
    message_id: str


@require_GET
@login_not_required  # whoever was invited reads the mail before they can sign in
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The latest messages, newest first."""
    if not settings.DEMO or not settings.MAIL_SINK:
        raise Http404
    return render(request, "pages/demo_mail.html", {"mails": _latest(Path(settings.MAIL_SINK))})


def _latest(folder: Path) -> list[Mail]:
    received = sorted((folder / "new").glob("*"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [_read(path) for path in received[:MOST]]


def _read(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)  # what the default policy makes
    body = message.get_body(preferencelist=("plain",))
    date = message["Date"]
    return Mail(
        subject=str(message["Subject"]),
        to=str(message["To"]),
        at=date.datetime if date else None,
        text=body.get_content() if body else "",
        message_id=str(message["Message-ID"]),
    )
