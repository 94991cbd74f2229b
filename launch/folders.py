"""The data folder, its lock, and the short folder for sockets."""

import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import IO

from launch.errors import LaunchError

LONGEST_SOCKET = 107  # bytes in the address of a unix socket
LEAST_FREE = 300_000_000  # bytes
WHERE_ELSE = "name another folder with --data DIR."


class DataFolder:
    """Everything ./run keeps: the database, the key, mail of the demo, logs."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.postgres = self.path / "postgres"
        self.mail = self.path / "mail"
        self.logs = self.path / "logs"
        self.running = self.path / "running"
        self._lock: IO[str] | None = None

    def open(self) -> None:
        """Create the folder if need be and hold it for this process alone.

        Raises:
            LaunchError: not writable, no room left, or in use by another ./run.
            OSError: it cannot be created.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise LaunchError(f"The data folder {self.path} is not writable.", mend=WHERE_ELSE)
        free = shutil.disk_usage(self.path).free
        if free < LEAST_FREE:
            raise LaunchError(
                f"The disk is full: {free // 1_000_000} MB are left at {self.path}, and"
                f" {LEAST_FREE // 1_000_000} MB are needed.",
                mend="free some space there, or " + WHERE_ELSE,
            )
        for folder in (self.mail, self.logs, self.running):
            folder.mkdir(exist_ok=True)
        self._take_lock()

    def close(self) -> None:
        """Let the folder go."""
        if self._lock:
            self._lock.close()
            self._lock = None

    def secret_key(self) -> str:
        """The key that signs sessions: made once, kept for this folder."""
        path = self.path / "secret_key"
        if not path.exists():
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(64))
            fresh.replace(path)
        return path.read_text()

    def _take_lock(self) -> None:
        lock = (self.running / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            lock.close()
            raise LaunchError(
                f"The data folder {self.path} is in use by another ./run (process {holder}).",
                mend="stop that one with Ctrl-C, or " + WHERE_ELSE,
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock


def socket_folder(data: Path) -> Path:
    """A path short enough for sockets, the same for the same data folder; nothing is created."""
    mark = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:10]
    folder = Path(tempfile.gettempdir()) / f"alscare-{os.getuid()}-{mark}"
    if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) > LONGEST_SOCKET:
        folder = Path("/tmp") / folder.name
    return folder


def make_private(folder: Path) -> None:
    """Create a folder that only this user may enter.

    Raises:
        LaunchError: somebody else holds a folder of that name.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or (os.getuid() and folder.stat().st_uid != os.getuid()):
        raise LaunchError(
            f"{folder} belongs to somebody else.", mend="have it removed, or set TMPDIR to a folder of yours."
        )
    folder.chmod(0o700)
