"""What was lent to people who died and has not come back (EQ-RETURN): a list, no work that alerts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from equipment.models import Loaner
from equipment.selectors import loans_after_death
from pathway.chart import Chart
from pathway.due import DueWork
from pathway.engine import evaluate
from pathway.facts import Event, PatientFacts
from patients.models import Patient
from teams.models import Clinic, User
from worklist.selectors.events import facts_of
from worklist.selectors.settings import settings_of_clinic

RULE = "EQ-RETURN"


@dataclass(frozen=True, slots=True)
class LoanBack:
    """A loan on the list, and what the rule says about it."""

    loan: Loaner
    work: DueWork


def has_loan_list(clinic: Clinic) -> bool:
    """Whether the clinic has turned the list on."""
    return settings_of_clinic(clinic.pk).setting(RULE).enabled


def loans_to_come_back(*, user: User, clinic: Clinic) -> Sequence[LoanBack]:
    """The loans on the list today, the longest there first; none while the clinic has it off."""
    settings, today = settings_of_clinic(clinic.pk), clinic.today()
    if not settings.setting(RULE).enabled:
        return []
    loans = {str(loan.pk): loan for loan in loans_after_death(user=user, clinic=clinic)}
    people = {loan.patient_id: loan.patient for loan in loans.values()}
    work = [
        each
        for facts in _facts(list(people.values()), loans.values())
        for each in evaluate(Chart.known_on(facts, today, settings.common), settings, only={RULE}).due
        if each.overdue_on <= today
    ]
    work.sort(key=lambda each: each.overdue_on)
    return [LoanBack(loans[each.subject], each) for each in work]


def _facts(people: Sequence[Patient], loans: Iterable[Loaner]) -> Iterable[PatientFacts]:
    """What the rules read of these people, with what was lent to them, which no other rule needs."""
    lent: dict[object, list[Event]] = {}
    for loan in loans:
        lent.setdefault(loan.patient_id, []).append(_event(loan))
    for pk, facts in facts_of(people).items():
        yield replace(facts, events=[*facts.events, *lent[pk]])


def _event(loan: Loaner) -> Event:
    data = {"id": str(loan.request_id), "returned_on": loan.returned_on}
    return Event(str(loan.pk), "loaner_provided", loan.happened_on, loan.recorded_on, loan.entry, data)
