"""The dates of a person's own record, against each other and against today."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pathway.dates import EARLIEST

DATES = ("birth_on", "onset_on", "diagnosed_on", "enrolled_on")


def date_problems(record: Mapping[str, Any], *, today: date) -> Mapping[str, str]:
    """What is wrong with the dates of a record, by field; a date that is absent is right."""
    problems = {}
    born = record.get("birth_on") or EARLIEST
    for name in DATES:
        on = record.get(name)
        if on is None:
            continue
        if on > today:
            problems[name] = _("%(day)s is in the future. Check the year.") % {"day": _shown(on)}
        elif on < EARLIEST:
            problems[name] = _("The year %(year)s is too long ago. Check the year.") % {"year": on.year}
        elif on < born and "birth_on" not in problems:
            problems[name] = _("%(day)s is before the date of birth. Check both.") % {"day": _shown(on)}
    onset, diagnosed = record.get("onset_on"), record.get("diagnosed_on")
    if onset and diagnosed and diagnosed < onset and "diagnosed_on" not in problems:
        problems["diagnosed_on"] = _("%(day)s is before the onset. Check both.") % {"day": _shown(diagnosed)}
    return problems


def _shown(on: date) -> str:
    return date_format(on, "j M Y")
