"""Reading for the page of a clinic going live."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from pages.selectors import for_rows
from patients.models import Patient
from teams.models import Clinic, DefaultSeat, Discipline, Membership
from worklist.models import CareTask
from worklist.selectors.catch_up import catch_up_tasks

PEOPLE_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class CatchUpPage:
    """Some people's catch-up work of one discipline, whoever waits longest in front."""

    tasks: Sequence[CareTask]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ClinicSeats:
    """The nine disciplines in a clinic: with a default, without any, and not to be had there."""

    filled: Sequence[Discipline]
    empty: Sequence[Discipline]
    absent: Sequence[Discipline]


def catch_up_page(membership: Membership, discipline: str, page: int) -> CatchUpPage:
    """One page of a discipline's catch-up work, all of a person's under each other."""
    tasks = catch_up_tasks(membership=membership, discipline=discipline)
    of_person: dict[UUID, list[UUID]] = {}
    for patient_id, task_id in tasks.values_list("patient_id", "pk"):
        of_person.setdefault(patient_id, []).append(task_id)
    pages = max(-(-len(of_person) // PEOPLE_PER_PAGE), 1)
    page = min(page, pages)
    people = list(of_person.values())[(page - 1) * PEOPLE_PER_PAGE : page * PEOPLE_PER_PAGE]
    ids = list(chain.from_iterable(people))
    found = {task.pk: task for task in for_rows(tasks.filter(pk__in=ids))}
    return CatchUpPage([found[task_id] for task_id in ids if task_id in found], page, pages)


def seats_of_clinic(clinic: Clinic) -> ClinicSeats:
    """How the seats of the nine disciplines stand in a clinic, whoever the patient is."""
    filled = set(DefaultSeat.objects.filter(clinic=clinic).values_list("discipline", flat=True))
    nine = list(Discipline.objects.filter(is_core=True))
    return ClinicSeats(
        filled=[each for each in nine if each.code in filled],
        empty=[each for each in nine if each.code not in filled and each.code not in clinic.absent],
        absent=[each for each in nine if each.code in clinic.absent and each.code not in filled],
    )


def people_recorded(clinic: Clinic) -> int:
    """How many people the clinic has recorded: a number, which every member may know."""
    return Patient.objects.filter(clinic=clinic).count()
