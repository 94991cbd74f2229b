"""The headings kinds stand under where something is chosen to be logged."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from assessments.specs import Words
from pathway import catalogue


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that belong together, and the disciplines whose daily work they are."""

    label: Words
    disciplines: Collection[str] = ()


VISITS = Group(_("Visits"))
BREATHING = Group(_("Breathing"), [catalogue.PULMONOLOGY])
NUTRITION_AND_SWALLOWING = Group(
    _("Nutrition and swallowing"),
    [catalogue.NUTRITION, catalogue.SPEECH_LANGUAGE_PATHOLOGY, catalogue.GASTROENTEROLOGY],
)
MEDICATION = Group(_("Medication"), [catalogue.NEUROLOGY])
THINKING_AND_SAFETY = Group(_("Thinking and safety"), [catalogue.NEUROLOGY, catalogue.OCCUPATIONAL_THERAPY])
FUNCTION = Group(_("Function"), [catalogue.PHYSICAL_THERAPY, catalogue.OCCUPATIONAL_THERAPY])
PLANNING_AHEAD = Group(
    _("Planning ahead"), [catalogue.PALLIATIVE_CARE, catalogue.SOCIAL_WORK, catalogue.NEUROLOGY]
)

GROUPS = (
    VISITS,
    BREATHING,
    NUTRITION_AND_SWALLOWING,
    MEDICATION,
    THINKING_AND_SAFETY,
    FUNCTION,
    PLANNING_AHEAD,
)
"""In the order they are shown."""


def own_first(disciplines: Collection[str]) -> list[Group]:
    """The groups, those of these disciplines first."""
    return sorted(GROUPS, key=lambda group: not set(group.disciplines) & set(disciplines))
