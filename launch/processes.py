"""Starting, finding and ending processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launch.errors import LaunchError

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Command:
    """What to run, and how it goes when its parent goes."""

    words: Sequence[str]
    module: bool = False
    identity: str | None = None
    dies_by: signal.Signals = signal.SIGKILL
    python: str = sys.executable

    def tied(self) -> list[str]:
        """The words that run this command tied to the calling process (see ``launch.tied``)."""
        identity = ["--as", self.identity] if self.identity else []
        tie = ["--parent", str(os.getpid()), "--signal", self.dies_by.name, *identity]
        how = "module" if self.module else "exec"
        return [self.python, "-m", "launch.tied", *tie, how, *self.words]


def run(
    command: Command,
    *,
    environment: Mapping[str, str] | None = None,
    stdin: str | None = None,
    timeout: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in the checkout and return what it printed, whatever its exit code."""
    return subprocess.run(
        command.tied(),
        cwd=CHECKOUT,
        env=dict(environment) if environment is not None else None,
        input=stdin if stdin is not None else "",
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def must_run(
    command: Command,
    *,
    failure: str,
    mend: str,
    environment: Mapping[str, str] | None = None,
    stdin: str | None = None,
) -> str:
    """Run a command and return its standard output.

    Raises:
        LaunchError: it failed; ``failure`` and ``mend`` say so, with its last lines.
    """
    done = run(command, environment=environment, stdin=stdin)
    if done.returncode != 0:
        raise LaunchError(failure, mend=mend, detail=tail(done.stderr or done.stdout))
    return done.stdout


def tail(text: str, lines: int = 12) -> str:
    """The last lines of some output."""
    return "\n".join(text.strip().splitlines()[-lines:])


@dataclass(frozen=True)
class Seen:
    """One line of the system's process table."""

    pid: int
    parent: int
    session: int
    state: str
    born: int = field(compare=False)

    @property
    def alive(self) -> bool:
        """Whether it still runs: a zombie only waits to be counted."""
        return self.state not in "ZX"


def look_up(pid: int) -> Seen | None:
    """What the process table says of ``pid``; None when there is no such process."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, parent, _group, session, *rest = line.rpartition(")")[2].split()
    return Seen(pid=pid, parent=int(parent), session=int(session), state=state, born=int(rest[15]))


def in_session(session: int) -> list[int]:
    """Ids of the processes that run in a session, its leader first when it runs."""
    everyone = (look_up(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return sorted(seen.pid for seen in everyone if seen and seen.session == session and seen.alive)


def children_of(parent: int) -> list[int]:
    """Ids of the running children of a process."""
    everyone = (look_up(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return sorted(seen.pid for seen in everyone if seen and seen.parent == parent and seen.alive)


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Signal processes; those already gone are passed over."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def wait_until_gone(pids: Iterable[int], seconds: float) -> list[int]:
    """Wait for processes to end; returns those that still run."""
    left = list(pids)
    until = time.monotonic() + seconds
    while left and time.monotonic() < until:
        left = [pid for pid in left if (seen := look_up(pid)) and seen.alive]
        if left:
            time.sleep(0.05)
    return left
