"""The synthetic clinic: the same seed gives the same clinic."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from alerts.models import Alert
from exchange.services.cohort import seed_cohort
from patients.models import CareTeamAssignment, Patient
from teams.models import Clinic, Membership

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


def files_of(clinic: Clinic, folder: Path) -> dict[str, list[str]]:
    """The lines of every file of the clinic's export."""
    call_command("export_clinic", str(folder), "--clinic", clinic.name, stdout=StringIO())
    return {path.name: path.read_text(encoding="utf-8").splitlines() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_clinic_and_more_people_only_add(tmp_path: Path) -> None:
    first = files_of(seed_cohort(name="A", patients=6, seed=1, as_of=TODAY), tmp_path / "a")
    again = files_of(seed_cohort(name="B", patients=6, seed=1, as_of=TODAY), tmp_path / "b")
    more = files_of(seed_cohort(name="C", patients=9, seed=1, as_of=TODAY), tmp_path / "c")
    other = files_of(seed_cohort(name="D", patients=6, seed=2, as_of=TODAY), tmp_path / "d")

    assert first == again
    assert all(lines == more[name][: len(lines)] for name, lines in first.items())
    assert first["patients.csv"] != other["patients.csv"]


def test_it_is_recorded_worked_out_and_not_catch_up() -> None:
    clinic = seed_cohort(name="A", patients=30, seed=1, as_of=TODAY)

    assert Patient.objects.filter(clinic=clinic).count() == 30
    assert not any(patient.is_recalculating for patient in clinic.patients.all())
    alerts = Alert.objects.filter(clinic=clinic)
    assert set(alerts.values_list("opens_on", "task__catch_up")) == {(TODAY, False)}


def test_staff_on_request() -> None:
    clinic = seed_cohort(name="A", patients=0, seed=1, as_of=TODAY, with_staff=True)

    members = Membership.objects.filter(clinic=clinic)
    assert (members.count(), members.filter(role="coordinator").count()) == (10, 1)
    assert not any(member.user.has_usable_password() for member in members)


def test_staff_sit_in_the_seats() -> None:
    clinic = seed_cohort(name="A", patients=3, seed=1, as_of=TODAY, with_staff=True)

    seats = CareTeamAssignment.objects.filter(patient__clinic=clinic)
    assert seats.count() == 27
    assert set(seats.values_list("outside_provider", flat=True)) == {""}
    of_lee = seats.filter(member__name="Lee Pipit").values_list("discipline", flat=True)
    assert list(of_lee) == ["social_work"] * 3


def test_the_command_tells_and_refuses_a_name_that_is_taken() -> None:
    out = StringIO()
    words = ["seed_cohort", "--patients", "2", "--seed", "4", "--clinic", "A", "--as-of", "2026-06-01"]

    call_command(*words, stdout=out)

    assert out.getvalue() == "A: 2 patients.\n"
    with pytest.raises(CommandError, match="already exists"):
        call_command(*words)
