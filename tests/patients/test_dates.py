"""The dates of a person's own record, against each other and against today."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from pathway import clock
from patients.dates import date_problems
from patients.models import Patient
from patients.services import update_patient
from tests.factories import a_clinic, a_patient

BORN, ONSET, DIAGNOSED = date(1961, 6, 3), date(2025, 6, 1), date(2026, 2, 16)
RECORD = {"birth_on": BORN, "onset_on": ONSET, "diagnosed_on": DIAGNOSED, "enrolled_on": date(2026, 3, 2)}
TODAY = date(2026, 3, 2)


def test_a_life_in_order_and_dates_not_known_are_right() -> None:
    assert date_problems(RECORD, today=TODAY) == {}
    assert date_problems({"birth_on": BORN, "onset_on": None}, today=TODAY) == {}


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        (
            {"diagnosed_on": date(2025, 5, 31)},
            {"diagnosed_on": "31 May 2025 is before the onset. Check both."},
        ),
        ({"onset_on": BORN, "diagnosed_on": BORN}, {}),
        (
            {"enrolled_on": date(2026, 3, 3)},
            {"enrolled_on": "3 Mar 2026 is in the future. Check the year."},
        ),
        ({"birth_on": date(1061, 6, 3)}, {"birth_on": "The year 1061 is too long ago. Check the year."}),
        (
            {"onset_on": date(1961, 6, 2)},
            {"onset_on": "2 Jun 1961 is before the date of birth. Check both."},
        ),
    ],
)
def test_what_cannot_be(changes: dict[str, date], problems: dict[str, str]) -> None:
    assert date_problems(RECORD | changes, today=TODAY) == problems


@pytest.mark.django_db
def test_no_service_stores_what_cannot_be() -> None:
    with clock.set_to(datetime(2026, 3, 2, 16, tzinfo=UTC)):
        patient = a_patient(a_clinic(), birth_on=BORN, onset_on=ONSET, diagnosed_on=DIAGNOSED)

        with pytest.raises(ValidationError) as refused:
            update_patient(patient_id=patient.pk, user=None, changes={"onset_on": date(2026, 2, 17)})
        with pytest.raises(ValidationError):
            a_patient(patient.clinic, enrolled_on=date(2026, 3, 3))

    assert refused.value.message_dict == {"diagnosed_on": ["16 Feb 2026 is before the onset. Check both."]}
    assert Patient.objects.get().onset_on == ONSET
