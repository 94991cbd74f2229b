"""Reading patients. Every selector starts from ``visible_to``; everything else is as if absent."""

from django.db.models import QuerySet

from patients.models import Patient
from teams.models import User
from teams.selectors import clinics_open_to


def visible_to(user: User) -> QuerySet[Patient]:
    """The patients this user may open: those of clinics where they hold a clinical role."""
    return Patient.objects.filter(clinics_open_to(user))
