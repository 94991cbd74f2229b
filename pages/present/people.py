"""How a person is introduced in a list."""

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from patients.models import OnsetRegion, Patient
from worklist.wording import day_words

ONSET = {
    OnsetRegion.BULBAR: _("bulbar onset"),
    OnsetRegion.UPPER_LIMB: _("limb onset"),
    OnsetRegion.LOWER_LIMB: _("limb onset"),
    OnsetRegion.TRUNK: _("trunk onset"),
    OnsetRegion.RESPIRATORY: _("respiratory onset"),
}


def age(born: date, today: date) -> int:
    """Completed years of life."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def line(patient: Patient, today: date) -> str:
    """MRN, age and onset: "D-0142 · 64 · limb onset"."""
    parts = [patient.mrn, str(age(patient.birth_on, today))]
    if patient.onset_region in ONSET:
        parts.append(str(ONSET[OnsetRegion(patient.onset_region)]))
    return " · ".join(parts)


def away(until: date | None, deputy: str) -> str:
    """That a colleague is away, and who stands in: "away until 12 Mar 2026, Maya Lark stands in"."""
    if until is None:
        return _("away, %(deputy)s stands in") % {"deputy": deputy} if deputy else str(_("away"))
    said = {"day": day(until), "deputy": deputy}
    return (_("away until %(day)s, %(deputy)s stands in") if deputy else _("away until %(day)s")) % said


def day(on: date) -> str:
    """A date as it stands everywhere: "28 Feb 2026"."""
    return day_words(on, get_language())
