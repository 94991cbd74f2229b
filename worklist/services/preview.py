"""What a draft would have meant: the clinic's last twelve months under it and under the settings in force."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import structlog

from pathway.comparison import Comparison, Differs, compare
from pathway.dates import add_months
from pathway.facts import PatientFacts
from pathway.settings import ClinicSettings
from pathway.timeline import Spell
from patients.models import Patient
from worklist.models import RuleRun
from worklist.selectors.settings import as_setting, settings_by_rule
from worklist.selectors.voids import facts_with_mistakes

logger = structlog.get_logger(__name__)

MONTHS = 12
MOST_EXAMPLES = 5
"""Kept of each kind of difference, in each batch."""


@dataclass(slots=True)
class Found:
    """What a batch of patients adds to a preview; counts of alerts are by discipline or rule."""

    people: int = 0
    days: int = 0
    failed: int = 0
    now: Counter[str] = field(default_factory=Counter)
    then: Counter[str] = field(default_factory=Counter)
    differs: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)

    def add(self, patient_id: UUID, compared: Comparison) -> None:
        """Take in one person."""
        self.people += 1
        self.days += compared.days
        self.now.update(_owners(compared.now))
        self.then.update(_owners(compared.then))
        for each in compared.differs:
            if self.differs[each.how] < MOST_EXAMPLES:
                self.examples.append(_example(patient_id, each))
            self.differs[each.how] += 1
            self.rules[each.spell.work.rule] += 1

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "people": self.people,
            "days": self.days,
            "failed": self.failed,
            "now": dict(self.now),
            "then": dict(self.then),
            "differs": dict(self.differs),
            "rules": dict(self.rules),
            "examples": self.examples,
        }


def since(day: date) -> date:
    """The first day that a preview made on ``day`` looks at."""
    return add_months(day, -MONTHS)


def preview(*, run: RuleRun, patient_ids: Sequence[UUID]) -> dict[str, Any]:
    """What the draft of ``run`` would have meant for some patients; changes nothing.

    Judges day by day as things were recorded. A patient whose records cannot be judged
    is counted as failed.
    """
    settings = settings_by_rule(run.clinic_id)
    in_force = ClinicSettings.of(settings)
    draft = ClinicSettings.of({**settings, run.setting.rule: as_setting(run.setting)})
    found, only = Found(), set(run.rules)
    for patient, read in _facts(patient_ids):
        try:
            compared = compare(read(), since(run.day), run.day, in_force=in_force, draft=draft, only=only)
        except Exception:
            logger.exception("preview_failed", patient=str(patient))
            found.failed += 1
        else:
            found.add(patient, compared)
    return found.as_dict()


def _facts(patient_ids: Sequence[UUID]) -> Iterator[tuple[UUID, Callable[[], PatientFacts]]]:
    """Each patient with a way to their facts: read together, unless that fails for one of them."""
    patients = list(Patient.objects.filter(pk__in=patient_ids).select_related("clinic"))
    try:
        together = facts_with_mistakes(patients)
    except Exception:
        logger.exception("preview_batch_failed", patients=len(patients))
        for patient in patients:
            yield patient.pk, partial(_facts_of_one, patient)
    else:
        for patient in patients:
            yield patient.pk, partial(together.__getitem__, patient.pk)


def _facts_of_one(patient: Patient) -> PatientFacts:
    return facts_with_mistakes([patient])[patient.pk]


def _owners(spells: Iterable[Spell]) -> Iterable[str]:
    return (spell.work.owner for spell in spells)


def _example(patient_id: UUID, differs: Differs) -> dict[str, Any]:
    return {
        "how": differs.how.value,
        "patient": str(patient_id),
        "rule": differs.spell.work.rule,
        "subject": differs.spell.work.subject,
        "now": _span(differs.now),
        "then": _span(differs.then),
    }


def _span(spell: Spell | None) -> list[str | None] | None:
    if spell is None:
        return None
    return [spell.opens_on.isoformat(), spell.closes_on.isoformat() if spell.closes_on else None]
