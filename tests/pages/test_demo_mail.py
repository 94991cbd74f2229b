"""The demo's mail page: what the sink received; nowhere else."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.factories import a_clinic, a_member

pytestmark = pytest.mark.django_db


def signed_in() -> Client:
    client = Client()
    client.force_login(a_member(a_clinic(), "nutrition"))
    return client


def received(folder: Path, subject: str) -> None:
    message = EmailMessage()
    message["Subject"], message["To"] = subject, "nadia@example.org"
    message.set_content("2 items became overdue since your last email.")
    mailbox.Maildir(folder, create=True).add(bytes(message))


def test_shows_what_the_sink_received(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO, settings.MAIL_SINK = True, str(tmp_path / "mail")
    received(tmp_path / "mail", "alscare: work is overdue")

    page = signed_in().get(reverse("pages:demo_mail")).content.decode()

    assert "alscare: work is overdue" in page
    assert "2 items became overdue since your last email." in page


def test_is_not_there_outside_the_demo(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO, settings.MAIL_SINK = False, str(tmp_path)

    assert signed_in().get(reverse("pages:demo_mail")).status_code == 404
