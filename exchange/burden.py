"""How many alerts a clinic's records give: per rule and month in care, and how many are open."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pathway.comparison import IN_CARE
from pathway.engine import evaluate
from pathway.facts import PatientFacts
from pathway.registry import rules
from pathway.settings import SHIPPED, ClinicSettings
from pathway.timeline import Watch, stretches

DAYS_A_MONTH = 365.25 / 12
YEAR = timedelta(days=365)


@dataclass(slots=True)
class Burden:
    """Alerts that opened within the time looked at, by rule; what is open at its end, by rule and owner.

    ``days`` are those that people spent in care, hospice included.
    """

    people: int = 0
    days: int = 0
    opened: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    owned: Counter[str] = field(default_factory=Counter)

    @property
    def months(self) -> float:
        """Months in care, of all people together."""
        return self.days / DAYS_A_MONTH

    def a_month(self, rule: str) -> float:
        """New alerts of a rule per patient and month; 0 where nobody was in care."""
        return self.opened[rule] / self.months if self.days else 0.0

    @property
    def all_a_month(self) -> float:
        """New alerts of all rules per patient and month."""
        return sum(map(self.a_month, self.opened))

    def as_dict(self) -> dict[str, Any]:
        """As JSON, every rule named."""
        return {
            "people": self.people,
            "patient_months": round(self.months, 1),
            "new_per_patient_month": round(self.all_a_month, 3),
            "rules": {
                code: {
                    "new": self.opened[code],
                    "new_per_patient_month": round(self.a_month(code), 3),
                    "open": self.open[code],
                }
                for code in rules()
            },
            "open_by_owner": dict(self.owned.most_common()),
        }


def burden(
    people: Iterable[PatientFacts], as_of: date, *, span: timedelta = YEAR, settings: ClinicSettings = SHIPPED
) -> Burden:
    """The alerts of the days up to ``as_of``, had every fact been recorded through the product.

    What was open already on the day before the first counts as open, never as new.
    """
    found = Burden()
    first = as_of - span + timedelta(days=1)
    for facts in people:
        found.people += 1
        watch = Watch()
        for chart, until in stretches(facts, as_of, since=first - timedelta(days=1), common=settings.common):
            watch.see(chart.day, until, evaluate(chart, settings).due)
            if chart.standing.status in IN_CARE:
                found.days += max((until - max(chart.day, first)).days, 0)
        for spell in watch.spells():
            if spell.opens_on >= first:
                found.opened[spell.work.rule] += 1
            if spell.closes_on is None:
                found.open[spell.work.rule] += 1
                found.owned[spell.work.owner] += 1
    return found
