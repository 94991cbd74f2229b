"""./test leaves out the long tests unless asked, and passes other arguments on."""

import subprocess
import sys
from pathlib import Path

import pytest

from launch import check
from launch.errors import LaunchError
from launch.processes import CHECKOUT
from launch.progress import Progress

TESTS = """
import pytest

@pytest.mark.full
def test_long(): pass

def test_short(): pass
"""


def collected(folder: Path, *words: str) -> list[str]:
    (folder / "test_two.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-c", str(CHECKOUT / "pyproject.toml"), "--collect-only", "-q"]
    done = subprocess.run(
        [*command, *words, str(folder)], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    return [line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line]


def test_long_tests_run_only_when_asked_for(tmp_path: Path) -> None:
    assert collected(tmp_path) == ["test_short"]
    assert collected(tmp_path, *check.FULL) == ["test_long", "test_short"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], ["-n", "2"]),
        (["--full"], ["-m", "", "-n", "2"]),
        (["tests/pathway", "-k", "decline"], ["tests/pathway", "-k", "decline"]),
        (["--full", "tests/chaos"], ["-m", "", "tests/chaos"]),
    ],
)
def test_only_whole_runs_are_shared_out(words: list[str], told: list[str]) -> None:
    assert check.pytest_words(words) == told


def test_a_missing_browser_is_an_error_that_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "DEBIAN", {"no-such-browser": "chromium"})
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(LaunchError) as raised:
        check.install_debian_packages(Progress())

    assert raised.value.what == "The tests need chromium."
    assert raised.value.mend == (
        "as root: apt-get update && apt-get install -y --no-install-recommends chromium"
    )
