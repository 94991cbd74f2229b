"""Mail as a mail server gets it: text and HTML, marked as automatic, one Message-ID for each thing told."""

from collections import Counter
from email.message import Message

import pytest

from alerts.models import Delivery
from alerts.services.deliver import deliver_due
from alerts.services.sweep import sweep
from patients.models import Patient
from teams.models import User
from tests.alerts.outbox import Mailbox, mail_server
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day
from worklist.models import Severity
from worklist.services.own_tasks import add_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    with at("2026-03-02"):
        return a_patient(a_clinic())


@pytest.fixture
def people(patient: Patient) -> list[User]:
    """Two with the same overdue queue; the first has two critical calls besides."""
    names = ("Nadia Wren", "Ines Ode")
    nadia, ines = (a_member(patient.clinic, "nutrition", name=name) for name in names)
    with at("2026-04-01"):
        for title in ("Call", "Write"):
            add_task(
                patient=patient, user=nadia, title=title, due_on=day("2026-04-01"), owner=nadia,
                severity=Severity.CRITICAL,
            )  # fmt: skip
    with at("2026-04-02 00:00"):
        sweep()
    return [nadia, ines]


def delivered(box: Mailbox) -> list[Message]:
    """All mail of 2 Apr, with three temporary refusals on the way and the outbox run every minute."""
    with mail_server(box):
        for minute in range(30):
            with at(f"2026-04-02 07:{minute:02}"):
                deliver_due()
    return box.messages


def test_one_message_id_per_alert_and_recipient_or_digest(people: list[User]) -> None:
    box = Mailbox(data_answers=["451 Later", "250 OK", "451 Later", "452 Full"])

    delivered(box)

    assert Counter(box.ids) == Counter(
        Delivery.objects.filter(state="sent").values_list("message_id", flat=True)
    )
    assert len(set(box.ids)) == len(box.ids) == 4  # two calls, two digests
    assert Counter(box.recipients) == {people[0].email: 3, people[1].email: 1}


def test_text_and_html_say_the_same_and_nobody_answers_automatically(people: list[User]) -> None:
    for message in delivered(Mailbox()):
        text, html = (part.get_payload(decode=True) for part in message.get_payload())  # type: ignore[union-attr]
        kinds = [part.get_content_type() for part in message.walk()]
        assert kinds == ["multipart/alternative", "text/plain", "text/html"]
        assert message["Auto-Submitted"] == "auto-generated"
        assert isinstance(text, bytes)
        assert isinstance(html, bytes)
        link = next(word for word in text.decode().split() if word.startswith("http"))
        assert f'href="{link}"' in html.decode()
        assert "<img" not in html.decode()
