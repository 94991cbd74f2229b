"""The alert burden of a clinic's records."""

from datetime import date, timedelta

from exchange.burden import YEAR, Burden, burden
from patients.models import Patient
from teams.models import Clinic
from worklist.selectors.events import facts_of
from worklist.selectors.settings import settings_in_force

BATCH = 200


def burden_of_clinic(*, clinic: Clinic, as_of: date | None = None, span: timedelta = YEAR) -> Burden:
    """Alerts by rule, under the clinic's settings, as if recorded here from the start.

    Those of the last year, or of so many days up to ``as_of``.
    """
    settings = settings_in_force({clinic.pk})[clinic.pk].settings
    patients = list(Patient.objects.filter(clinic=clinic).order_by("mrn"))
    facts = (
        found
        for start in range(0, len(patients), BATCH)
        for found in facts_of(patients[start : start + BATCH]).values()
    )
    return burden(facts, as_of or clinic.today(), span=span, settings=settings)
