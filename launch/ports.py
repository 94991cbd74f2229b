"""Ports on loopback: finding a free one, refusing a taken one, asking whether one answers."""

import errno
import random
import socket
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from launch.errors import LaunchError

LOOPBACK = "127.0.0.1"
LOWEST = 10_000
_dice = random.SystemRandom()  # never the same in two processes, however tests seed the usual one
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        return None


# Loopback is never behind a proxy.
_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def free() -> int:
    """A port that nobody uses at this moment, and that no outgoing connection takes before it is used.

    Those get theirs from the system's own range, so this one is drawn from below it.
    """
    while True:
        port = _dice.randrange(LOWEST, _outgoing_from())
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port


def _outgoing_from() -> int:
    """The lowest port that the system gives to outgoing connections; Linux keeps to 32768 unless told."""
    try:
        return max(int(_RANGE.read_text().split()[0]), 2 * LOWEST)
    except OSError:
        return 32768


def refuse_taken(port: int) -> None:
    """Check that pages can be served on a port.

    Raises:
        LaunchError: another program has it, or this user may not use it.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise LaunchError(
                    f"Port {port} may be used by root only.", mend="choose another: ./run --port 8001"
                ) from None
            raise LaunchError(
                f"Port {port} is taken by another program.",
                mend=f"stop that program, or choose another port: ./run --port {port + 1}",
            ) from None


def answers(port: int) -> bool:
    """Whether something accepts connections on a port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1.0):
            return True
    except OSError:
        return False


def serves(url: str) -> bool:
    """Whether a web server answers with anything but a failure of its own."""
    try:
        with _opener.open(url, timeout=5.0):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False
