"""The private PostgreSQL: its roles, its refusals, and that it comes back."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch import postgres, processes
from launch.errors import LaunchError
from launch.install import site_packages
from launch.postgres import Postgres
from launch.supervisor import Supervisor

PACKAGES = site_packages(Path(sys.executable))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with postgres.running(tmp_path_factory.mktemp("server"), site_packages=PACKAGES) as running:
        yield running


def test_two_roles_and_the_extensions_are_there(server: Postgres) -> None:
    roles = server.sql("SELECT rolname, rolsuper FROM pg_roles WHERE rolname LIKE 'alscare%' ORDER BY 1")
    extensions = server.sql("SELECT extname FROM pg_extension ORDER BY 1", database=postgres.DATABASE)

    assert roles.split() == ["alscare_app|f", "alscare_owner|f"]
    assert extensions.split() == ["btree_gist", "citext", "pg_trgm", "plpgsql", "unaccent"]


def test_the_owner_makes_databases_that_have_the_extensions(server: Postgres) -> None:
    server.sql("CREATE DATABASE fresh", role=postgres.OWNER, database=postgres.DATABASE)

    assert server.sql("SELECT similarity('a', 'a')", role=postgres.OWNER, database="fresh") == "1"


def test_the_runtime_role_may_not_create_tables(server: Postgres) -> None:
    with pytest.raises(LaunchError, match="refused a statement in alscare") as raised:
        server.sql("CREATE TABLE public.t (a int)", role=postgres.RUNTIME, database=postgres.DATABASE)

    assert "permission denied for schema public" in raised.value.detail


def test_setting_up_twice_changes_nothing(server: Postgres) -> None:
    server.set_up()

    assert server.sql("SELECT count(*) FROM pg_database WHERE datname = 'alscare'") == "1"


def test_nothing_listens_beyond_the_socket(server: Postgres) -> None:
    assert server.sql("SHOW listen_addresses") == ""
    assert (server.sockets / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
    assert server.sockets.stat().st_mode & 0o077 == 0


def test_a_test_server_is_forgetful_and_a_real_one_is_not(server: Postgres) -> None:
    durable = Postgres(folder=server.folder, binaries=server.binaries, log=server.log)

    assert server.sql("SHOW fsync") == "off"
    assert "fsync=off" not in durable.service().command.words


def test_the_address_is_one_that_django_reads(server: Postgres) -> None:
    import dj_database_url

    read = dj_database_url.parse(server.url(postgres.RUNTIME))

    assert (read["USER"], read["NAME"]) == ("alscare_app", "alscare")
    assert read["HOST"] == str(server.sockets)


def test_another_major_version_is_refused(tmp_path: Path, server: Postgres) -> None:
    other = Postgres(folder=tmp_path, binaries=server.binaries, log=server.log)
    (tmp_path / "PG_VERSION").write_text("14\n")

    with pytest.raises(LaunchError) as raised:
        other.prepare()

    assert raised.value.what == f"{tmp_path} was made by PostgreSQL 14; this is PostgreSQL 18."
    assert "name another folder with --data DIR" in raised.value.mend


@pytest.mark.parametrize("identity", ["namespace", "nobody"] if os.geteuid() == 0 else [None])
def test_data_outlive_sigkill(tmp_path: Path, identity: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "way_out_of_root", lambda: identity)
    place = tmp_path
    if identity == "nobody":  # pytest's own folders are closed to others
        for folder in (tmp_path, *tmp_path.parents):
            if not folder.stat().st_mode & 0o001:
                folder.chmod(0o755)
    server = postgres.cluster(place / "postgres", site_packages=PACKAGES, log=place / "log", durable=True)
    with Supervisor(say=lambda _text: None, ledger=place / "ledger.json") as watch:
        server.prepare()
        watch.start(server.service())
        server.set_up()
        server.sql("CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)")
        postmaster, *backends = watch.pids("postgres")

        os.kill(postmaster, signal.SIGKILL)

        assert processes.wait_until_gone([postmaster, *backends], 10) == []
        watch.start(server.service())
        assert server.sql("SELECT a FROM kept") == "7"
        assert server.sql("SHOW fsync") == "on"


def test_a_lock_file_whose_process_is_another_program_is_cleared(tmp_path: Path, server: Postgres) -> None:
    stale = postgres.cluster(
        tmp_path / "postgres", site_packages=PACKAGES, log=tmp_path / "log", durable=False
    )
    stale.prepare()
    lock = stale.folder / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n")

    stale.prepare()

    assert not lock.exists()


def test_a_server_left_running_is_stopped_before_the_next(tmp_path: Path) -> None:
    left = postgres.cluster(
        tmp_path / "postgres", site_packages=PACKAGES, log=tmp_path / "log", durable=False
    )
    left.prepare()
    with Supervisor(say=lambda _text: None, ledger=tmp_path / "ledger.json") as watch:
        watch.start(left.service())
        pids = watch.pids("postgres")

        left.prepare()

        assert processes.wait_until_gone(pids[:1], 1) == []


def test_a_folder_that_nobody_can_reach_is_refused_plainly(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root must become somebody else")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = Postgres(
        folder=closed / "postgres", binaries=postgres.installed_in(PACKAGES), log=tmp_path, identity="nobody"
    )

    with pytest.raises(LaunchError, match="the user nobody cannot reach"):
        server.prepare()


def test_a_machine_without_a_wheel_is_told_to_bring_its_own(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="No PostgreSQL for this machine") as raised:
        postgres.installed_in(tmp_path)

    assert "DATABASE_URL" in raised.value.mend
