"""The checker of the chaos run finds planted faults: the outbox with one line wrong, killed at random.

A kill is an exception that nothing catches, raised by the mail backend just before
or just after the server took the mail.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from pytest_django.fixtures import Settings

from alerts.models import Delivery
from alerts.services import deliver
from alerts.services.deliver import deliver_due
from alerts.services.sweep import sweep
from pathway import clock
from tests.chaos.faults import mark_before_send, new_id_per_try
from tests.chaos.sink import MailServer, Sink, Verdict, judge
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import moment
from worklist.models import Severity
from worklist.services.own_tasks import add_task

pytestmark = pytest.mark.django_db

ITEMS = 40
START = moment("2026-03-10 09:00")


class Killed(BaseException):
    """The process ends here."""


class KilledAtRandom(EmailBackend):
    """Real SMTP, by a process that is killed before one mail in five and after another one in five."""

    dice = random.Random(3)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send, or die."""
        if self.dice.random() < 0.2:
            raise Killed
        sent = super().send_messages(email_messages)
        if self.dice.random() < 0.2:
            raise Killed
        return sent or 0


def run(settings: Settings) -> tuple[Verdict, Sink]:
    """Forty critical items, workers killed at random, started again until nothing waits."""
    clinic, addresses = a_clinic(), [f"item{number}@example.org" for number in range(ITEMS)]
    with clock.set_to(START - timedelta(days=1)):
        patient = a_patient(clinic)
        for address in addresses:
            owner = a_member(clinic, email=address)
            add_task(
                patient=patient,
                user=owner,
                title="Call",
                due_on=date(2026, 3, 9),
                owner=owner,
                severity=Severity.CRITICAL,
            )
    with clock.set_to(START):
        sweep()
    sink = Sink()
    server = MailServer(sink)
    settings.EMAIL_BACKEND = f"{__name__}.KilledAtRandom"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    server.start()
    try:
        for minute in range(16, 300):
            with clock.set_to(START + timedelta(minutes=minute)):
                try:
                    deliver_due()
                except Killed:
                    continue
    finally:
        server.stop()
    assert not Delivery.objects.filter(kind="critical", state="waiting").exists()
    return judge(sink.received, addresses), sink


def test_the_outbox_passes(settings: Settings) -> None:
    verdict, sink = run(settings)
    assert (verdict.lost, verdict.under_two_ids, verdict.unexpected) == (frozenset(),) * 3
    assert verdict.repeats > 0  # it was killed after sending, and said so again
    assert sink.refused


def test_marking_before_sending_is_caught(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "_deliver", mark_before_send)
    settings.EMAIL_TIMEOUT = 20
    verdict, sink = run_without_refusals(settings, monkeypatch)
    assert verdict.lost
    assert sink.received


def test_a_new_message_id_per_try_is_caught(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "_deliver", new_id_per_try)
    verdict, _sink = run(settings)
    assert verdict.under_two_ids


def run_without_refusals(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[Verdict, Sink]:
    """So that nothing but the kills can lose a mail."""
    monkeypatch.setattr(Sink, "_refuses", lambda _self, _address: False)
    return run(settings)


@pytest.mark.parametrize(
    ("received", "lost", "under_two_ids", "repeats"),
    [
        ([("a", "1"), ("b", "2")], set(), set(), 0),
        ([("a", "1")], {"b"}, set(), 0),
        ([("a", "1"), ("b", "2"), ("a", "1")], set(), set(), 1),
        ([("a", "1"), ("b", "2"), ("a", "3")], set(), {"a"}, 1),
    ],
)
def test_the_verdict(
    received: list[tuple[str, str]], lost: set[str], under_two_ids: set[str], repeats: int
) -> None:
    verdict = judge(received, {"a", "b"})
    assert (set(verdict.lost), set(verdict.under_two_ids), verdict.repeats) == (lost, under_two_ids, repeats)
