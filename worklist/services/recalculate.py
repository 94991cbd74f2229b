"""Put changed settings into effect: judge patients anew by the rules that were touched, and no others.

Most patients turn out as they were, by the digests of what their tasks are filled from,
which are read without locks. Only those that differ go through ``reconcile``'s own writing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from uuid import UUID

from django.db import connection

from patients.models import Patient
from worklist.selectors.events import facts_of
from worklist.selectors.settings import InForce
from worklist.services.plan import Context, digest
from worklist.services.reconcile import (
    carry_out,
    context_of,
    missed_days,
    reconcile,
    settings_of,
    settle_patient,
)
from worklist.services.storing import update_rows
from worklist.services.undisturbed import undisturbed

_READ = """
SELECT patient_id, rule, subject, filled_from FROM worklist_caretask
WHERE patient_id = ANY (%(patients)s) AND closed_at IS NULL AND rule = ANY (%(rules)s)
"""

_NOTE = "UPDATE patients_patient SET settings_revision = %(revision)s WHERE id = ANY (%(patients)s)"


def recalculate(*, patient_ids: Sequence[UUID]) -> list[UUID]:
    """Bring patients up to the settings of their clinics, in the caller's transaction.

    Returns those that somebody else holds: they are to be asked for again. Patients who
    are judged under the settings already are left alone. Side effects: as ``reconcile``.
    """
    rows = Patient.objects.filter(pk__in=patient_ids).prefetch_related("clinic").order_by("pk")
    patients = list(rows.select_for_update(no_key=True, of=("self",), skip_locked=True))
    in_force = settings_of(patients)
    stale = [each for each in patients if each.settings_revision < in_force[each.clinic_id].revision]
    late = {each.pk for of_day in missed_days(stale, in_force).values() for each in of_day}
    late |= {each.pk for each in stale if each.is_recalculating}
    if late:
        reconcile(patients=[each for each in stale if each.pk in late])
    with undisturbed():
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
        again = {patient.pk: patient.look_again_at for patient in group}
        _settle(contexts, rules)
        _note(group, again)


def _note(patients: Sequence[Patient], again: Mapping[UUID, datetime | None]) -> None:
    """Store what was noted on the patients; for nearly all it is the revision alone."""
    moved = [each for each in patients if each.look_again_at != again[each.pk]]
    update_rows(moved, ["look_again_at"])
    revisions: dict[int, list[UUID]] = defaultdict(list)
    for patient in patients:
        revisions[patient.settings_revision].append(patient.pk)
    with connection.cursor() as cursor:
        for revision, ids in revisions.items():
            cursor.execute(_NOTE, {"revision": revision, "patients": ids})


def _settle(contexts: Sequence[Context], rules: Set[str]) -> None:
    stored = _stored(contexts, rules)
    changed = []
    for context in contexts:
        if stored[context.patient.pk] == _wanted(context):
            settle_patient(context)
        else:
            changed.append(context)
    if changed:
        carry_out(changed, only=rules)


Work = dict[tuple[str, str], str]
"""What open tasks are filled from, or would be, by rule and subject."""


def _wanted(context: Context) -> Work:
    return {(work.rule, work.subject): digest(work) for work in context.evaluation.due}


def _stored(contexts: Iterable[Context], rules: Set[str]) -> Mapping[UUID, Work]:
    """Of the open tasks of these rules, by patient, as plain rows: models' instances would take longer."""
    found: dict[UUID, Work] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"patients": [each.patient.pk for each in contexts], "rules": list(rules)})
        for patient_id, rule, subject, filled_from in cursor.fetchall():
            found[patient_id][rule, subject] = filled_from
    return found
