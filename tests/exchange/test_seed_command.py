"""``manage.py seed_cohort``: what it asks for."""

import pytest
from django.core.management import CommandError, call_command

from teams.models import Clinic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("patients", ["0", "-5", "many"])
def test_a_cohort_has_somebody_in_it(patients: str) -> None:
    with pytest.raises(CommandError):
        call_command("seed_cohort", f"--patients={patients}", "--seed=1", "--clinic=Cohort")

    assert not Clinic.objects.filter(name="Cohort").exists()
