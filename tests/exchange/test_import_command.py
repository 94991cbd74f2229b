"""The command that imports: what it tells people and programs."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from teams.models import Clinic
from tests.exchange.folders import (
    REVIEW,
    Folder,
)

pytestmark = pytest.mark.django_db


def test_the_command_tells_what_happened(clinic: Clinic, folder: Folder) -> None:
    out = StringIO()
    folder.write(nutrition_review=[{**REVIEW, "date": "2026-01-10"}])

    call_command("import_clinic", str(folder.path), "--clinic", "Harbor", "--dry-run", stdout=out)
    call_command("import_clinic", str(folder.path), stdout=out)

    told = ["patients.csv: 1 new", "nutrition_review.csv: 1 new"]
    assert out.getvalue().splitlines() == [*told, "Dry run: nothing was kept.", *told, "Imported."]


def test_the_command_tells_what_is_wrong(clinic: Clinic, folder: Folder) -> None:
    err = StringIO()
    folder.write(nutrition_review=[{**REVIEW, "weight_kg": "heavy"}])

    with pytest.raises(CommandError, match="Nothing was imported: 1 problems"):
        call_command("import_clinic", str(folder.path), stderr=err)

    assert err.getvalue().startswith("nutrition_review.csv, line 2, weight_kg: 'heavy' This is not a number.")


def test_the_command_tells_programs_as_json(clinic: Clinic, folder: Folder) -> None:
    out = StringIO()
    folder.write(nutrition_review=[{**REVIEW, "weight_kg": "heavy"}])

    with pytest.raises(SystemExit) as stopped:
        call_command("import_clinic", str(folder.path), "--json", stdout=out)

    answer = json.loads(out.getvalue())
    assert stopped.value.code == 1
    assert (answer["imported"], answer["problem_count"]) == (False, 1)
    assert answer["problems"][0] == {
        "file": "nutrition_review.csv",
        "line": 2,
        "column": "weight_kg",
        "value": "heavy",
        "reason": "This is not a number. Write figures only, such as 64.9.",
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--clinic", "Nowhere"], "There is no clinic called Nowhere. Clinics: Harbor."),
        (["--clinic", "New", "--create", "--time-zone", "Mars"], "Mars is not a time zone"),
        (["--date-format", "DD/MM/YY"], "not a date format"),
    ],
)
def test_the_command_says_what_it_does_not_understand(
    clinic: Clinic, folder: Folder, words: list[str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("import_clinic", str(folder.path), *words)


def test_a_clinic_opened_for_an_import_that_fails_is_not_kept(folder: Folder) -> None:
    folder.write(nutrition_review=[{**REVIEW, "weight_kg": "heavy"}])

    with pytest.raises(CommandError):
        call_command("import_clinic", str(folder.path), "--clinic", "New", "--create", stderr=StringIO())

    assert Clinic.objects.count() == 0
