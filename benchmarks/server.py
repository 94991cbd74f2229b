"""The benchmarks' own PostgreSQL, with one database per size, filled once."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch import postgres, static
from launch.errors import LaunchError
from launch.processes import CHECKOUT, Command, tail
from launch.progress import Progress

_RIGHTS = f"""
GRANT SET ON PARAMETER session_replication_role TO {postgres.OWNER};
GRANT pg_checkpoint TO {postgres.OWNER};
"""


@dataclass(frozen=True)
class Sizes:
    """Databases of different sizes in one running server; ``log`` takes what the product logs."""

    server: postgres.Postgres
    progress: Progress
    log: Path

    def prepare(self, patients: int) -> None:
        """Have a filled database of this size; one that is there already is used again.

        Raises:
            LaunchError: it cannot be migrated or filled.
        """
        self.server.sql(_RIGHTS)
        database = self._database(patients)
        if self._is_filled(database):
            return
        self.server.sql(f"DROP DATABASE IF EXISTS {database}")
        self.server.sql(f"CREATE DATABASE {database} OWNER {postgres.OWNER}")
        with self.progress.step(f"Creating the tables for {patients} patients"):
            self._run(patients, "manage.py", "migrate", "--no-input", "--verbosity", "0")
        if static.outdated():
            self._run(patients, "manage.py", "collectstatic", "--no-input", "--clear", "--verbosity", "0")
            static.mark_collected()
        with self.progress.step(f"Filling in {patients} patients"):
            self._run(patients, "-m", "benchmarks.fill", "--patients", str(patients), shown=True)

    def measure(self, patients: int, rows: Sequence[str]) -> list[dict[str, Any]]:
        """Measure one size once.

        Raises:
            LaunchError: the product failed at what was to be measured.
        """
        printed = self._run(patients, "-m", "benchmarks.measure", "--rows", ",".join(rows))
        measured: list[dict[str, Any]] = json.loads(printed)
        return measured

    def _database(self, patients: int) -> str:
        return f"{postgres.DATABASE}_{patients}"

    def _is_filled(self, database: str) -> bool:
        """Whether it is there, complete: the floors are laid last."""
        known = self.server.sql(f"SELECT count(*) FROM pg_database WHERE datname = '{database}'")
        floors = "SELECT to_regclass('floor.alerts_escalation_told') IS NOT NULL"
        return known == "1" and self.server.sql(floors, database=database) == "t"

    def _run(self, patients: int, *words: str, shown: bool = False) -> str:
        """Run Python in the checkout on the database of this size and return what it printed."""
        with self.log.open("a+") as log:
            done = subprocess.run(
                Command([sys.executable, *words]).tied(),
                cwd=CHECKOUT,
                env=self._environment(patients),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=None if shown else log,
                text=True,
                check=False,
            )
        if done.returncode != 0:
            raise LaunchError(
                f"{' '.join(words)} failed.", mend="see the lines above.", detail=tail(self.log.read_text())
            )
        return done.stdout

    def _environment(self, patients: int) -> Mapping[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "alscare.settings",
            "DATABASE_URL": self.server.url(postgres.OWNER, self._database(patients)),
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALSCARE_DEMO": "true",
        }
