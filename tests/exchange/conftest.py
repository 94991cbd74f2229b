"""A clinic and a folder of files to bring into it."""

from pathlib import Path

import pytest

from teams.models import Clinic
from tests.exchange.folders import PATIENT, Folder
from tests.factories import a_clinic


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic(name="Harbor")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path).write(patients=[PATIENT])
