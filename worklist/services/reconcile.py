"""Turn what is recorded into care tasks: load the facts, run the rules, diff, write.

Reconciling is idempotent: the same facts on the same day change nothing. It runs
inside the transaction that wrote the facts, and again from the sweep for patients
whose facts dated ahead have come or whose earlier reconcile failed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from pathway import clock
from pathway.chart import Chart
from pathway.engine import evaluate
from patients.models import Patient
from teams.models import User
from worklist.models import CareTask, CloseReason
from worklist.selectors.events import facts_of
from worklist.services.plan import RULE_COLUMNS, Changes, Context, close_task, plan
from worklist.signals import tasks_changed

logger = structlog.get_logger(__name__)

BATCH = 100
LONGEST_PAUSE = timedelta(hours=1)


def reconcile(
    *, patients: Sequence[Patient], user: User | None = None, causes: Collection[UUID] = ()
) -> None:
    """Bring the care tasks of locked patients up to date, in the caller's transaction.

    Side effects: care tasks open, move and close; ``tasks_changed`` is sent, so
    alerts open and close; the patients' ``reconciled_version`` and
    ``look_again_at`` are set. Days on which a fact dated ahead took effect are
    judged each as of itself, so running late gives the same alerts.
    """
    late = _missed_days(patients)
    while late:
        _reconcile_on(late, user=user, causes=causes)
        late = _missed_days(patients)
    _reconcile_on([(patient, patient.clinic.today()) for patient in patients], user=user, causes=causes)
    _mark_reconciled(patients)


def reconcile_safely(*, patient: Patient, user: User | None, causes: Collection[UUID]) -> bool:
    """Reconcile one locked patient in a savepoint; on failure keep the facts and try again later.

    Returns whether it worked. A failure leaves ``reconciled_version`` behind, so
    pages say "recalculating", and the sweep retries with growing pauses.
    """
    try:
        with transaction.atomic():
            reconcile(patients=[patient], user=user, causes=causes)
    except Exception:
        logger.exception("reconcile_failed", patient=str(patient.pk))
        _postpone(patient)
        return False
    return True


def reconcile_stale(*, limit: int = BATCH) -> int:
    """Reconcile up to ``limit`` patients that are behind or whose day has come; returns how many.

    Patients locked by somebody else are left: whoever holds them reconciles them.
    """
    with transaction.atomic():
        patients = list(_stale().select_for_update(no_key=True, of=("self",), skip_locked=True)[:limit])
        if not patients:
            return 0
        try:
            with transaction.atomic():
                reconcile(patients=patients)
        except Exception:
            logger.exception("reconcile_batch_failed", patients=len(patients))
            for patient in Patient.objects.select_related("clinic").filter(pk__in=patients):
                reconcile_safely(patient=patient, user=None, causes=())
    return len(patients)


def _stale() -> QuerySet[Patient]:
    now = clock.now()
    waiting = Q(reconcile_after__isnull=True) | Q(reconcile_after__lte=now)
    behind = Q(reconciled_version__lt=F("chart_version")) & waiting
    come = Q(look_again_at__lte=now)
    return Patient.objects.select_related("clinic").filter(behind | come)


def _missed_days(patients: Iterable[Patient]) -> list[tuple[Patient, date]]:
    """Patients with a day, before today, on which a fact dated ahead took effect unnoticed."""
    return [
        (patient, patient.clinic.local_date(patient.look_again_at))
        for patient in patients
        if patient.look_again_at is not None
        and patient.look_again_at < patient.clinic.start_of(patient.clinic.today())
    ]


def _reconcile_on(
    jobs: Sequence[tuple[Patient, date]], *, user: User | None, causes: Collection[UUID]
) -> None:
    patients = [patient for patient, _day in jobs]
    facts = facts_of(patients)
    tasks = _open_tasks(patients)
    _open_what_is_past_due(jobs, tasks)
    changes = Changes()
    for patient, day in jobs:
        chart = Chart.known_on(facts[patient.pk], day)
        context = Context(
            patient=patient,
            day=day,
            now=clock.now(),
            user_id=user.pk if user else None,
            chart=chart,
            evaluation=evaluate(chart),
            known={event.id for event in facts[patient.pk].events},
        )
        changes.add(plan(context, tasks[patient.pk]))
        if chart.standing.set_by is not None and UUID(chart.standing.set_by.id) in causes:
            changes.closed += _own_tasks_ended_by_status(context)
        ahead = chart.look_again_on
        patient.look_again_at = context.start_of(ahead) if ahead else None
    _write(changes)
    tasks_changed.send(sender=CareTask, patient_ids=[patient.pk for patient in patients])


def _open_tasks(patients: Iterable[Patient]) -> dict[UUID, list[CareTask]]:
    tasks: dict[UUID, list[CareTask]] = defaultdict(list)
    open_now = CareTask.objects.filter(patient__in=patients, closed_at__isnull=True).exclude(rule="")
    for task in open_now.order_by("opened_at", "id"):
        tasks[task.patient_id].append(task)
    return tasks


def _open_what_is_past_due(
    jobs: Sequence[tuple[Patient, date]], tasks: Mapping[UUID, list[CareTask]]
) -> None:
    """Raise alerts that the sweep has not come to yet, before the new facts move or close their tasks."""
    for patient, day in jobs:
        start = patient.clinic.start_of(day)
        waiting = [task for task in tasks[patient.pk] if task.wake_at and task.wake_at < start]
        if waiting:
            tasks_changed.send(sender=CareTask, patient_ids=[patient.pk], until=start)
            for task in waiting:
                task.wake_at = None


def _own_tasks_ended_by_status(context: Context) -> list[CareTask]:
    """People's own tasks end with a death or a discharge, like the rules' (catalogue 2.3)."""
    if context.chart.standing.status in ("active", "hospice"):
        return []
    own = CareTask.objects.filter(patient=context.patient, closed_at__isnull=True, rule="")
    return [close_task(task, context, CloseReason.STATUS_CHANGE) for task in own]


def _write(changes: Changes) -> None:
    closing = ["closed_at", "closed_on", "close_reason", "closed_by", "wake_at", "rises_at"]
    if changes.closed:
        CareTask.objects.bulk_update(changes.closed, closing)
    if changes.opened:
        CareTask.objects.bulk_create(changes.opened)
    if changes.moved:
        CareTask.objects.bulk_update(changes.moved, [column.removesuffix("_id") for column in RULE_COLUMNS])


def _mark_reconciled(patients: Iterable[Patient]) -> None:
    for patient in patients:
        patient.reconciled_version = patient.chart_version
        patient.reconcile_failures = 0
        patient.reconcile_after = None
    Patient.objects.bulk_update(
        patients, ["reconciled_version", "reconcile_failures", "reconcile_after", "look_again_at"]
    )


def _postpone(patient: Patient) -> None:
    failures = min(patient.reconcile_failures + 1, 100)
    pause = min(timedelta(minutes=2 ** min(failures - 1, 10)), LONGEST_PAUSE)
    Patient.objects.filter(pk=patient.pk).update(
        reconcile_failures=failures, reconcile_after=clock.now() + pause
    )
