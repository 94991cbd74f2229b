"""Installing says plainly what went wrong, and does nothing when nothing changed."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from launch import install, processes
from launch.errors import LaunchError
from launch.progress import Progress

LOCK = "tiny==1.0 --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout whose virtual environment is the one these tests run in."""
    monkeypatch.setattr(install, "CHECKOUT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", Path(sys.executable))
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.txt").write_text(LOCK)
    (tmp_path / "package-lock.json").write_text("{}")
    return tmp_path


def stamp(checkout: Path, **entries: str) -> None:
    (checkout / ".venv" / "installed.json").write_text(json.dumps({"python": sys.version, **entries}))


def tiny_wheel(folder: Path) -> None:
    """A package of one line, made by hand."""
    about = "tiny-1.0.dist-info"
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr(
            f"{about}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{about}/RECORD", "")


def offline(monkeypatch: pytest.MonkeyPatch, *, found_in: Path) -> None:
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_CONSTRAINT", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(found_in))


def test_nothing_is_installed_when_nothing_changed(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stamp(checkout, **{"requirements.txt": install._hash(checkout / "requirements.txt")})
    (checkout / "node_modules").mkdir()
    (checkout / "node_modules" / ".installed").write_text(install._hash(checkout / "package-lock.json"))

    install.install(Progress())

    assert capsys.readouterr().out == ""


def test_a_download_that_is_not_the_locked_one_is_refused(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_wheel(checkout)
    offline(monkeypatch, found_in=checkout)
    stamp(checkout, **{"requirements.txt": "an older one"})

    with pytest.raises(LaunchError) as raised:
        install.install(Progress())

    assert raised.value.what == (
        "Python packages were refused: a downloaded file is not the one that requirements.txt names."
    )
    assert not (checkout / ".venv" / "installed.json").exists()


def test_no_network_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch, found_in=checkout)
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    stamp(checkout)

    with pytest.raises(LaunchError, match="the network or the package index does not answer"):
        install.install(Progress())


@pytest.mark.parametrize(
    ("output", "what"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "The disk is full: "),
        ("npm error code ENOSPC", "The disk is full: "),
        ("npm error code EINTEGRITY", "Front-end packages were refused: "),
        ("npm error code ENOTFOUND", "Front-end packages could not be downloaded: "),
        ("something else", "Front-end packages could not be installed "),
    ],
)
def test_what_installers_print_is_put_plainly(output: str, what: str) -> None:
    assert install._failed("Front-end packages", "package-lock.json", output).what.startswith(what)


def test_a_python_without_its_venv_module_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())

    with pytest.raises(LaunchError) as raised:
        install.install(Progress())

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert raised.value.mend == f"apt-get install python{version}-venv (as root), then start again."


def test_an_old_python_says_which_is_needed(tmp_path: Path) -> None:
    script = (
        "import sys; sys.version_info = (3, 9, 2); sys.version = '3.9.2 (main)';"
        "from launch import oldest; oldest.require()"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={"PATH": str(tmp_path), "PYTHONPATH": str(processes.CHECKOUT)},
    )

    assert done.returncode == 1
    assert done.stderr.startswith("error: alscare needs Python 3.11 or later; this is 3.9.2.\nTo mend it: ")
