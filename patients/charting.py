"""The one way to write facts: lock the patient, write, say that the chart changed.

Everything recorded in one ``charting`` block commits together with the care
tasks and alerts that follow from it. Blocks about one patient nest: services
called within an open block write into it, and the chart changes once.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import TypeVar, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import JSONField, Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.services.copying import copy_in
from pathway import clock
from patients import projections
from patients.facts import Fact
from patients.models import Patient
from patients.signals import chart_changed
from teams.models import User

FactModel = TypeVar("FactModel", bound=Fact)

_open: ContextVar["OpenChart | None"] = ContextVar("open_chart", default=None)
_waiting: ContextVar["list[OpenChart] | None"] = ContextVar("charts_to_store", default=None)

LONGEST_REASON = 300

TOGETHER = 1000
"""How many facts of several patients are stored together."""

FOLLOWING = ("chart_version", "status", "status_on")
"""Columns of a patient that follow from the facts."""

RECONCILED = (
    "reconciled_version", "reconcile_failures", "reconcile_after", "look_again_at", "settings_revision",
)  # fmt: skip
"""Columns of a patient that whoever is told by ``chart_changed`` sets."""
_reconciled = attrgetter(*RECONCILED)

ORDER = ("happened_on", "recorded_on", "entry")
"""Facts in the order the rules read them (catalogue 2.1, "latest")."""


@dataclass(slots=True)
class Batch:
    """Many facts about one patient, stored together when the block ends."""

    stored_before: bool
    """Whether anything can be stored about the patient already."""
    new: dict[UUID, Fact] = field(default_factory=dict)
    by_model: defaultdict[type[Fact], list[Fact]] = field(default_factory=lambda: defaultdict(list))
    """The new facts once more, by their model."""
    follows: dict[tuple[projections.Projection, UUID], Model] = field(default_factory=dict)
    _read: dict[type[Fact], list[Fact]] = field(default_factory=dict)
    _fresh: set[UUID] = field(default_factory=set)

    def add(self, fact: Fact) -> None:
        """Keep a new fact, to be stored at the end."""
        self.new[fact.pk] = fact
        self.by_model[type(fact)].append(fact)

    def facts(self, model: type[FactModel], patient: Patient) -> list[FactModel]:
        """The patient's facts of a model that stand, stored or not."""
        if model not in self._read:
            stored = model.objects.in_force().filter(patient=patient) if self.stored_before else ()
            self._read[model] = list(stored)
        new = [fact for fact in self.by_model[model] if not fact.is_voided]
        return cast("list[FactModel]", [*self._read[model], *new])

    def forget(self, model: type[Fact]) -> None:
        """Read the stored facts of a model again when they are asked for next."""
        self._read.pop(model, None)

    def is_fresh(self, fact: Fact) -> bool:
        """Whether a fact was made or read in this block; it counts as read from now on."""
        known = fact.pk in self.new or fact.pk in self._fresh
        self._fresh.add(fact.pk)
        return known


@dataclass(slots=True)
class OpenChart:
    """A locked patient and the one who writes; lives as long as its ``charting`` block."""

    patient: Patient
    user: User | None
    now: datetime
    today: date
    causes: list[UUID] = field(default_factory=list)
    corrected: list[Fact] = field(default_factory=list)
    batch: Batch | None = None

    @property
    def is_of_somebody_new(self) -> bool:
        """Whether the patient, too, is stored at the end of the batch."""
        return self.batch is not None and not self.batch.stored_before

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
        fact.full_clean(exclude=_unchecked(type(fact)), validate_unique=False, validate_constraints=False)
        if self.batch is None:
            fact.save(force_insert=True)
        else:
            self.batch.add(fact)
        self._changed(fact)
        return fact

    def standing(self, model: type[FactModel], **about: object) -> list[FactModel]:
        """This patient's facts that stand, in order, of those with these values."""
        if self.batch is None:
            facts = model.objects.in_force().filter(patient=self.patient, **about)
            return cast("list[FactModel]", list(facts.order_by(*ORDER)))
        found = [
            fact
            for fact in self.batch.facts(model, self.patient)
            if all(getattr(fact, name) == value for name, value in about.items())
        ]
        return sorted(found, key=attrgetter(*ORDER))

    def reread(self, fact: Fact) -> None:
        """Read a fact of this patient again, now that nobody else can change it.

        Raises:
            ValueError: it belongs to another patient.
        """
        if self.batch is None or not self.batch.is_fresh(fact):
            fact.refresh_from_db()
        if fact.patient_id != self.patient.pk:
            raise ValueError("The fact belongs to another patient.")
        fact.patient = self.patient

    def void(self, fact: Fact, *, reason: str) -> None:
        """Mark a fact of this patient entered in error; the state before it returns.

        Raises:
            ValidationError: no reason is given, or one too long, or it is already marked.
        """
        if not reason.strip():
            raise ValidationError({"reason": _("Say what was wrong; the reason stays in the record.")})
        if len(reason.strip()) > LONGEST_REASON:
            raise ValidationError(
                {"reason": _("Shorten this to %(length)s characters.") % {"length": LONGEST_REASON}}
            )
        self.reread(fact)
        if fact.is_voided:
            raise ValidationError(_("This entry is already marked entered in error."))
        fact.voided_at, fact.voided_on, fact.voided_by = self.now, self.today, self.user
        fact.void_reason = reason.strip()
        self._save_void(fact)

    def restore(self, fact: Fact) -> None:
        """Take back an entered-in-error mark; the fact counts again."""
        self.reread(fact)
        fact.voided_at = fact.voided_on = fact.voided_by = None
        fact.void_reason = ""
        self._save_void(fact)

    def touch(self, fact: Fact, **changes: object) -> None:
        """Store later knowledge about a fact (an assignment's end, a loan's return)."""
        for name, value in changes.items():
            setattr(fact, name, value)
        self._save(fact, list(changes))
        self.next_entry()
        self._changed(fact)

    def check_not_ahead(self, day: date, *, field_name: str = "happened_on") -> None:
        """Raise ValidationError when work is said to have happened after today."""
        if day > self.today:
            shown = date_format(day, "j M Y")
            raise ValidationError(
                {field_name: _("%(day)s is in the future. Enter the day it happened.") % {"day": shown}}
            )

    def _save_void(self, fact: Fact) -> None:
        self._save(fact, ["voided_at", "voided_on", "voided_by", "void_reason"])
        self.next_entry()
        self.corrected.append(fact)
        self._changed(fact)

    def _save(self, fact: Fact, columns: list[str]) -> None:
        if self.batch is not None:
            self.batch.forget(type(fact))
            if fact.pk in self.batch.new:
                return
        fact.save(update_fields=columns)

    def _changed(self, fact: Fact) -> None:
        self.causes.append(fact.pk)
        follows = projections.followed_by(fact)
        if follows is None:
            return
        function, target = follows
        if self.batch is None:
            target.save(update_fields=function(self, target))
        else:
            self.batch.follows[function, target.pk] = target

    def follow(self) -> list[tuple[Model, Sequence[str]]]:
        """Set the columns that follow from a batch's facts; those of stored rows are still to be saved."""
        if self.batch is None:
            return []
        columns = [(target, function(self, target)) for (function, _pk), target in self.batch.follows.items()]
        return [(target, names) for target, names in columns if target.pk not in self.batch.new]


@contextmanager
def charting(*, patient_id: UUID, user: User | None, in_batch: bool = False) -> Iterator[OpenChart]:
    """Lock a patient and write facts; sends ``chart_changed`` before the transaction commits.

    Within a block about the same patient it joins that one, whose transaction must
    then be given up as a whole if anything fails. ``in_batch`` stores the facts
    together at the end of the block, for imports.

    Raises:
        Patient.DoesNotExist: there is no such patient.
    """
    outer = _open.get()
    if outer is not None and outer.patient.pk == patient_id:
        yield outer if outer.user is user else replace(outer, user=user)
        return
    with _transaction():
        chart = _chart(_lock(patient_id), user)
        chart.batch = Batch(stored_before=True) if in_batch else None
        with _opened(chart):
            yield chart


@contextmanager
def charting_new(*, patient: Patient, user: User | None, in_batch: bool = False) -> Iterator[OpenChart]:
    """Store a new patient and write facts about them, as ``charting`` does about one that is stored.

    ``in_batch`` stores the patient, too, at the end of the block.
    """
    with _transaction():
        chart = _chart(patient, user)
        if in_batch:
            chart.batch = Batch(stored_before=False)
        else:
            patient.save(force_insert=True)
        with _opened(chart):
            yield chart


@contextmanager
def storing_together() -> Iterator[None]:
    """Within it, batches about several patients are stored together, some hundreds of facts at a time.

    For imports: in a transaction that is given up as a whole if anything fails.
    ``chart_changed`` is sent when the facts are stored.
    """
    waiting: list[OpenChart] = []
    token = _waiting.set(waiting)
    try:
        yield
        _finish(waiting)
    finally:
        _waiting.reset(token)


def _transaction() -> transaction.Atomic:
    return transaction.atomic(savepoint=_waiting.get() is None)


def _lock(patient_id: UUID) -> Patient:
    patients = Patient.objects.select_related("clinic").select_for_update(no_key=True, of=("self",))
    return patients.get(pk=patient_id)


def _chart(patient: Patient, user: User | None) -> OpenChart:
    return OpenChart(patient=patient, user=user, now=clock.now(), today=patient.clinic.today())


@contextmanager
def _opened(chart: OpenChart) -> Iterator[None]:
    """Let services write into the chart; store what they wrote when the block ends."""
    version = chart.patient.chart_version
    token = _open.set(chart)
    try:
        yield
    finally:
        _open.reset(token)
    waiting = _waiting.get()
    if chart.patient.chart_version == version and not chart.is_of_somebody_new:
        return
    if chart.batch is None or waiting is None:
        _finish([chart])
        return
    waiting.append(chart)
    if sum(len(each.batch.new) for each in waiting if each.batch) >= TOGETHER:
        _finish(waiting)
        waiting.clear()


def _finish(charts: Sequence[OpenChart]) -> None:
    """Store the facts of batches, one statement for each model, and tell that the charts changed."""
    columns = [each for chart in charts for each in chart.follow()]
    new: dict[type[Fact], list[Fact]] = defaultdict(list)
    for chart in charts:
        for model, facts in chart.batch.by_model.items() if chart.batch else ():
            new[model] += facts
    copy_in([chart.patient for chart in charts if chart.is_of_somebody_new])
    for facts in new.values():
        copy_in(facts)
    patients = [chart.patient for chart in charts if not chart.is_of_somebody_new]
    for target, names in columns:
        if not isinstance(target, Patient):
            target.save(update_fields=names)
    together = len(patients) > 1
    if together:
        Patient.objects.bulk_update(patients, FOLLOWING)
    for chart in charts:
        _tell(chart, () if together or chart.is_of_somebody_new else FOLLOWING)


def _tell(chart: OpenChart, columns: Sequence[str]) -> None:
    """Tell that the chart changed, then store these columns of its patient, and what was set meanwhile."""
    patient = chart.patient
    before = _reconciled(patient)
    chart_changed.send(
        sender=Patient, patient=patient, user=chart.user, causes=chart.causes, corrected=chart.corrected
    )
    if _reconciled(patient) != before:
        columns = (*columns, *RECONCILED)
    if columns:
        patient.save(update_fields=columns)


@cache
def _unchecked(model: type[Fact]) -> tuple[str, ...]:
    """Columns stamped here, those that follow from others or were checked by what they are made
    of (findings), and links, which the database checks."""
    stamped = {"id", "recorded_on", "recorded_at", "entry"}
    return tuple(
        column.name
        for column in model._meta.fields
        if column.is_relation
        or isinstance(column, JSONField)
        or not column.editable
        or column.name in stamped
    )
