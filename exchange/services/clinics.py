"""Opening a clinic from the command line."""

from datetime import date

from teams.models import Clinic


def open_clinic(*, name: str, time_zone: str, live_on: date | None = None) -> Clinic:
    """A new clinic; without ``live_on`` it goes live today, so what is overdue already is catch-up work.

    Raises:
        ValidationError: the time zone is none, or the name is taken or too long.
    """
    clinic = Clinic(name=name, time_zone=time_zone)
    clinic.full_clean()
    clinic.live_on = live_on or clinic.today()
    clinic.save(force_insert=True)
    return clinic
