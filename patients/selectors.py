"""Reading patients. Every selector starts from ``visible_to``; everything else is as if absent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest, Upper

from patients.models import CareTeamAssignment, Patient, Status
from teams.models import Clinic, Discipline, User
from teams.selectors import clinics_open_to

FOUND_AT_MOST = 50
MOST_WORDS = 4
ALIKE = 0.3
"""Trigram similarity from which two words count as spelled alike; PostgreSQL's own default."""


def visible_to(user: User) -> QuerySet[Patient]:
    """The patients this user may open: those of clinics where they hold a clinical role."""
    return Patient.objects.filter(clinics_open_to(user))


def patients_of_clinic(*, user: User, clinic: Clinic, status: str = "") -> QuerySet[Patient]:
    """A clinic's patients by name; of one status, if given."""
    patients = visible_to(user).filter(clinic=clinic)
    return patients.filter(status=status) if status else patients


def status_counts(*, user: User, clinic: Clinic) -> Mapping[str, int]:
    """How many patients of a clinic there are of each status; 0 for those there are none of."""
    rows = patients_of_clinic(user=user, clinic=clinic).order_by().values_list("status")
    return dict.fromkeys(Status.values, 0) | dict(rows.annotate(Count("pk")))


def assignments_in(
    *, user: User, patient: Patient, discipline: Discipline | None = None
) -> QuerySet[CareTeamAssignment]:
    """Who sits, or will sit, in the seats of a patient's team; of one discipline, if given."""
    today = patient.clinic.today()
    assignments = CareTeamAssignment.objects.in_force().filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=today), patient__in=visible_to(user), patient_id=patient.pk
    )
    if discipline is not None:
        assignments = assignments.filter(discipline=discipline)
    return assignments.select_related("member", "discipline", "patient__clinic")


class Match(StrEnum):
    """Why a search found somebody."""

    MRN = "mrn"
    PART_OF_MRN = "part_of_mrn"
    NAME = "name"
    ALIKE = "alike"
    IN_PART = "in_part"


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody a search found, and why."""

    patient: Patient
    match: Match


def search(*, user: User, clinic: Clinic, text: str) -> Sequence[Found]:
    """People of a clinic whose name or MRN is like ``text``: that very MRN first, then the likest.

    Each word may be part of the given or the family name, in any order, and spelled
    alike. Whom every word fits hides those whom only some words fit.
    """
    words = text.upper().replace(",", " ").split()[:MOST_WORDS]
    if not words:
        return ()
    patients = (
        patients_of_clinic(user=user, clinic=clinic)
        .alias(family=Upper("family_name"), given=Upper("given_name"), number=Upper("mrn"))
        .filter(_any_word_fits(words))
        .annotate(
            is_mrn=Q(number=text.strip().upper()),
            **{f"word_{place}": _fit(word) for place, word in enumerate(words)},
        )
        .annotate(fit=sum((F(f"word_{place}") for place in range(len(words))), Value(0.0)))
        .order_by("-is_mrn", "-fit", "family_name", "given_name", "mrn")
    )
    found = [Found(patient, _match(patient, words)) for patient in patients[:FOUND_AT_MOST]]
    whole = [each for each in found if each.match is not Match.IN_PART]
    return whole or found


def _any_word_fits(words: Sequence[str]) -> Q:
    condition = Q()
    for word in words:
        for name in ("family", "given"):
            condition |= Q(**{f"{name}__trigram_similar": word}) | Q(**{f"{name}__startswith": word})
        condition |= Q(number__contains=word) if len(word) > 2 else Q(number__startswith=word)
    return condition


def _fit(word: str) -> Greatest:
    """How well a word fits the name or MRN it fits best, from 0 to 1."""
    names = [
        Case(
            When(**{name: word}, then=Value(1.0)),
            When(**{f"{name}__startswith": word}, then=Value(0.9)),
            default=TrigramSimilarity(name, word),
            output_field=FloatField(),
        )
        for name in ("family", "given")
    ]
    number = Case(
        When(number=word, then=Value(1.0)),
        When(number__contains=word, then=Value(0.7)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    return Greatest(*names, number)


def _match(patient: Any, words: Sequence[str]) -> Match:
    if patient.is_mrn:
        return Match.MRN
    fits = [getattr(patient, f"word_{place}") for place in range(len(words))]
    if min(fits) < ALIKE:
        return Match.IN_PART
    names = (patient.family_name.upper(), patient.given_name.upper())
    if all(any(name.startswith(word) for name in names) for word in words):
        return Match.NAME
    return Match.PART_OF_MRN if any(word in patient.mrn.upper() for word in words) else Match.ALIKE


@dataclass(frozen=True, slots=True)
class Edit:
    """The state of a person's own record after an edit, and who made it (None: an import)."""

    number: int
    user_id: UUID | None
    values: Mapping[str, Any]


def latest_edit(patient_id: UUID) -> int:
    """The number of the latest edit of a person's own record (names, dates, contacts)."""
    number: int = _edits(patient_id).values_list("pgh_id", flat=True).latest("pgh_id")
    return number


def edits_from(patient_id: UUID, number: int, *, fields: Sequence[str]) -> Sequence[Edit]:
    """The edit of this number and those after it, oldest first; none if it is not of this person."""
    edits = _edits(patient_id).filter(pgh_id__gte=number).order_by("pgh_id")
    found = [
        Edit(each.pgh_id, _user_of(each), {name: getattr(each, name) for name in fields}) for each in edits
    ]
    return found if found and found[0].number == number else ()


def _edits(patient_id: UUID) -> QuerySet[Any]:
    events: QuerySet[Any] = apps.get_model("patients", "PatientEvent").objects.filter(pgh_obj_id=patient_id)
    return events


def _user_of(event: Any) -> UUID | None:
    user = (event.pgh_context or {}).get("user")
    return UUID(user) if user else None
