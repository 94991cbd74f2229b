"""Services are started, started again when they die, given up with a reason, and stopped in order."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launch import processes, supervisor
from launch.errors import LaunchError
from launch.processes import Command
from launch.supervisor import Service, Supervisor


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def watch(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    with Supervisor(say=said.append, ledger=tmp_path / "ledger.json") as running:
        yield running


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PAUSES", (0.01,))


def shell(tmp_path: Path, name: str, script: str, **options: object) -> Service:
    command = Command(["sh", "-c", script])
    return Service(name=name, command=command, log=tmp_path / f"{name}.log", **options)  # type: ignore[arg-type]


def eventually(holds: Callable[[], object], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_start_waits_until_the_service_is_ready(watch: Supervisor, tmp_path: Path) -> None:
    flag = tmp_path / "flag"

    watch.start(shell(tmp_path, "slow", f"sleep 0.3; touch {flag}; sleep 60", ready=flag.exists))

    assert flag.exists()


def test_a_killed_service_is_started_again_and_said_so(
    watch: Supervisor, said: list[str], tmp_path: Path
) -> None:
    watch.start(shell(tmp_path, "clock", "exec sleep 60"))
    [first] = watch.pids("clock")

    os.kill(first, signal.SIGKILL)

    assert eventually(lambda: watch.pids("clock") not in ([], [first]))
    assert said == [f"clock was ended by SIGKILL; starting it again (log: {tmp_path / 'clock.log'})"]


def test_what_a_dead_service_forked_goes_before_it_is_started_again(
    watch: Supervisor, tmp_path: Path
) -> None:
    watch.start(shell(tmp_path, "family", "sleep 60 & sleep 60"))
    assert eventually(lambda: len(watch.pids("family")) == 3)
    leader, *forked = watch.pids("family")

    os.kill(leader, signal.SIGKILL)

    assert processes.wait_until_gone(forked, 5) == []
    assert eventually(lambda: len(watch.pids("family")) == 3)


@pytest.mark.usefixtures("quick")
def test_a_service_that_dies_at_once_again_and_again_is_given_up(watch: Supervisor, tmp_path: Path) -> None:
    watch.start(shell(tmp_path, "broken", "echo the cause; exit 3"))

    assert eventually(lambda: watch.failure)

    with pytest.raises(LaunchError) as raised:
        watch.raise_failure()
    assert raised.value.what == "broken does not stay up: it stopped (exit code 3) 8 times in a row."
    assert raised.value.mend == f"read its log, {tmp_path / 'broken.log'}, and start again."
    assert raised.value.detail.splitlines() == ["the cause"] * 8


@pytest.mark.usefixtures("quick")
def test_a_full_disk_is_named_as_the_cause(watch: Supervisor, tmp_path: Path) -> None:
    watch.start(shell(tmp_path, "broken", "echo 'write failed: No space left on device'; exit 1"))

    assert eventually(lambda: watch.failure)

    assert watch.failure
    assert watch.failure.mend == "the disk is full: free some space and start again."


@pytest.mark.usefixtures("quick")
def test_a_service_killed_from_outside_is_never_given_up(watch: Supervisor, tmp_path: Path) -> None:
    watch.start(shell(tmp_path, "victim", "exec sleep 60"))
    for _ in range(supervisor.MOST_DEATHS + 2):
        [pid] = watch.pids("victim")
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda pid=pid: watch.pids("victim") not in ([], [pid]))  # type: ignore[misc]

    assert watch.failure is None


@pytest.mark.usefixtures("quick")
def test_a_service_that_stumbles_after_each_kill_is_not_given_up(watch: Supervisor, tmp_path: Path) -> None:
    """As PostgreSQL does while the last one's processes are still going."""
    stumbled, up = tmp_path / "stumbled", tmp_path / "up"
    script = (
        f"if [ -e {stumbled} ]; then rm {stumbled}; touch {up}; exec sleep 60; fi; touch {stumbled}; exit 1"
    )
    watch.start(shell(tmp_path, "postgres", script))
    for _ in range(supervisor.MOST_DEATHS + 2):
        assert eventually(up.exists)
        up.unlink()
        os.kill(watch.pids("postgres")[0], signal.SIGKILL)

    assert eventually(up.exists)
    assert watch.failure is None


def test_a_service_that_is_never_ready_is_an_error(watch: Supervisor, tmp_path: Path) -> None:
    service = shell(tmp_path, "mute", "echo waiting; sleep 60", ready=lambda: False, ready_within=0.5)

    with pytest.raises(LaunchError, match="mute was started but did not answer within 0 s") as raised:
        watch.start(service)

    assert raised.value.detail == "waiting"


def test_services_stop_in_the_reverse_order_of_their_start(watch: Supervisor, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    for name in ("first", "second"):
        flag = tmp_path / name
        script = f"trap 'echo {name} >> {diary}; exit' TERM; touch {flag}; while :; do sleep 0.05; done"
        watch.start(shell(tmp_path, name, script, ready=flag.exists))

    watch.stop()

    assert diary.read_text().split() == ["second", "first"]
    assert watch.names() == []
    assert not watch.ledger.exists()


def test_a_service_that_does_not_heed_is_killed(watch: Supervisor, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    script = f"trap '' TERM; touch {flag}; while :; do sleep 0.05; done"
    watch.start(shell(tmp_path, "deaf", script, ready=flag.exists, patience=0.3))
    pids = watch.pids("deaf")

    watch.stop()

    assert processes.wait_until_gone(pids, 1) == []


def test_leftovers_of_a_killed_launcher_are_ended(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.json"
    before = Supervisor(say=print, ledger=ledger).__enter__()
    before.start(shell(tmp_path, "left", "exec sleep 60"))
    left = before.pids("left")
    written = ledger.read_text()

    assert supervisor.end_leftovers(ledger, patience=0.2) == left
    assert processes.wait_until_gone(left, 1) == []
    before.stop()

    ledger.write_text(written.replace(str(left[0]), str(os.getpid())))
    assert supervisor.end_leftovers(ledger, patience=0.2) == []  # born at another time: not ours


@pytest.mark.parametrize("written", ["", "{", '{"boot": "another", "processes": [{"pid": 1, "born": 1}]}'])
def test_a_ledger_that_says_nothing_is_passed_over(tmp_path: Path, written: str) -> None:
    ledger = tmp_path / "ledger.json"
    ledger.write_text(written)

    assert supervisor.end_leftovers(ledger, patience=0.2) == []


def test_a_ledger_that_cannot_be_written_keeps_nothing_down(tmp_path: Path) -> None:
    with Supervisor(say=print, ledger=Path("/proc/nowhere/ledger.json")) as watch:
        watch.start(shell(tmp_path, "clock", "exec sleep 60"))

        assert len(watch.pids("clock")) == 1


def test_a_log_that_cannot_be_opened_is_a_failure_and_stopping_still_works(
    watch: Supervisor, tmp_path: Path
) -> None:
    watch.start(shell(tmp_path, "other", "exec sleep 60"))
    watch.start(shell(tmp_path, "clock", "exec sleep 60"))
    log = tmp_path / "clock.log"
    log.unlink()
    log.mkdir()
    others = watch.pids("other")

    os.kill(watch.pids("clock")[0], signal.SIGKILL)

    assert eventually(lambda: watch.failure)
    assert str(log) in str(watch.failure)
    watch.stop()
    assert processes.wait_until_gone(others, 1) == []


def test_a_long_log_is_turned_over(
    watch: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOG_LIMIT", 10)
    (tmp_path / "talker.log").write_text("x" * 11)

    watch.start(shell(tmp_path, "talker", "exec sleep 60"))

    assert (tmp_path / "talker.log.1").read_text() == "x" * 11
    assert (tmp_path / "talker.log").read_text() == ""
