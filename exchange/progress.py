"""How commands show that they are getting on, and which clinic they mean."""

from collections.abc import Iterable
from typing import TypeVar

from django.core.management.base import CommandError
from tqdm import tqdm

from teams.models import Clinic

Item = TypeVar("Item")


def shown(items: Iterable[Item], says: str) -> Iterable[Item]:
    """``items`` with a progress bar on the error stream, if that is a terminal."""
    bar: Iterable[Item] = tqdm(items, desc=says, disable=None, leave=False)
    return bar


def clinic_called(name: str | None) -> Clinic:
    """The clinic of that name, or the only one there is. Raises CommandError."""
    clinics = list(Clinic.objects.all())
    if name is None and len(clinics) == 1:
        return clinics[0]
    for clinic in clinics:
        if clinic.name == name:
            return clinic
    known = ", ".join(clinic.name for clinic in clinics) or "none"
    if name is None:
        raise CommandError(f"Say which clinic with --clinic NAME. Clinics: {known}.")
    raise CommandError(f"There is no clinic called {name}. Clinics: {known}.")
