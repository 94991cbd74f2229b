"""What lists are narrowed to, as it stands in their addresses."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from patients.models import Patient
from patients.selectors import visible_to
from teams.models import Discipline, Membership
from teams.prepared import prepared
from worklist.selectors.tasks import Horizon

WHOSE = ("me", "delegated")


@dataclass(slots=True)
class WorkFilter:
    """What My work is narrowed to; anything in the address that makes no sense is left out."""

    horizon: Horizon = Horizon.NOW
    discipline: str = ""
    whose: str = ""
    patient: Patient | None = None
    page: int = 1
    disciplines: list[Discipline] = field(default_factory=list)

    @classmethod
    def read(cls, query: QueryDict, *, membership: Membership) -> "WorkFilter":
        """Read the filters of an address."""
        disciplines = _disciplines(membership)
        codes = [discipline.code for discipline in disciplines]
        wanted = query.get("horizon", "")
        page = query.get("page", "1")
        return cls(
            horizon=Horizon(wanted) if wanted in list(Horizon) else Horizon.NOW,
            discipline=query.get("discipline", "") if query.get("discipline") in codes else "",
            whose=query.get("whose", "") if query.get("whose") in WHOSE else "",
            patient=_patient(query.get("patient", ""), membership),
            page=max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1,
            disciplines=disciplines,
        )

    @property
    def narrows(self) -> bool:
        """Whether it leaves work out, whatever the tab."""
        return bool(self.discipline or self.whose or self.patient)

    def as_query(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        return {
            "horizon": "" if self.horizon is Horizon.NOW else self.horizon.value,
            "discipline": self.discipline,
            "whose": self.whose,
            "patient": str(self.patient.pk) if self.patient else "",
            "page": str(self.page) if self.page > 1 else "",
        }


@prepared
def _disciplines(membership: Membership) -> QuerySet[Discipline]:
    """All to whom the whole clinic's work is shown, else their own."""
    return Discipline.objects.all() if membership.sees_whole_clinic else membership.disciplines.all()


def _patient(text: str, membership: Membership) -> Patient | None:
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    return visible_to(membership.user).filter(pk=wanted).first()
