"""Runs over a clinic's patients: cut into batches, worked off by any worker, resumed by the next.

A worker claims a batch by a row lock that others skip, and marks it done in the
transaction that does its work: a worker that is killed leaves it to the next one.
"""

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from pathway import clock
from pathway.settings import touched_by
from patients.models import Patient
from worklist.models import RuleRun, RuleSetting, RunBatch, RunKind
from worklist.services.preview import preview
from worklist.services.recalculate import recalculate
from worklist.services.reconcile import reconcile_safely

logger = structlog.get_logger(__name__)

SIZES = {RunKind.RECALCULATION: 100, RunKind.PREVIEW: 10}
"""Patients in a batch: a preview takes longer for each, and its progress is watched."""
SECONDS = 25.0
"""How long one round may last, so that other work gets its turn in between."""


def start_run(*, setting: RuleSetting, kind: RunKind, revision: int) -> RuleRun:
    """Cut the clinic's patients into batches, in the caller's transaction; workers do the rest."""
    of_clinic = Patient.objects.filter(clinic=setting.clinic_id).order_by("pk")
    patients = list(of_clinic.values_list("pk", flat=True))
    now = clock.now()
    run = RuleRun.objects.create(
        clinic=setting.clinic,
        setting=setting,
        kind=kind,
        rules=list(touched_by(setting.rule)),
        revision=revision,
        day=setting.clinic.today(),
        total=len(patients),
        asked_at=now,
        started_at=None if patients else now,
        finished_at=None if patients else now,
    )
    batches = _batches(patients, SIZES[kind])
    RunBatch.objects.bulk_create(
        (RunBatch(run=run, patients=batch, size=len(batch)) for batch in batches), batch_size=1000
    )
    return run


def _batches(patients: Sequence[UUID], size: int) -> Iterator[list[UUID]]:
    left = iter(patients)
    while batch := list(islice(left, size)):
        yield batch


def work_off(*, seconds: float = SECONDS) -> int:
    """Work on runs for so long, or until nothing is left to claim; returns how many batches were done.

    Each batch commits by itself. Patients that somebody else holds go into a new batch,
    for the next round. Side effects: as ``recalculate``, or the results of a preview.
    """
    going_on = RuleRun.objects.filter(finished_at__isnull=True)
    if not going_on.exists():
        return 0
    going_on.filter(started_at__isnull=True).update(started_at=clock.now())
    last = RunBatch.objects.aggregate(last=Max("pk"))["last"] or 0
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until and _work_off_one(last):
        done += 1
    left = RunBatch.objects.filter(run=OuterRef("pk"), done_at__isnull=True)
    going_on.filter(~Exists(left)).update(finished_at=clock.now())
    if done:
        logger.info("runs", batches=done)
    return done


@transaction.atomic
def _work_off_one(last: int) -> bool:
    """Claim one batch up to the ``last`` and do it; returns whether there was one."""
    batch = (
        RunBatch.objects.filter(done_at__isnull=True, pk__lte=last)
        .select_related("run")
        .select_for_update(no_key=True, of=("self",), skip_locked=True)
        .order_by("pk")
        .first()
    )
    if batch is None:
        return False
    if batch.run.kind == RunKind.PREVIEW:
        batch.result = preview(run=batch.run, patient_ids=batch.patients)
    else:
        _put_off(batch, _recalculate(batch))
    batch.done_at = clock.now()
    batch.save(update_fields=["result", "done_at"])
    return True


def _recalculate(batch: RunBatch) -> list[UUID]:
    """Recalculate a batch; when that fails, each patient alone, so that one does not hold up the others."""
    try:
        with transaction.atomic():
            return recalculate(patient_ids=batch.patients)
    except Exception:
        logger.exception("recalculate_batch_failed", patients=batch.size)
    patients = Patient.objects.filter(pk__in=batch.patients).select_related("clinic").order_by("pk")
    held = set(batch.patients)
    for patient in patients.select_for_update(no_key=True, of=("self",), skip_locked=True):
        reconcile_safely(patient=patient, user=None)
        held.discard(patient.pk)
    return list(Patient.objects.filter(pk__in=held).values_list("pk", flat=True))


def _put_off(batch: RunBatch, held: Sequence[UUID]) -> None:
    """Move patients that are held by somebody else into a batch of their own."""
    if held:
        RunBatch.objects.create(run=batch.run, patients=list(held), size=len(held))
        batch.patients = [patient for patient in batch.patients if patient not in set(held)]
        batch.size = len(batch.patients)
        batch.save(update_fields=["patients", "size"])
