"""The command that imports: what it tells people and programs."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from teams.models import Clinic
from tests.exchange.folders import PATIENT, REVIEW, Folder, bring_in

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

    with pytest.raises(CommandError, match=r"Nothing was imported: 1 problem\.$"):
        call_command("import_clinic", str(folder.path), stderr=err)

    assert err.getvalue().startswith("nutrition_review.csv, line 2, weight_kg: 'heavy' This is not a number.")


NOBODY = "This is not the email of a member of the clinic. Invite them first, or correct the email."


@pytest.mark.parametrize(
    ("seats", "told"),
    [
        (1, f"'who@example.org' {NOBODY}"),
        (2, f"'who@example.org' {NOBODY} Also in line 3."),
        (
            25,
            f"'who@example.org' {NOBODY} Also in lines "
            "3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22 and 4 more.",
        ),
    ],
)
def test_somebody_unknown_is_told_once_with_all_the_lines(
    clinic: Clinic, folder: Folder, seats: int, told: str
) -> None:
    seat = {"patient": "P1", "discipline": "nutrition", "member": "who@example.org", "date": "2026-01-05"}
    folder.write(care_team=[{**seat, "external_id": f"c{number}"} for number in range(seats)])
    err = StringIO()

    with pytest.raises(CommandError, match=r"Nothing was imported: 1 problem\.$"):
        call_command("import_clinic", str(folder.path), stderr=err)

    assert err.getvalue().splitlines() == [f"care_team.csv, line 2, member: {told}"]


def test_two_unknown_people_are_two_problems(clinic: Clinic, folder: Folder) -> None:
    seat = {"patient": "P1", "discipline": "nutrition", "date": "2026-01-05"}
    emails = ("who@example.org", "else@example.org", "who@example.org")
    seats = [{**seat, "external_id": email + str(at), "member": email} for at, email in enumerate(emails)]
    folder.write(care_team=seats)
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("import_clinic", str(folder.path), "--json", stdout=out)

    answer = json.loads(out.getvalue())
    assert answer["problem_count"] == 2
    assert [(each["line"], each["value"], each["also"]) for each in answer["problems"]] == [
        (2, "who@example.org", [4]),
        (3, "else@example.org", []),
    ]


def test_the_command_tells_of_one_person_who_is_there_twice(clinic: Clinic, folder: Folder) -> None:
    bring_in(clinic, folder)
    folder.write(patients=[{**PATIENT, "external_id": "P2", "given_name": "Joseph"}])

    with pytest.raises(CommandError, match=r"Nothing was imported: 1 person is probably there twice\. Give"):
        call_command("import_clinic", str(folder.path), stderr=StringIO())


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
        "also": [],
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
