"""A mail server that delivers nothing: it takes every message and keeps it in a folder.

    python -m launch.mail_sink --port 1025 --maildir data/mail

It speaks real SMTP on loopback, so that the demo sends as production does. Each
message becomes a file of a Maildir with the envelope in ``X-Envelope-`` headers;
the folder is complete before the sender hears "accepted".
"""

import argparse
import asyncio
import mailbox
import signal
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST = 1_000_000  # bytes


class Keeper:
    """Keeps accepted messages in a Maildir."""

    def __init__(self, folder: Path) -> None:
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self._maildir = mailbox.Maildir(folder, create=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Write one message; the answer goes back to the sender."""
        content = envelope.content
        message = mailbox.MaildirMessage(content if isinstance(content, bytes) else b"")
        message["X-Envelope-From"] = envelope.mail_from or ""
        for recipient in envelope.rcpt_tos:
            message["X-Envelope-To"] = recipient
        self._maildir.add(message)
        return "250 Kept"


async def serve(port: int, folder: Path) -> None:
    """Serve on loopback until SIGTERM or SIGINT."""
    keeper = Keeper(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, data_size_limit=LARGEST, hostname="localhost", loop=loop), "127.0.0.1", port
    )
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with server:
        await ended.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="launch.mail_sink", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--maildir", type=Path, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.maildir))


if __name__ == "__main__":
    main()
