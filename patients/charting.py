"""The one way to write facts: lock the patient, write, say that the chart changed.

Everything recorded in one ``charting`` block commits together with the care
tasks and alerts that follow from it. Blocks about one patient nest: services
called within an open block write into it, and the chart changes once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pathway import clock
from patients import projections
from patients.facts import Fact
from patients.models import Patient
from patients.signals import chart_changed
from teams.models import User

FactModel = TypeVar("FactModel", bound=Fact)

_open: ContextVar["OpenChart | None"] = ContextVar("open_chart", default=None)


@dataclass(slots=True)
class OpenChart:
    """A locked patient and the one who writes; lives as long as its ``charting`` block."""

    patient: Patient
    user: User | None
    now: datetime
    today: date
    causes: list[UUID] = field(default_factory=list)

    def next_entry(self) -> int:
        """The next number in the order of recording."""
        self.patient.chart_version += 1
        return self.patient.chart_version

    def record(self, fact: FactModel, *, recorded_on: date | None = None) -> FactModel:
        """Stamp and store a new fact; ``recorded_on`` only for records brought from elsewhere.

        Raises:
            ValidationError: the fact breaks a rule of its model; nothing is stored.
        """
        fact.patient = self.patient
        fact.recorded_on = recorded_on or self.today
        fact.recorded_at = self.now
        fact.recorded_by = self.user
        fact.entry = self.next_entry()
        if not fact.may_be_ahead:
            self.check_not_ahead(fact.happened_on)
        related = [column.name for column in fact._meta.fields if column.is_relation]
        fact.full_clean(exclude=related, validate_unique=False, validate_constraints=False)
        fact.save(force_insert=True)
        self._changed(fact)
        return fact

    def void(self, fact: Fact, *, reason: str) -> None:
        """Mark a fact of this patient entered in error; the state before it returns.

        Raises:
            ValidationError: no reason is given, or it is already marked.
        """
        if not reason.strip():
            raise ValidationError({"reason": _("Say what was wrong; the reason stays in the record.")})
        self._reread(fact)
        if fact.is_voided:
            raise ValidationError(_("This entry is already marked entered in error."))
        fact.voided_at, fact.voided_on, fact.voided_by = self.now, self.today, self.user
        fact.void_reason = reason.strip()
        self._save_void(fact)

    def restore(self, fact: Fact) -> None:
        """Take back an entered-in-error mark; the fact counts again."""
        self._reread(fact)
        fact.voided_at = fact.voided_on = fact.voided_by = None
        fact.void_reason = ""
        self._save_void(fact)

    def touch(self, fact: Fact, **changes: object) -> None:
        """Store later knowledge about a fact (an assignment's end, a loan's return)."""
        for name, value in changes.items():
            setattr(fact, name, value)
        fact.save(update_fields=list(changes))
        self.next_entry()
        self._changed(fact)

    def check_not_ahead(self, day: date, *, field_name: str = "happened_on") -> None:
        """Raise ValidationError when work is said to have happened after today."""
        if day > self.today:
            shown = date_format(day, "j M Y")
            raise ValidationError(
                {field_name: _("%(day)s is in the future. Enter the day it happened.") % {"day": shown}}
            )

    def _reread(self, fact: Fact) -> None:
        fact.refresh_from_db()
        if fact.patient_id != self.patient.pk:
            raise ValueError("The fact belongs to another patient.")
        fact.patient = self.patient

    def _save_void(self, fact: Fact) -> None:
        fact.save(update_fields=["voided_at", "voided_on", "voided_by", "void_reason"])
        self.next_entry()
        self._changed(fact)

    def _changed(self, fact: Fact) -> None:
        self.causes.append(fact.pk)
        projections.refresh(fact)


@contextmanager
def charting(*, patient_id: UUID, user: User | None) -> Iterator[OpenChart]:
    """Lock a patient and write facts; sends ``chart_changed`` before the transaction commits.

    Within a block about the same patient it joins that one, whose transaction must
    then be given up as a whole if anything fails.

    Raises:
        Patient.DoesNotExist: there is no such patient.
    """
    outer = _open.get()
    if outer is not None and outer.patient.pk == patient_id:
        yield replace(outer, user=user)
        return
    with transaction.atomic():
        chart = _lock(patient_id, user)
        version = chart.patient.chart_version
        token = _open.set(chart)
        try:
            yield chart
        finally:
            _open.reset(token)
        if chart.patient.chart_version > version:
            chart.patient.save(update_fields=["chart_version"])
            chart_changed.send(sender=Patient, patient=chart.patient, user=user, causes=chart.causes)


def _lock(patient_id: UUID, user: User | None) -> OpenChart:
    patients = Patient.objects.select_related("clinic").select_for_update(no_key=True, of=("self",))
    patient = patients.get(pk=patient_id)
    return OpenChart(patient=patient, user=user, now=clock.now(), today=patient.clinic.today())
