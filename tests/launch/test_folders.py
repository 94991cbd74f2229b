"""The data folder is held by one launcher, keeps its key, and says why it cannot be used."""

import os
from pathlib import Path

import pytest

from launch import folders
from launch.errors import LaunchError, from_os_error
from launch.folders import DataFolder, make_private, socket_folder


def test_opening_makes_what_is_needed(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "deep" / "data")

    folder.open()
    folder.close()

    assert sorted(entry.name for entry in folder.path.iterdir()) == ["logs", "mail", "running"]
    assert folder.path.stat().st_mode & 0o077 == 0


def test_a_second_launcher_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    first, second = DataFolder(tmp_path), DataFolder(tmp_path)
    first.open()

    with pytest.raises(LaunchError, match=f"in use by another ./run \\(process {os.getpid()}\\)"):
        second.open()

    first.close()
    second.open()
    second.close()


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    key = DataFolder(tmp_path).secret_key()

    assert DataFolder(tmp_path).secret_key() == key
    assert len(key) >= 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_full_disk_is_said_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "LEAST_FREE", 10**18)

    with pytest.raises(LaunchError) as raised:
        DataFolder(tmp_path).open()

    assert raised.value.what.startswith("The disk is full: ")
    assert raised.value.mend == "free some space there, or name another folder with --data DIR."


def test_a_disk_that_fills_up_later_is_named() -> None:
    error = from_os_error(OSError(28, "No space left on device", "/srv/data/mail"))

    assert error.what == "The disk is full: nothing more can be written to /srv/data/mail."


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    error = from_os_error(PermissionError(13, "Permission denied", "/srv/data"))

    assert error.what == "/srv/data cannot be written to by this user."


@pytest.mark.parametrize("depth", [1, 20])
def test_sockets_fit_however_deep_the_data_lie(tmp_path: Path, depth: int) -> None:
    data = tmp_path.joinpath(*["a_rather_long_name"] * depth)

    address = socket_folder(data) / ".s.PGSQL.5432.lock"

    assert len(os.fsencode(address)) <= 107


def test_sockets_fit_when_the_temporary_folder_is_deep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("x" * 100)))

    assert socket_folder(tmp_path).parent == Path("/tmp")


def test_two_data_folders_have_two_socket_folders(tmp_path: Path) -> None:
    assert socket_folder(tmp_path / "a") != socket_folder(tmp_path / "b")


def test_a_socket_folder_planted_by_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "planted").symlink_to(tmp_path / "real")

    with pytest.raises(LaunchError, match="belongs to somebody else"):
        make_private(tmp_path / "planted")
