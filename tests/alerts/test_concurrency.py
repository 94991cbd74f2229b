"""Sweeps, senders and people at once, in threads with transactions of their own.

Row locks keep concurrent runs apart and unique constraints keep them right
without the locks: each is tested with the other off.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from alerts.models import Alert, Delivery, Snooze
from alerts.services import settle
from alerts.services.deliver import deliver_due
from alerts.services.snooze import end_snooze, snooze
from alerts.services.sweep import sweep
from pathway import clock
from patients.models import Patient
from patients.services import mark_entered_in_error, record_decline, withdraw_decline
from teams.models import Membership, User
from tests.alerts.outbox import mail_server
from tests.factories import a_clinic, a_member, a_patient
from tests.seeds import put_back
from tests.worklist.records import reviewed
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import add_task, complete_task
from worklist.services.reconcile import reconcile
from worklist.services.release import release_work_of_inactive

pytestmark = pytest.mark.django_db(transaction=True)

SWEEPERS, SENDERS, LOGGERS, READERS = 4, 2, 1, 1  # as many as one process has connections
SAVED, CLOSED_MEANWHILE = 302, 409


@dataclass(frozen=True)
class Size:
    """How long everybody works at once.

    ``rounds`` of each kind at least, or the run proves nothing; ``seconds`` at least, and
    ``at_most`` for a machine so busy that those rounds take longer. ``races``: how often
    six sweeps without a lock meet. A page of somebody whose chart grows gets slow: more ``people``.
    """

    rounds: int
    seconds: float
    at_most: float
    races: int
    people: int


SHORT = Size(rounds=30, seconds=8, at_most=120, races=5, people=6)
FULL = Size(rounds=1000, seconds=60, at_most=3600, races=1000, people=15)
both_sizes = pytest.mark.parametrize(
    "size",
    [
        pytest.param(SHORT, id="short"),
        pytest.param(FULL, id="full", marks=[pytest.mark.full, pytest.mark.chaos]),
    ],
)


@pytest.fixture(autouse=True)
def _seeded(transactional_db: None) -> None:
    """Tests before it may have emptied every table, the seeded ones too."""
    put_back()


def today_of(patient: Patient) -> str:
    """The clinic's date today."""
    return patient.clinic.today().isoformat()


class Crew:
    """Threads that repeat one action each until the time is over and all have done enough."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.started = time.monotonic()
        self.names: set[str] = set()
        self.rounds: Counter[str] = Counter()
        self.errors: list[BaseException] = []
        self.threads: list[threading.Thread] = []

    def hire(self, name: str, action: Callable[[random.Random], object], *, number: int) -> None:
        """Have ``number`` threads repeat ``action``."""
        self.names.add(name)
        for seed in range(number):
            thread = threading.Thread(target=self._work, args=(name, action, random.Random(seed)))
            self.threads.append(thread)

    def run(self) -> None:
        """Start all and wait for the end; this thread's connection is left to them."""
        connection.close()
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()

    def _goes_on(self) -> bool:
        worked = time.monotonic() - self.started
        enough = min(self.rounds[name] for name in self.names) >= self.size.rounds
        return worked < self.size.seconds or (not enough and worked < self.size.at_most)

    def _work(self, name: str, action: Callable[[random.Random], object], dice: random.Random) -> None:
        try:
            while self._goes_on() and not self.errors:
                action(dice)
                self.rounds[name] += 1
        except BaseException as error:
            self.errors.append(error)
        finally:
            connection.close()


def live(patients: list[UUID], dice: random.Random) -> None:
    """One thing that people do, on a person that others work on too."""
    patient = Patient.objects.select_related("clinic").get(pk=dice.choice(patients))
    today = today_of(patient)
    match dice.randrange(4):
        case 0:
            review = reviewed(patient, today)
            if dice.random() < 0.8:
                mark_entered_in_error(fact=review, user=None, reason="Mistyped.")
        case 1:
            topic, on = "palliative", patient.clinic.today()
            record_decline(patient_id=patient.pk, user=None, topic=topic, on=on)
            withdraw_decline(patient_id=patient.pk, user=None, topic=topic, on=on)
        case 2:
            wait_or_not(patient, dice)
        case _:  # falls due at once
            owner = Membership.objects.filter(clinic=patient.clinic).order_by("?")[0].user
            with clock.set_to(clock.now() - timedelta(days=dice.choice((1, 2, 30)))):
                due_on = patient.clinic.today()
                task = add_task(
                    patient=patient,
                    user=owner,
                    title="Call",
                    due_on=due_on,
                    owner=owner,
                    severity=Severity.CRITICAL,
                )
            if dice.random() < 0.3:
                complete_task(task_id=task.pk, user=owner)


def wait_or_not(patient: Patient, dice: random.Random) -> None:
    """Snooze an alert of theirs, or end that."""
    alert = Alert.objects.filter(patient=patient, closed_at__isnull=True).order_by("?").first()
    someone = Membership.objects.filter(clinic=patient.clinic).order_by("?")[0].user
    if alert is None:
        return
    with suppress(ValidationError):  # it has closed meanwhile
        if dice.random() < 0.5:
            until = patient.clinic.today() + timedelta(days=1)
            snooze(alert_id=alert.pk, user=someone, until=until, reason="booked", note="Tomorrow")
        else:
            end_snooze(alert_id=alert.pk, user=someone)


def check() -> None:
    """Every open task past due has exactly one open alert, no closed one has any, no need is open twice."""
    sweep()
    now = clock.now()
    overdue = set(
        CareTask.objects.filter(closed_at__isnull=True, alert_at__lte=now).values_list("pk", flat=True)
    )
    alerted = list(Alert.objects.filter(closed_at__isnull=True).values_list("task", flat=True))
    assert sorted(alerted) == sorted(overdue)
    needs = CareTask.objects.filter(closed_at__isnull=True).exclude(rule="")
    twice = needs.values("patient", "rule", "subject").annotate(rows=models.Count("pk")).filter(rows__gt=1)
    assert list(twice) == []
    running = set(Snooze.objects.filter(ended_at__isnull=True).values_list("alert__task", flat=True))
    assert running == set(CareTask.objects.filter(snoozed_until__isnull=False).values_list("pk", flat=True))
    per_step = Delivery.objects.filter(kind="critical").values("alert", "recipient")
    assert not per_step.annotate(rows=models.Count("pk")).filter(rows__gt=1).exists()


def clinic_at_work(people: int = 6) -> list[UUID]:
    """So many people, two colleagues with work of the rules long overdue."""
    clinic = a_clinic()
    a_member(clinic, "nutrition", "social_work", name="Nadia Wren")
    a_member(clinic, role="coordinator", name="Maya Quill")
    return [a_patient(clinic, enrolled_on=clinic.today() - timedelta(days=90)).pk for _each in range(people)]


def look_and_log(client: Client, patients: list[UUID], dice: random.Random) -> None:
    """Open a page, and now and then log the review that somebody lacks, unless a colleague was quicker."""
    patient = dice.choice(patients)
    page = dice.choice(["/", "/alerts/", f"/patients/{patient}/"])
    assert client.get(page).status_code == 200
    task = CareTask.objects.filter(patient=patient, rule="NUTR-3M", closed_at__isnull=True).first()
    if task is None or dice.random() < 0.8:
        return
    typed = {"happened_on": task.clinic.today().isoformat(), "weight_g": "63.1"}
    answer = client.post(f"/work/{task.pk}/log/", typed)
    assert answer.status_code in {SAVED, CLOSED_MEANWHILE}, answer.content


def crew_at_work(patients: list[UUID], size: Size) -> Crew:
    """Run everybody at once."""
    crew = Crew(size)
    reader = Client()
    reader.force_login(User.objects.get(name="Maya Quill"))
    crew.hire("sweep", lambda _dice: (sweep(), release_work_of_inactive()), number=SWEEPERS)
    crew.hire("log", lambda dice: live(patients, dice), number=LOGGERS)
    crew.hire("send", lambda _dice: deliver_due(), number=SENDERS)
    crew.hire("read", lambda dice: look_and_log(reader, patients, dice), number=READERS)
    crew.run()
    return crew


@both_sizes
def test_sweeps_senders_and_people_at_once(settings: Settings, size: Size) -> None:
    patients = clinic_at_work(size.people)
    settings.CRITICAL_PAUSE_SECONDS = 0
    with mail_server() as box:
        crew = crew_at_work(patients, size)
        assert crew.errors == []
        assert min(crew.rounds[name] for name in crew.names) >= size.rounds, crew.rounds
        check()
        deliver_due()
    sent = Delivery.objects.filter(state="sent").values_list("message_id", flat=True)
    assert sorted(box.ids) == sorted(sent)
    assert len(box.ids) >= size.rounds / 3


def forget(*kinds: type[models.Model]) -> None:
    """Remove all rows of these tables, all tasks by default, and what hangs on them, kept rows too."""
    tables = ", ".join(f'"{kind._meta.db_table}"' for kind in kinds or (CareTask,))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


@contextmanager
def without(model: type[models.Model], *names: str) -> Iterator[None]:
    """Drop constraints within the block."""
    constraints = [each for each in model._meta.constraints if each.name in names]
    with connection.schema_editor() as editor:
        for constraint in constraints:
            editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        forget()
        with connection.schema_editor() as editor:
            for constraint in constraints:
                editor.add_constraint(model, constraint)


@both_sizes
def test_the_locks_alone_keep_alerts_single(settings: Settings, size: Size) -> None:
    patients = clinic_at_work(size.people)
    settings.CRITICAL_PAUSE_SECONDS = 3600
    with without(Alert, "one_open_alert_per_task"), without(CareTask, "one_open_task_per_need"):
        crew = crew_at_work(patients, size)
        assert crew.errors == []
        check()


def open_without_lock() -> int:
    """Six of the sweep's statement at once, without its row lock, on six items; returns the alerts."""
    forget(Alert)
    CareTask.objects.filter(rule="NUTR-3M").update(wake_at=models.F("alert_at"))
    unlocked = settle._OPEN.replace(" FOR NO KEY UPDATE SKIP LOCKED", "")
    assert unlocked != settle._OPEN
    together = threading.Barrier(6)

    def run() -> None:
        together.wait()
        settle._run(unlocked, until=clock.now())
        connection.close()

    threads = [threading.Thread(target=run) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Alert.objects.count()


@both_sizes
def test_the_constraint_alone_keeps_alerts_single(size: Size) -> None:
    clinic_at_work()
    assert Counter(open_without_lock() for _race in range(size.races)) == {6: size.races}


def test_without_both_there_would_be_duplicates() -> None:
    """Shows that the two tests above can fail."""
    clinic_at_work()
    with without(Alert, "one_open_alert_per_task"):
        assert max(open_without_lock() for _race in range(SHORT.races)) > 6


def test_the_constraint_alone_keeps_needs_single() -> None:
    """Two reconciles of one person without the lock on the person: one of them must fail."""
    patient = Patient.objects.select_related("clinic").get(pk=clinic_at_work()[0])
    forget()
    together = threading.Barrier(2)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                together.wait()
                reconcile(patients=[Patient.objects.select_related("clinic").get(pk=patient.pk)])
        except IntegrityError as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert CareTask.objects.filter(patient=patient, rule="NUTR-3M", closed_at__isnull=True).count() == 1
    assert all("one_open_task_per_need" in str(error) for error in failed)
