"""Turn what is recorded into care tasks: load the facts, run the rules, diff, write.

Reconciling is idempotent: the same facts on the same day change nothing. It runs
inside the transaction that wrote the facts, and again from the sweep for patients
whose facts dated ahead have come or whose earlier reconcile failed.

Locks are taken in one order everywhere: patient, care tasks, alerts, outbox. The
sweep, which locks care tasks without their patients, skips those that are locked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from itertools import chain
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q

from audit.services.copying import copy_in
from pathway import clock
from pathway.chart import Chart
from pathway.engine import evaluate
from pathway.facts import PatientFacts
from patients.charting import RECONCILED
from patients.models import Patient
from teams.models import User
from worklist.models import CareTask, CloseReason
from worklist.selectors.events import facts_of
from worklist.selectors.settings import InForce, settings_in_force, settings_on
from worklist.services.endings import end_or_resume
from worklist.services.plan import RULE_COLUMNS, Changes, Context, plan
from worklist.services.storing import update_rows
from worklist.signals import tasks_changed

logger = structlog.get_logger(__name__)

BATCH = 100
FEW = 20
"""Up to so many new tasks one INSERT is quicker than COPY."""
LONGEST_PAUSE = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
CHANGED = ("closed_at", "closed_on", "close_reason", "closed_by", *RULE_COLUMNS)
"""Columns of a care task that closes, resumes or moves."""


def reconcile(*, patients: Sequence[Patient], user: User | None = None) -> None:
    """Bring the care tasks of locked patients up to date, in the caller's transaction.

    Side effects: care tasks open, move and close; ``tasks_changed`` is sent, so
    alerts open and close; the patients' ``reconciled_version``, ``look_again_at`` and
    ``settings_revision`` are set. Days on which a fact dated ahead took effect, or a
    changed setting did, are judged each as of itself, so running late gives the same alerts.
    """
    _bring_up_to_date(patients, user)
    update_rows(patients, RECONCILED)


def reconcile_safely(*, patient: Patient, user: User | None, store: bool = True) -> bool:
    """Reconcile one locked patient in a savepoint; on failure keep the facts and try again later.

    Returns whether it worked. A failure leaves ``reconciled_version`` behind, so
    pages say "recalculating", and the sweep retries with growing pauses. Without
    ``store`` the columns ``RECONCILED`` of the patient are set, for the caller to store.
    """
    before = {column: getattr(patient, column) for column in RECONCILED}
    try:
        with transaction.atomic():
            _bring_up_to_date([patient], user)
        worked = True
    except Exception:
        logger.exception("reconcile_failed", patient=str(patient.pk))
        for column, value in before.items():
            setattr(patient, column, value)
        _postpone(patient)
        worked = False
    if store:
        update_rows([patient], RECONCILED)
    return worked


def reconcile_stale(*, limit: int = BATCH) -> int:
    """Reconcile up to ``limit`` patients that are behind or whose day has come; returns how many.

    Patients locked by somebody else are left: whoever holds them reconciles them.
    One that fails does not hold up the others.
    """
    with transaction.atomic():
        patients = _lock_stale(limit)
        if not patients:
            return 0
        try:
            with transaction.atomic():
                reconcile(patients=patients)
        except Exception:
            logger.exception("reconcile_batch_failed", patients=len(patients))
            for patient in Patient.objects.select_related("clinic").filter(
                pk__in=[each.pk for each in patients]
            ):
                reconcile_safely(patient=patient, user=None)
    return len(patients)


def _lock_stale(limit: int) -> list[Patient]:
    """Lock patients whose day has come, else those that are behind: each by its own index."""
    now = clock.now()
    waited = Q(reconcile_after__isnull=True) | Q(reconcile_after__lte=now)
    stale = (
        Patient.objects.filter(waited, look_again_at__lte=now).order_by("look_again_at"),
        Patient.objects.filter(waited, reconciled_version__lt=F("chart_version")).order_by("reconcile_after"),
    )
    locked = (
        patients.select_related("clinic").select_for_update(no_key=True, of=("self",), skip_locked=True)
        for patients in stale
    )
    return next((found for patients in locked if (found := list(patients[:limit]))), [])


def _bring_up_to_date(patients: Sequence[Patient], user: User | None) -> None:
    in_force = settings_of(patients)
    while missed := missed_days(patients, in_force):
        for day, late in missed.items():
            then = settings_on(day, {patient.clinic_id for patient in late})
            judge([(patient, day) for patient in late], then, user=user, as_of=day)
    judge([(patient, patient.clinic.today()) for patient in patients], in_force, user=user)
    for patient in patients:
        patient.reconciled_version = patient.chart_version
        patient.reconcile_failures = 0
        patient.reconcile_after = None


def settings_of(patients: Sequence[Patient]) -> Mapping[UUID, InForce]:
    """The settings of the patients' clinics, with what some patients were not judged under."""
    lowest = min((patient.settings_revision for patient in patients), default=0)
    return settings_in_force({patient.clinic_id for patient in patients}, judged_under=lowest)


def missed_days(patients: Iterable[Patient], in_force: Mapping[UUID, InForce]) -> dict[date, list[Patient]]:
    """Patients by the first day, before today, on which their work changed by itself unnoticed."""
    missed: dict[date, list[Patient]] = defaultdict(list)
    for patient in patients:
        clinic = patient.clinic
        days = []
        if patient.look_again_at is not None:
            days.append(clinic.local_date(patient.look_again_at))
        if patient.reconciled_version:
            newer = in_force[patient.clinic_id].newer
            days += [each.on for each in newer if each.revision > patient.settings_revision]
        if days and min(days) < clinic.today():
            missed[min(days)].append(patient)
    return missed


def judge(
    jobs: Sequence[tuple[Patient, date]],
    in_force: Mapping[UUID, InForce],
    *,
    user: User | None = None,
    as_of: date | None = None,
) -> None:
    """Judge each patient on its day under its clinic's settings, and write what changes.

    ``as_of`` is that day when it has gone by. Side effects: as ``reconcile``, without
    marking the patients reconciled.
    """
    facts = facts_of([patient for patient, _day in jobs], as_of=as_of)
    contexts = [
        context_of(patient, day, facts[patient.pk], in_force[patient.clinic_id], user=user)
        for patient, day in jobs
    ]
    carry_out(contexts, as_of=as_of)


def carry_out(
    contexts: Sequence[Context], *, as_of: date | None = None, only: Set[str] | None = None
) -> None:
    """Bring the care tasks of judged patients to what the rules ask for.

    ``only`` leaves the tasks of other rules alone. Side effects: as ``judge``.
    """
    jobs = [(context.patient, context.day) for context in contexts]
    tasks = _tasks([patient for patient, _day in jobs], only)
    _open_what_is_past_due(jobs, tasks)
    changes = Changes()
    for context in contexts:
        of_patient = tasks[context.patient.pk]
        changes.add(plan(context, [task for task in of_patient if task.rule]))
        changes.add(end_or_resume(context, [task for task in of_patient if not task.rule]))
        settle_patient(context)
    _write(changes)
    news = changes.news or _any_due([*chain(*tasks.values()), *changes.opened])
    for until, of_day in _by_start(jobs).items():
        tasks_changed.send(sender=CareTask, patient_ids=of_day, until=until if as_of else None, news=news)


def _any_due(tasks: Iterable[CareTask]) -> bool:
    now = clock.now()
    return any(task.wake_at is not None and task.wake_at <= now for task in tasks)


def context_of(
    patient: Patient,
    day: date,
    facts: PatientFacts,
    in_force: InForce,
    only: Set[str] | None = None,
    *,
    user: User | None = None,
) -> Context:
    """One patient judged on one day."""
    chart = Chart.known_on(facts, day, in_force.settings.common)
    return Context(
        patient=patient,
        day=day,
        now=clock.now(),
        user_id=user.pk if user else None,
        chart=chart,
        evaluation=evaluate(chart, in_force.settings, only=only),
        known={event.id for event in facts.events},
        in_force=in_force,
        touched=in_force.touched_since(patient.settings_revision),
    )


def settle_patient(context: Context) -> None:
    """Note on the patient when to look again, and under which settings its work now stands."""
    patient, again = context.patient, context.chart.look_again_on
    patient.look_again_at = context.start_of(again) if again else None
    patient.settings_revision = max(patient.settings_revision, context.in_force.revision)


def _tasks(patients: Iterable[Patient], only: Set[str] | None) -> Mapping[UUID, list[CareTask]]:
    """Open tasks, locked, and people's own that a status had closed (it may be in error)."""
    wanted = Q(closed_at__isnull=True) | Q(rule="", close_reason=CloseReason.STATUS_CHANGE)
    if only is not None:
        wanted = Q(closed_at__isnull=True, rule__in=only)
    tasks: dict[UUID, list[CareTask]] = defaultdict(list)
    rows = CareTask.objects.filter(wanted, patient__in=patients).select_for_update(no_key=True)
    for task in rows:
        tasks[task.patient_id].append(task)
    return tasks


def _open_what_is_past_due(
    jobs: Sequence[tuple[Patient, date]], tasks: Mapping[UUID, list[CareTask]]
) -> None:
    """Raise alerts that the sweep has not come to yet, before the new facts move or close their tasks."""
    for start, patient_ids in _by_start(jobs).items():
        of_day = [task for patient_id in patient_ids for task in tasks[patient_id]]
        waiting = [task for task in of_day if task.wake_at and task.wake_at < start]
        if waiting:
            late = sorted({task.patient_id for task in waiting})
            tasks_changed.send(sender=CareTask, patient_ids=late, until=start - MOMENT)
            for task in waiting:
                task.wake_at = None


def _by_start(jobs: Iterable[tuple[Patient, date]]) -> Mapping[datetime, list[UUID]]:
    """Patients by the moment their judged day starts."""
    starts: dict[datetime, list[UUID]] = defaultdict(list)
    for patient, day in jobs:
        starts[patient.clinic.start_of(day)].append(patient.pk)
    return starts


def _write(changes: Changes) -> None:
    update_rows(changes.closed + changes.resumed + changes.moved, CHANGED)
    if len(changes.opened) > FEW:
        copy_in(changes.opened)
    elif changes.opened:
        CareTask.objects.bulk_create(changes.opened)


def _postpone(patient: Patient) -> None:
    """Leave the chart behind and wait twice as long after each failure, an hour at most."""
    failures = min(patient.reconcile_failures + 1, 100)
    pause = min(timedelta(minutes=2 ** min(failures - 1, 10)), LONGEST_PAUSE)
    patient.reconciled_version = min(patient.reconciled_version, patient.chart_version - 1)
    patient.reconcile_failures = failures
    patient.reconcile_after = clock.now() + pause
