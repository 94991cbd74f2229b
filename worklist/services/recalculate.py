"""Put changed settings into effect: judge patients anew by the rules that were touched, and no others.

Most patients turn out as they were. They are compared with plain rows read without
locks; only those that differ go through ``reconcile``'s own writing.
"""

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

import orjson
from django.db import connection

from patients.models import Patient
from worklist.models import CareTask
from worklist.selectors.events import facts_of
from worklist.selectors.settings import InForce
from worklist.services.plan import RULE_COLUMNS, Changes, Context, plan
from worklist.services.reconcile import (
    carry_out,
    context_of,
    missed_days,
    reconcile,
    settings_of,
    settle_patient,
)
from worklist.services.storing import update_rows

COLUMNS = ("patient_id", "rule", "subject", "assigned_to_id", *RULE_COLUMNS)
DOCUMENTS = ("title_params", "rises", "reason", "steps")
_READ = f"""
SELECT {", ".join(COLUMNS)} FROM worklist_caretask
WHERE patient_id = ANY (%(patients)s) AND closed_at IS NULL AND rule = ANY (%(rules)s)
"""


def recalculate(*, patient_ids: Sequence[UUID]) -> list[UUID]:
    """Bring patients up to the settings of their clinics, in the caller's transaction.

    Returns those that somebody else holds: they are to be asked for again. Patients who
    are judged under the settings already are left alone. Side effects: as ``reconcile``.
    """
    rows = Patient.objects.filter(pk__in=patient_ids).select_related("clinic").order_by("pk")
    patients = list(rows.select_for_update(no_key=True, of=("self",), skip_locked=True))
    in_force = settings_of(patients)
    stale = [each for each in patients if each.settings_revision < in_force[each.clinic_id].revision]
    late = {each.pk for of_day in missed_days(stale, in_force).values() for each in of_day}
    late |= {each.pk for each in stale if each.is_recalculating}
    reconcile(patients=[each for each in stale if each.pk in late])
    with _undisturbed():
        _recalculate([each for each in stale if each.pk not in late], in_force)
    held = set(patient_ids) - {each.pk for each in patients}
    return list(Patient.objects.filter(pk__in=held).values_list("pk", flat=True)) if held else []


def _recalculate(patients: Sequence[Patient], in_force: Mapping[UUID, InForce]) -> None:
    """Judge patients with nothing else to judge, those for whom the same rules were touched together."""
    together: dict[Set[str], list[Patient]] = defaultdict(list)
    for patient in patients:
        together[in_force[patient.clinic_id].touched_since(patient.settings_revision)].append(patient)
    for rules, group in together.items():
        facts = facts_of(group)
        contexts = [
            context_of(patient, patient.clinic.today(), facts[patient.pk], in_force[patient.clinic_id], rules)
            for patient in group
        ]
        _settle(contexts, rules)
    update_rows(patients, ["look_again_at", "settings_revision"])


def _settle(contexts: Sequence[Context], rules: Set[str]) -> None:
    tasks = _stored(contexts, rules)
    changed = []
    for context in contexts:
        if plan(context, tasks.get(context.patient.pk, ())) == Changes():
            settle_patient(context)
        else:
            changed.append(context)
    if changed:
        carry_out(changed, only=rules)


def _stored(contexts: Iterable[Context], rules: Set[str]) -> Mapping[UUID, list[CareTask]]:
    """Open tasks of these rules by patient, as plain objects with a task's attributes.

    Models' own instances would take longer than everything else.
    """
    tasks: dict[UUID, list[CareTask]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"patients": [each.patient.pk for each in contexts], "rules": list(rules)})
        for row in cursor.fetchall():
            tasks[row[0]].append(cast(CareTask, _StoredTask(row)))
    return tasks


class _StoredTask:
    """A row of ``COLUMNS``."""

    def __init__(self, row: tuple[Any, ...]) -> None:
        values = self.__dict__
        values.update(zip(COLUMNS, row, strict=True))
        for name in DOCUMENTS:
            if isinstance(values[name], str):
                values[name] = orjson.loads(values[name])


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the garbage collector from walking through a batch over and over; nothing in it is circular."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
