"""Watches over processes: starts them in order, starts again what dies, stops them in reverse.

Everything is started from one thread of its own, because the kernel ties a
process to the thread that started it, and that thread must live as long as the
processes do.
"""

import json
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launch import processes
from launch.errors import LaunchError, from_os_error
from launch.processes import CHECKOUT, Command

LOOK_EVERY = 0.1  # seconds
STEADY_AFTER = 10.0  # seconds a process must live for its earlier deaths to be forgotten
PAUSES = (0.2, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each start in a row; the last repeats
MOST_DEATHS = 8  # in a row, each before it was steady and none by SIGKILL
LOG_LIMIT = 5_000_000  # bytes


@dataclass(frozen=True)
class Service:
    """One long-running process.

    ``ready`` tells whether it serves; ``patience`` is how many seconds it gets to
    end after ``stop_by`` before it is killed.
    """

    name: str
    command: Command
    log: Path
    environment: Mapping[str, str] | None = None
    ready: Callable[[], bool] = lambda: True
    ready_within: float = 60.0
    stop_by: signal.Signals = signal.SIGTERM
    patience: float = 15.0


@dataclass
class _Child:
    service: Service
    process: subprocess.Popen[bytes]
    born: float
    deaths: int = 0
    start_again_at: float | None = None


@dataclass
class Supervisor:
    """Runs services until told to stop; use as a context manager.

    Args:
        say: where messages for people go.
        ledger: a file that holds the ids of running processes, so that whoever
            starts next can end what a killed launcher left.
    """

    say: Callable[[str], None]
    ledger: Path
    failure: LaunchError | None = None
    _children: dict[str, _Child] = field(default_factory=dict)
    _orders: queue.Queue[tuple[Callable[[], Any], Future[Any]]] = field(default_factory=queue.Queue)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> "Supervisor":
        end_leftovers(self.ledger)
        self._thread = threading.Thread(target=self._work, name="supervisor", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self, service: Service) -> None:
        """Start a service, unless it is being watched over already, and wait until it is ready.

        Raises:
            LaunchError: it ended or was not ready in time; its last lines are in the message.
        """
        if service.name not in self._children:
            self._ask(lambda: self._spawn(service))
        until = time.monotonic() + service.ready_within
        while not service.ready():
            self.raise_failure()
            if time.monotonic() > until:
                raise _not_ready(service)
            time.sleep(0.05)

    def raise_failure(self) -> None:
        """Raise the error for which a service was given up, if one was."""
        if self.failure:
            raise self.failure

    def pids(self, name: str) -> list[int]:
        """Ids of a service's processes, the one started first in front; none while it is down."""
        child = self._children.get(name)
        leader = processes.look_up(child.process.pid) if child else None
        if leader is None or not leader.alive:
            return []
        family = {*processes.in_session(leader.pid), *processes.children_of(leader.pid)}
        return [leader.pid, *sorted(family - {leader.pid})]

    def names(self) -> list[str]:
        """Names of the services being watched over, in the order of their start."""
        return list(self._children)

    def halt(self, name: str) -> None:
        """Stop one service and leave it down until it is started again."""
        self._ask(lambda: self._end(self._children.pop(name)))

    def stop(self) -> None:
        """Stop every service, the last started first. Calling it again does nothing."""
        if self._thread is None or self._ended.is_set():
            return
        self._ask(self._stop_all)
        self._ended.set()
        self._thread.join()

    def _ask(self, order: Callable[[], Any]) -> None:
        answer: Future[Any] = Future()
        self._orders.put((order, answer))
        answer.result()

    def _work(self) -> None:
        while not self._ended.is_set():
            try:
                order, answer = self._orders.get(timeout=LOOK_EVERY)
            except queue.Empty:
                self._look_or_fail()
                continue
            try:
                answer.set_result(order())
            except BaseException as error:
                answer.set_exception(error)

    def _spawn(self, service: Service, deaths: int = 0) -> None:
        service.log.parent.mkdir(parents=True, exist_ok=True)
        _turn_over(service.log)
        with service.log.open("ab") as log:
            process = subprocess.Popen(
                service.command.tied(),
                cwd=CHECKOUT,
                env=dict(service.environment) if service.environment is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._children[service.name] = _Child(service, process, time.monotonic(), deaths)
        self._write_ledger()

    def _look_or_fail(self) -> None:
        """Look after the children; what the system refuses (a full disk) is for ``raise_failure`` to say.

        This thread must go on whatever happens, or nobody could stop the children any more.
        """
        try:
            self._look()
        except OSError as error:
            self.failure = self.failure or from_os_error(error)

    def _look(self) -> None:
        for child in list(self._children.values()):
            if child.start_again_at is None:
                if child.process.poll() is not None:
                    self._mourn(child)
            elif time.monotonic() >= child.start_again_at and not self.failure:
                self._spawn(child.service, child.deaths)

    def _mourn(self, child: _Child) -> None:
        """Clear away what a dead process left and settle when to start it again."""
        service, code = child.service, child.process.returncode
        processes.send(processes.in_session(child.process.pid), signal.SIGKILL)
        if code == -signal.SIGKILL:  # by a person, or for want of memory: not its own fault
            child.deaths = 0
        else:
            steady = time.monotonic() - child.born >= STEADY_AFTER
            child.deaths = 1 if steady else child.deaths + 1
        if child.deaths >= MOST_DEATHS:
            self.failure = _given_up(service, code)
            return
        pause = PAUSES[min(max(child.deaths, 1), len(PAUSES)) - 1]
        child.start_again_at = time.monotonic() + pause
        self.say(f"{service.name} {_how_it_ended(code)}; starting it again (log: {service.log})")

    def _stop_all(self) -> None:
        for child in reversed(self._children.values()):
            self._end(child)
        self._children.clear()
        self.ledger.unlink(missing_ok=True)

    def _end(self, child: _Child) -> None:
        """Ask a process to end, insist when its patience is over, and clear away what it leaves."""
        if child.process.poll() is None:
            child.process.send_signal(child.service.stop_by)
            try:
                child.process.wait(child.service.patience)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        processes.send(processes.in_session(child.process.pid), signal.SIGKILL)

    def _write_ledger(self) -> None:
        """Note who runs. A full disk must not keep a service down for the sake of this note."""
        with suppress(OSError):
            self._try_to_write_ledger()

    def _try_to_write_ledger(self) -> None:
        running = [child.process.pid for child in self._children.values()]
        seen = [processes.look_up(pid) for pid in running]
        entries = [{"pid": entry.pid, "born": entry.born} for entry in seen if entry]
        self.ledger.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.ledger.with_suffix(".new")
        fresh.write_text(json.dumps({"boot": _boot(), "processes": entries}))
        fresh.replace(self.ledger)


def end_leftovers(ledger: Path, patience: float = 10.0) -> list[int]:
    """End the processes that a killed launcher may have left; returns their ids.

    The kernel ends them by itself within moments; this waits for that, then kills.
    Ids taken over by other programs since are recognised by their time of birth.
    """
    try:
        written = json.loads(ledger.read_text())
    except (FileNotFoundError, ValueError):
        return []
    if written["boot"] != _boot():
        return []
    left: list[int] = []
    for entry in written["processes"]:
        leader = processes.look_up(entry["pid"])
        if leader is None or leader.born == entry["born"]:
            left += processes.in_session(entry["pid"])
    stubborn = processes.wait_until_gone(left, patience)
    processes.send(stubborn, signal.SIGKILL)
    processes.wait_until_gone(stubborn, patience)
    return left


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _turn_over(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"stopped (exit code {code})"
    return f"was ended by {signal.Signals(-code).name}"


def _last_lines(log: Path) -> str:
    try:
        return processes.tail(log.read_text(errors="replace"))
    except OSError:
        return ""


def _mend(service: Service, lines: str) -> str:
    if "No space left on device" in lines:
        return "the disk is full: free some space and start again."
    return f"read its log, {service.log}, and start again."


def _given_up(service: Service, code: int) -> LaunchError:
    lines = _last_lines(service.log)
    return LaunchError(
        f"{service.name} does not stay up: it {_how_it_ended(code)} {MOST_DEATHS} times in a row.",
        mend=_mend(service, lines),
        detail=lines,
    )


def _not_ready(service: Service) -> LaunchError:
    lines = _last_lines(service.log)
    return LaunchError(
        f"{service.name} was started but did not answer within {service.ready_within:.0f} s.",
        mend=_mend(service, lines),
        detail=lines,
    )
