"""The benchmarks themselves, small: they run whole, and a slow path planted in the product is caught."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fill import fill
from benchmarks.report import BARS, results
from benchmarks.rows import importing, my_work, recalculate
from benchmarks.server import Sizes
from exchange.services import importing as service_of_import
from launch import postgres
from launch.install import site_packages
from launch.processes import CHECKOUT
from launch.progress import Progress
from pages import selectors
from patients import charting
from teams.prepared import prepared
from worklist.selectors.events import facts_of
from worklist.services import recalculate as service

PATIENTS = 400
SPEED = re.compile("times the floor|rows/s")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder and the results of one run of the command."""
    folder = tmp_path_factory.mktemp("benchmark")
    words = [
        "--patients",
        str(PATIENTS),
        "--passes",
        "1",
        "--data",
        str(folder),
        "--json",
        str(folder / "found.json"),
    ]
    done = subprocess.run(
        [sys.executable, "benchmarks/run.py", *words],
        cwd=CHECKOUT,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in BARS)
    return folder, json.loads((folder / "found.json").read_text())


def test_every_row_is_measured_and_nothing_but_speed_can_be_missed(run: tuple[Path, dict[str, Any]]) -> None:
    found = run[1]

    assert [row["name"] for row in found["rows"]] == list(BARS)
    assert {row["patients"] for row in found["rows"]} == {PATIENTS}
    other = [missed for row in found["rows"] for missed in row["missed"] if not SPEED.search(missed)]
    assert other == []
    assert found["machine"]["cores"] == os.cpu_count()


def test_a_lost_index_is_caught(run: tuple[Path, dict[str, Any]]) -> None:
    folder = run[0]
    with postgres.running(folder, site_packages=site_packages(Path(sys.executable)), durable=True) as server:
        sizes = Sizes(server, Progress(), folder / "product.log")
        database = f"{postgres.DATABASE}_{PATIENTS}"
        server.sql("DROP INDEX task_to_wake", role=postgres.OWNER, database=database)
        [row] = results([(PATIENTS, sizes.measure(PATIENTS, ["sweep_idle"]))])

    [missed] = [missed for missed in row.missed if "pages" in missed]
    assert missed.endswith("pages, 24 allowed")


@pytest.mark.django_db
def test_a_query_per_row_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(60, show=False)
    [good, _data] = my_work.of_member(1)
    monkeypatch.setattr(selectors, "ROW_RELATIONS", ("patient",))
    monkeypatch.setattr(selectors, "_rows", prepared(selectors._rows.build))
    [bad, _data] = my_work.of_member(1)

    found, most = good.counts["queries"]
    assert found <= most
    assert bad.counts["queries"][0] > most


@pytest.mark.django_db
def test_a_query_per_patient_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(60, show=False)
    good = recalculate.one_rule(1)
    together = facts_of
    monkeypatch.setattr(
        service,
        "facts_of",
        lambda patients: {each: found for one in patients for each, found in together([one]).items()},
    )
    bad = recalculate.one_rule(1)

    found, most = good.counts["queries a batch"]
    assert (found <= most, good.faults) == (True, [])
    assert bad.counts["queries a batch"][0] > most


@pytest.mark.django_db
def test_patients_left_out_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(60, show=False)
    monkeypatch.setattr(service, "_note", lambda *_given: None)

    assert recalculate.every_rule(1).faults == ["somebody was not recalculated"]


@pytest.mark.django_db
def test_queries_for_each_person_imported_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(60, show=False)
    good = importing.one_clinic(1)
    monkeypatch.setattr(charting, "TOGETHER", 1)
    bad = importing.one_clinic(1)

    found, most = good.counts["queries"]
    assert (found <= most, good.faults) == (True, [])
    assert bad.counts["queries"][0] > most


@pytest.mark.django_db
def test_people_who_were_imported_and_not_reconciled_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(60, show=False)
    monkeypatch.setattr(service_of_import, "reconcile_stale", lambda **_given: 0)

    assert importing.one_clinic(1).faults == ["somebody was not reconciled", "nobody has work"]
