"""The whole product on one machine: servers, worker, beat and web, watched over.

    with Stack(data=folder, port=8100, python=Path(sys.executable)) as stack:
        stack.start()
        stack.pids("worker"), stack.url, stack.manage("sweep", "--json")

Real servers named by DATABASE_URL, BROKER_URL and EMAIL_URL in ``environment``
take the place of the private ones, each by itself.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from launch import broker, ports, postgres, processes, static
from launch.errors import manage_failed
from launch.folders import DataFolder, make_private, socket_folder
from launch.install import site_packages
from launch.processes import Command
from launch.progress import Progress
from launch.supervisor import Service, Supervisor

CELERY = ("celery", "-A", "alscare.celery:app")
TASK_WORKERS = 2
ORDER = ("postgres", "sink", "broker", "worker", "beat", "web")  # of starting; stopping is the reverse


class Stack:
    """All processes of the product on one data folder.

    Args:
        data: where the database, mail and logs are kept.
        port: of the web pages, on 127.0.0.1.
        python: the interpreter of the environment that the packages are installed in.
        environment: settings; those not given are made up to fit (default: this process's own).
        demo_clinic: whether an embedded database without a clinic gets the demo's.
    """

    def __init__(
        self,
        *,
        data: Path,
        port: int,
        python: Path,
        environment: Mapping[str, str] | None = None,
        progress: Progress | None = None,
        demo_clinic: bool = True,
    ) -> None:
        self.folder = DataFolder(data)
        self.port = port
        self.python = python
        self.progress = progress or Progress()
        self.given = dict(os.environ if environment is None else environment)
        self.embedded = not self.given.get("DATABASE_URL")
        self.demo_clinic = demo_clinic
        self.mail_port = ports.free()
        packages = site_packages(python)
        self.broker = broker.Broker(
            binary=broker.installed_in(packages),
            sockets=socket_folder(self.folder.path),
            log=self._log("broker"),
        )
        self.postgres = postgres.cluster(
            self.folder.postgres, site_packages=packages, log=self._log("postgres")
        )
        self.supervisor = Supervisor(say=self.progress.say, ledger=self.folder.running / "processes.json")

    @property
    def url(self) -> str:
        """Where the pages are served."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        """The settings of every process; with ``owner``, as the role that owns the tables."""
        made_up = {
            "BROKER_URL": self.broker.url,
            "SECRET_KEY": self.folder.secret_key(),
            "PYTHONUNBUFFERED": "1",
        }
        if self.embedded:
            made_up |= {
                "ALSCARE_DEMO": "true",
                "ALSCARE_BASE_URL": self.url,
                "ALSCARE_RUNTIME_ROLE": postgres.RUNTIME,
                "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
                "ALSCARE_MAIL_SINK": str(self.folder.mail),
                "DATABASE_URL": self.postgres.url(postgres.RUNTIME),
                "DATABASE_OWNER_URL": self.postgres.url(postgres.OWNER),
            }
        settings = made_up | {name: value for name, value in self.given.items() if value}
        owner_url = settings.pop("DATABASE_OWNER_URL", settings["DATABASE_URL"])
        if owner_url != settings["DATABASE_URL"]:
            settings.setdefault("ALSCARE_RUNTIME_ROLE", urlsplit(settings["DATABASE_URL"]).username or "")
        if owner:
            settings["DATABASE_URL"] = owner_url
        return settings

    def __enter__(self) -> "Stack":
        self.folder.open()
        self.supervisor.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start everything: servers, tables, demo clinic if there is none, worker, beat, web.

        Raises:
            LaunchError: a part does not start; the message says which and why.
        """
        self.start_servers()
        self.prepare_database()
        self.start_product()

    def start_servers(self) -> None:
        """Start the private servers for which no real one was named."""
        if self.embedded:
            with self.progress.step(f"Starting PostgreSQL {self.postgres.major}"):
                self.postgres.prepare()
                self.supervisor.start(self.postgres.service())
                self.postgres.set_up()
        if self.embedded and not self.given.get("EMAIL_URL"):
            self.supervisor.start(self._sink())
        if not self.given.get("BROKER_URL"):
            with self.progress.step("Starting Valkey"):
                make_private(self.broker.sockets)
                self.supervisor.start(self.broker.service())

    def prepare_database(self) -> None:
        """Bring tables, rights and static files up to date; load the demo clinic if there is none."""
        with ThreadPoolExecutor(1) as aside:
            collected = aside.submit(self._collect_static)
            with self.progress.step("Bringing the database up to date"):
                self.manage("migrate", "--no-input", "--verbosity", "0", owner=True)
                if self.environment().get("ALSCARE_RUNTIME_ROLE"):
                    self.manage("grant_runtime", owner=True)
            collected.result()
        if self.embedded and self.demo_clinic and self._has_no_clinic():
            with self.progress.step("Loading the demo clinic"):
                self.manage("load_demo")

    def _collect_static(self) -> None:
        if static.outdated():
            with self.progress.step("Collecting static files"):
                self.manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")
                static.mark_collected()

    def start_product(self) -> None:
        """Start worker, beat and web, and wait until the web answers."""
        with self.progress.step("Starting the worker, the beat and the web server"):
            for service in (self._worker(), self._beat(), self._web()):
                self.supervisor.start(service)

    def sweep_once(self) -> None:
        """Have the worker do one sweep, asked for as the beat asks, and wait for it."""
        with self.progress.step("Sweeping through Celery"):
            processes.must_run(
                Command([str(self.python), "-m", "launch.first_sweep"]),
                failure="The worker did not do the first sweep.",
                mend=f"read its log, {self._log('worker')}.",
                environment=self.environment(),
            )

    def manage(self, *words: str, owner: bool = False) -> str:
        """Run ``manage.py`` with these words and return what it printed.

        Raises:
            LaunchError: the command failed.
        """
        done = processes.run(
            Command([str(self.python), "manage.py", *words]), environment=self.environment(owner=owner)
        )
        if done.returncode != 0:
            raise manage_failed(words, done.stderr or done.stdout)
        return done.stdout

    def pids(self, name: str) -> list[int]:
        """Ids of the processes of one part (see ``ORDER``), the one started first in front."""
        return self.supervisor.pids(name)

    def stop(self) -> None:
        """Stop everything in order and let the data folder go."""
        if running := self.supervisor.names():
            with self.progress.step("Stopping " + ", ".join(reversed(running))):
                self.supervisor.stop()
            self.progress.say("Stopped")
        self.supervisor.stop()
        for sockets in (self.broker.sockets, self.postgres.sockets):
            shutil.rmtree(sockets, ignore_errors=True)
        self.folder.close()

    def _has_no_clinic(self) -> bool:
        answer = self.postgres.sql(
            "SELECT EXISTS (SELECT FROM teams_clinic)", role=postgres.OWNER, database=postgres.DATABASE
        )
        return answer == "f"

    def _log(self, name: str) -> Path:
        return self.folder.logs / f"{name}.log"

    def _module(self, name: str, *words: str, ready: Callable[[], bool] = lambda: True) -> Service:
        return Service(
            name=name,
            command=Command(words, module=True, python=str(self.python)),
            log=self._log(name),
            environment=self.environment(),
            ready=ready,
        )

    def _sink(self) -> Service:
        words = ("--port", str(self.mail_port), "--maildir", str(self.folder.mail))
        return self._module("sink", "launch.mail_sink", *words, ready=lambda: ports.answers(self.mail_port))

    def _worker(self) -> Service:
        words = ("worker", "--pool", "prefork", "--concurrency", str(TASK_WORKERS), "--loglevel", "INFO")
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        return self._module("worker", *CELERY, *words, *quiet)

    def _beat(self) -> Service:
        schedule = str(self.folder.running / "beat-schedule")
        words = ("beat", "--schedule", schedule, "--pidfile", "", "--loglevel", "INFO")
        return self._module("beat", *CELERY, *words)

    def _web(self) -> Service:
        web = ("gunicorn", "alscare.wsgi:application", "--bind", f"127.0.0.1:{self.port}")
        return self._module("web", *web, ready=lambda: ports.serves(self.url))
