"""Lines that say what is being done and how long it has taken."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """Prints lines with the seconds since the start: ``[  3.2 s] Starting PostgreSQL``."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._counting = False

    @property
    def elapsed(self) -> float:
        """Seconds since this progress began."""
        return time.monotonic() - self._started

    def say(self, text: str) -> None:
        """Print one line."""
        self._write(text, end="\n")

    def count(self, text: str) -> None:
        """Show a line that the next one replaces; on a terminal only."""
        if self._stream.isatty():
            self._write(text, end="")

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Print ``text`` now, and how long it took if it was more than a second."""
        self.say(text)
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        if took >= 1:
            self.say(f"  done in {took:.1f} s")

    def _write(self, text: str, end: str) -> None:
        with self._lock:
            clear = "\r\033[K" if self._counting else ""
            self._counting = end == ""
            print(f"{clear}[{self.elapsed:6.1f} s] {text}", end=end, file=self._stream, flush=True)
