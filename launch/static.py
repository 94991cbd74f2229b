"""Knows whether the collected static files are still those of the checkout."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from launch.install import RUNTIME
from launch.processes import CHECKOUT

COLLECTED = CHECKOUT / "staticfiles"
_STAMP = COLLECTED / ".collected"
_LOCKS = (RUNTIME, "package-lock.json", "alscare/settings.py")


def outdated() -> bool:
    """Whether static files must be collected again."""
    return not _STAMP.exists() or _STAMP.read_text() != _fingerprint()


def mark_collected() -> None:
    """Note that what was just collected is what the checkout holds."""
    _STAMP.write_text(_fingerprint())


def _fingerprint() -> str:
    total = hashlib.sha256()
    for path in _sources():
        total.update(f"{path.relative_to(CHECKOUT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _sources() -> Iterator[Path]:
    yield from (CHECKOUT / name for name in _LOCKS)
    rooms = (room for room in CHECKOUT.glob("*/static") if room.is_dir())
    yield from sorted(path for room in rooms for path in room.rglob("*") if path.is_file())
