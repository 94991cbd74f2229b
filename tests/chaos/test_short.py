"""The whole product under kill -9: nothing lost, nothing alerted twice, one Message-ID per item.

PostgreSQL, broker, worker with its pool, beat and web run as ``./run`` runs them.
Items fall due all the time while one process after another is killed; mails are
counted at a real mail server that refuses some of them for a while.
"""

import json
import os
import random
import signal
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from launch import processes, static
from launch.ports import free
from launch.stack import Stack
from tests.chaos.sink import Sink, Verdict, judge
from tests.chaos.visit import work

CALM, ITEMS = 20, 120
DUE_OVER = 30.0  # seconds
KILLS_OVER = 30.0  # seconds
PATIENCE = 120.0  # seconds at most until the last mail of a batch has come
MOST_SEEN = 4  # answers of the web between kills, at least
PAUSE = (0.8, 2.0)  # seconds between two kills
PARTS = ("worker", "child", "beat", "broker", "postgres", "web")
LOGGED = {"reviews": 1, "calls": 1, "alert": "satisfied"}
SCRIPT = Path(__file__).with_name("items.py")


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    """A mail server and its port."""
    handler, port = Sink(), free()
    controller = Controller(handler, hostname="127.0.0.1", port=port, server_hostname="localhost")
    controller.start()
    yield handler, port
    controller.stop()


@pytest.fixture
def own_settings() -> dict[str, str]:
    """What a test sets beside the usual."""
    return {}


@pytest.fixture
def stack(tmp_path: Path, sink: tuple[Sink, int], own_settings: dict[str, str]) -> Iterator[Stack]:
    """The product with a sweep every second and no pause before critical mail."""
    settings = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "BROKER_URL", "SECRET_KEY", "ALSCARE_RUNTIME_ROLE"}
    }
    settings |= {
        "EMAIL_URL": f"smtp://127.0.0.1:{sink[1]}/?timeout=2",
        "ALSCARE_SWEEP_SECONDS": "1",
        "ALSCARE_CRITICAL_PAUSE_SECONDS": "0",
        "ALSCARE_LOG_LEVEL": "WARNING",
    } | own_settings
    data = tmp_path / "data"
    with Stack(data=data, port=free(), python=Path(sys.executable), environment=settings) as stack:
        stack.start_servers()
        stack.manage("migrate", "--no-input", "--verbosity", "0", owner=True)
        stack.manage("grant_runtime", owner=True)
        if static.outdated():
            stack.manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")
            static.mark_collected()
        yield stack


def run_inside(stack: Stack, what: str, **arguments: object) -> str:
    """Run items.py in the product."""
    words = {f"CHAOS_{name.upper()}": str(value) for name, value in arguments.items()}
    environment = stack.environment() | {"CHAOS": what, **words}
    command = processes.Command(
        [str(stack.python), "manage.py", "shell", "--no-imports", "-c", SCRIPT.read_text()]
    )
    done = processes.run(command, environment=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def victim(stack: Stack, part: str) -> int | None:
    """A live process of a part; a child of the worker's pool is a part of its own."""
    pids = stack.pids("worker" if part == "child" else part)
    wanted = pids[1:] if part == "child" else pids[:1]
    return next((pid for pid in wanted if processes.look_up(pid)), None)


def look(stack: Stack, answers: Counter[str]) -> None:
    """Open a page as a person would: it may be away while it is dead, but never wrong for long."""
    try:
        with urllib.request.urlopen(f"{stack.url}/accounts/login/", timeout=15) as answer:
            answers[str(answer.status)] += 1
    except urllib.error.HTTPError as error:
        answers[str(error.code)] += 1
    except OSError:
        answers["away"] += 1


def kill_at_random(stack: Stack, dice: random.Random) -> tuple[Counter[str], Counter[str]]:
    """Kill one live process after another; returns the kills by part, and the answers of the web."""
    kills: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    until = time.monotonic() + KILLS_OVER
    while time.monotonic() < until:
        rarest = min(kills[part] for part in PARTS)
        part = dice.choice([part for part in PARTS if kills[part] <= rarest + 1])
        if pid := victim(stack, part):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                kills[part] += 1
        time.sleep(dice.uniform(*PAUSE))
        look(stack, answers)
    return kills, answers


def all_arrive(sink: Sink, expected: set[str], *, within: float) -> Verdict:
    """Wait until every address has got its mail, and a little longer for what may come twice."""
    until = time.monotonic() + within
    while expected - {address for address, _id in sink.received} and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(2)
    return judge([each for each in sink.received if each[0] in expected], expected)


def addresses(name: str, number: int) -> set[str]:
    """Whom the items of one batch belong to."""
    return {f"{name}{item}@example.org" for item in range(number)}


@pytest.mark.chaos
def test_nothing_is_lost_or_doubled(stack: Stack, sink: tuple[Sink, int]) -> None:
    handler, _port = sink
    run_inside(stack, "make", name="calm", items=CALM, seconds=4, ahead=0)
    run_inside(stack, "make", name="item", items=ITEMS, seconds=DUE_OVER, ahead=20)
    run_inside(stack, "make", name="dumb", items=CALM, seconds=4, ahead=20 + KILLS_OVER)
    stack.start_product()

    calm = all_arrive(handler, addresses("calm", CALM), within=PATIENCE)
    assert (calm.lost, calm.under_two_ids, calm.repeats) == (frozenset(), frozenset(), 0)

    kills, answers = kill_at_random(stack, random.Random())
    verdict = all_arrive(handler, addresses("item", ITEMS), within=PATIENCE)
    print(f"kills {dict(kills)}, pages {dict(answers)}, repeats {verdict.repeats}, lost {verdict.lost}")
    assert (verdict.lost, verdict.under_two_ids) == (frozenset(), frozenset())
    assert verdict.repeats <= 2  # SMTP itself cannot promise none
    assert all(kills[part] >= 2 for part in PARTS), kills
    assert handler.refused
    assert set(answers) <= {"200", "away", "500"}
    assert answers["200"] >= MOST_SEEN

    visited = json.loads(run_inside(stack, "open", name="seen"))
    stack.supervisor.halt("broker")
    work(stack.url, visited)
    assert json.loads(run_inside(stack, "visited", name="seen")) == LOGGED
    for _look in range(5):
        broken: Counter[str] = Counter()
        look(stack, broken)
        assert broken == {"200": 1}
    stack.supervisor.start(stack.broker.service())
    dumb = all_arrive(handler, addresses("dumb", CALM), within=PATIENCE)
    assert (dumb.lost, dumb.under_two_ids) == (frozenset(), frozenset())

    held = json.loads(run_inside(stack, "report"))
    total = ITEMS + 2 * CALM
    assert (held["alerts"], held["tasks alerted"], held["rows"]) == (total, total, total)


@pytest.mark.chaos
@pytest.mark.parametrize("own_settings", [{"BROKER_URL": f"redis://127.0.0.1:{free()}/0"}])
def test_people_work_on_where_no_broker_ever_answered(stack: Stack) -> None:
    """Also a worker and a beat that cannot reach it leave the pages alone."""
    visited = json.loads(run_inside(stack, "open", name="quiet"))
    stack.start_product()

    work(stack.url, visited)

    assert json.loads(run_inside(stack, "visited", name="quiet")) == LOGGED
