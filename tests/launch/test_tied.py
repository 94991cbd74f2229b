"""What is started tied goes when its parent goes, even by SIGKILL, and so do its forks."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launch import processes
from launch.processes import CHECKOUT, Command

# Starts one tied command, writes its process id to a file, and stays.
PARENT = """
import subprocess, sys, time
from pathlib import Path
from launch.processes import Command
words, module, note = sys.argv[2:], sys.argv[1] == "module", Path(sys.argv[2])
child = subprocess.Popen(Command(words[1:], module=module).tied(), start_new_session=True)
note.write_text(str(child.pid))
time.sleep(60)
"""

FORKING = """
import os, time
os.fork()
time.sleep(60)
"""


def start_parent(how: str, note: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PARENT, how, str(note), *words], cwd=CHECKOUT)


def wait_for_session(note: Path, size: int) -> list[int]:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if note.exists() and note.read_text():
            pids = processes.in_session(int(note.read_text()))
            if len(pids) == size:
                return pids
        time.sleep(0.02)
    raise AssertionError(f"{size} processes were awaited")


def test_a_program_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = start_parent("exec", tmp_path / "pid", "sleep", "60")
    child = wait_for_session(tmp_path / "pid", 1)

    parent.kill()
    parent.wait()

    assert processes.wait_until_gone(child, 5) == []


def test_the_forks_of_a_module_die_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "forking.py").write_text(FORKING)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    parent = start_parent("module", tmp_path / "pid", "forking")
    both = wait_for_session(tmp_path / "pid", 2)

    os.kill(both[0], signal.SIGKILL)

    assert processes.wait_until_gone(both, 5) == []
    parent.kill()
    parent.wait()


def test_a_program_without_the_tie_outlives_its_parent(tmp_path: Path) -> None:
    """The planted fault: the check above can tell."""
    script = PARENT.replace("Command(words[1:], module=module).tied()", "words[1:]")
    parent = subprocess.Popen(
        [sys.executable, "-c", script, "exec", str(tmp_path / "pid"), "sleep", "60"], cwd=CHECKOUT
    )
    child = wait_for_session(tmp_path / "pid", 1)

    parent.kill()
    parent.wait()

    assert processes.wait_until_gone(child, 0.5) == child
    processes.send(child, signal.SIGKILL)


def test_a_program_whose_parent_is_already_gone_does_not_start() -> None:
    words = Command(["echo", "started"]).tied()
    words[words.index("--parent") + 1] = "1"

    done = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.parametrize("identity", ["namespace", "nobody"])
def test_root_is_given_up(identity: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give up root")

    done = processes.run(Command(["id", "-un"], identity=identity))

    assert done.stdout == "nobody\n", done.stderr
