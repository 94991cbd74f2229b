"""The sink speaks SMTP and keeps every message with its envelope."""

import mailbox
import smtplib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch import ports
from launch.processes import Command
from launch.supervisor import Service, Supervisor


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[int]:
    port = ports.free()
    words = ("launch.mail_sink", "--port", str(port), "--maildir", str(tmp_path / "mail"))
    service = Service(
        name="sink",
        command=Command(words, module=True, python=sys.executable),
        log=tmp_path / "sink.log",
        ready=lambda: ports.answers(port),
    )
    with Supervisor(say=print, ledger=tmp_path / "ledger.json") as watch:
        watch.start(service)
        yield port


def test_each_message_is_kept_with_its_envelope(sink: int, tmp_path: Path) -> None:
    body = "From: alscare@localhost\nTo: a@example.org\nSubject: Work is waiting\n\nSign in: é\n"

    with smtplib.SMTP("127.0.0.1", sink) as client:
        client.sendmail("bounces@localhost", ["a@example.org", "b@example.org"], body.encode())

    [message] = mailbox.Maildir(tmp_path / "mail")
    assert message["Subject"] == "Work is waiting"
    assert message["X-Envelope-From"] == "bounces@localhost"
    assert message.get_all("X-Envelope-To") == ["a@example.org", "b@example.org"]
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().strip() == "Sign in: é"


def test_a_message_too_large_is_refused(sink: int) -> None:
    with smtplib.SMTP("127.0.0.1", sink) as client, pytest.raises(smtplib.SMTPSenderRefused):
        client.sendmail("a@example.org", ["b@example.org"], "x" * 1_000_001)
