"""How ./test shares the tests out between processes; see tests/conftest.py."""

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from launch import processes
from launch.processes import CHECKOUT

# As ./test runs pytest, but without Django, which these tests do not need.
PYTEST = (
    *(sys.executable, "-m", "pytest", "-c", os.devnull, "--import-mode=importlib", "-p", "tests.conftest"),
    *("-p", "no:django", "-p", "no:playwright", "-p", "no:cacheprovider"),
    *("-n", "2"),
)

# It needs none of what tests/conftest.py gives to the others.
BARE = """
import os, time
from pathlib import Path
import pytest

@pytest.fixture(autouse=True)
def _quick_settings(): pass

PLACE = Path(__file__).parents[2]
"""
NOTING = (
    BARE
    + """
@pytest.mark.parametrize("number", range(4))
def test_some(number):
    time.sleep(0.1)
    with (PLACE / "order").open("a") as order:
        order.write(f"{os.environ['PYTEST_XDIST_WORKER']} {Path(__file__).parent.name}\\n")
"""
)
ENDLESS = (
    BARE
    + """
@pytest.mark.parametrize("number", range(4))
def test_endless(number):
    (PLACE / f"{os.getpid()}.pid").touch()
    time.sleep(60)
"""
)


def command(root: Path, **tests: str) -> list[str]:
    """The words that run some tests, by folder."""
    for folder, text in tests.items():
        place = root / "tests" / folder
        place.mkdir(parents=True)
        (place / f"test_{folder}.py").write_text(text)
    return [*PYTEST, "--rootdir", str(root), str(root)]


def test_the_whole_stack_stays_together_and_comes_first(tmp_path: Path) -> None:
    words = command(tmp_path, alerts=NOTING, chaos=NOTING, launch=NOTING)
    done = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout
    lines = [line.split() for line in (tmp_path / "order").read_text().splitlines()]
    assert Counter(what for _who, what in lines) == {"alerts": 4, "chaos": 4, "launch": 4}
    (worker,) = {who for who, what in lines if what != "alerts"}
    assert [what for who, what in lines if who == worker][:8] == ["chaos"] * 4 + ["launch"] * 4
    assert {who for who, what in lines if what == "alerts"} - {worker}


def test_who_runs_a_share_goes_with_who_deals_it_out(tmp_path: Path) -> None:
    with subprocess.Popen(
        command(tmp_path, alerts=ENDLESS), cwd=CHECKOUT, stdout=subprocess.DEVNULL
    ) as dealer:
        until = time.monotonic() + 60
        while len(started := list(tmp_path.glob("*.pid"))) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        workers = [int(path.stem) for path in started]

        dealer.kill()

    assert len(workers) == 2
    assert processes.wait_until_gone(workers, 10) == []
