"""What every run against the real product does: ask inside it, kill its processes, await its mail."""

import json
import os
import random
import signal
import statistics
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path

from launch import postgres, processes
from launch.stack import Stack
from tests.chaos.sink import Sink, Verdict, judge

ITEMS = Path(__file__).with_name("items.py")
PARTS = ("worker", "child", "beat", "broker", "postgres", "web")
PAUSE = (0.8, 2.0)  # seconds between two kills
BACK_AT_WORK = 15.0  # seconds, at most, that they are further apart until a mail has come
GONE_WITHIN = 10.0  # seconds; a process that is killed ends at once
LATE = 2.0  # seconds to wait for what may come twice


def run_inside(stack: Stack, what: str, script: Path = ITEMS, **arguments: object) -> str:
    """Run a script in the product, items.py by default, and return what it printed."""
    words = {f"CHAOS_{name.upper()}": str(value) for name, value in arguments.items()}
    environment = stack.environment() | {"CHAOS": what, **words}
    command = processes.Command(
        [str(stack.python), "manage.py", "shell", "--no-imports", "-c", script.read_text()]
    )
    done = processes.run(command, environment=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def victim(stack: Stack, part: str) -> int | None:
    """A live process of a part; a child of the worker's pool is a part of its own."""
    pids = stack.pids("worker" if part == "child" else part)
    wanted = pids[1:] if part == "child" else pids[:1]
    return next((pid for pid in wanted if (seen := processes.look_up(pid)) and seen.alive), None)


def kill(stack: Stack, part: str) -> bool:
    """Kill a live process of a part; returns whether one lived and is dead now."""
    pid = victim(stack, part)
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    assert processes.wait_until_gone([pid], GONE_WITHIN) == []
    return True


def kill_at_random(stack: Stack, sink: Sink, expected: Collection[str], *, kills: int) -> Counter[str]:
    """Kill so many live processes, one after another, no part much more often than another.

    On a busy machine parts come back slowly, and to kill what is still starting proves little:
    each kill waits for a mail since the one before, for a while, unless all have come.
    """
    dice = random.Random()
    killed: Counter[str] = Counter(dict.fromkeys(PARTS, 0))
    while killed.total() < kills:
        stack.supervisor.raise_failure()
        rarest = min(killed.values())
        part = dice.choice([part for part in PARTS if killed[part] <= rarest + 1])
        killed[part] += kill(stack, part)
        wait_for(partial(mailed_since, sink, expected, len(sink.mails)), within=BACK_AT_WORK)
        time.sleep(dice.uniform(*PAUSE))
    return killed


def mailed_since(sink: Sink, expected: Collection[str], mails: int) -> bool:
    """Whether another mail has come, or none is to be waited for."""
    return len(sink.mails) > mails or arrived(sink, expected)


def arrived(sink: Sink, expected: Collection[str]) -> bool:
    """Whether every address has got a mail."""
    return set(expected) <= {mail.address for mail in sink.mails}


def due(stack: Stack, name: str, number: int, *, seconds: float, ahead: float = 0) -> dict[str, float]:
    """Have items fall due; returns their addresses and when each is due."""
    told = run_inside(stack, "make", name=name, items=number, seconds=seconds, ahead=ahead)
    return dict(json.loads(told))


def ask_database(stack: Stack, question: str) -> str:
    """What the database answers, now that it is up."""
    return stack.postgres.sql(question, role=postgres.OWNER, database=postgres.DATABASE)


def wait_for(holds: Callable[[], object], *, within: float) -> bool:
    """Look until something holds; returns whether it came to."""
    until = time.monotonic() + within
    while not (held := bool(holds())) and time.monotonic() < until:
        time.sleep(0.2)
    return held


def all_arrive(sink: Sink, expected: Collection[str], *, within: float) -> Verdict:
    """Wait until every address has got its mail, and a little longer for what may come twice."""
    wait_for(lambda: arrived(sink, expected), within=within)
    time.sleep(LATE)
    return judge([each for each in sink.received if each[0] in expected], expected)


def latencies(sink: Sink, due: Mapping[str, float]) -> dict[str, float]:
    """Seconds from the moment an item was due until its first mail was taken."""
    first: dict[str, float] = {}
    for mail in sink.mails:
        first.setdefault(mail.address, mail.at)
    took = sorted(first[address] - due[address] for address in due if address in first)
    middle, late = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    return {"median": round(middle, 1), "p95": round(late, 1), "max": round(took[-1], 1)}
