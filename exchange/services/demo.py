"""The demo clinic, lived through day by day with the services people use."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Max

from alerts.models import Alert, AlertRead, Delivery, DeliveryState
from alerts.services.sweep import sweep
from audit.actor import acting
from equipment.models import Payer, Vendor
from exchange.demo.history import Scene
from exchange.demo.people import PEOPLE, Person
from exchange.demo.staff import (
    CLINIC,
    DEMO_ACCOUNTS,
    DEMO_PASSWORD,
    LIVE_ON_DAYS_AGO,
    PAYERS,
    TIME_ZONE,
    VENDORS,
)
from exchange.demo.stories import life_of
from exchange.services.directory import Directory
from exchange.services.recording import Recorder
from pathway import clock
from patients.charting import charting
from patients.models import Patient
from patients.services import create_patient
from teams.models import Clinic, DefaultSeat, Discipline, Membership, Role, User
from worklist.models import CareTask
from worklist.services.own_tasks import add_task, assign_task, complete_task, plan_task
from worklist.services.postpone import reconcile_at_the_end
from worklist.services.reconcile import reconcile_stale

Action = Callable[[], object]
EVERYBODY = 500
"""More people than the demo clinic has."""


@transaction.atomic
def load_demo() -> Clinic | None:
    """Build the demo clinic up to today; does nothing, and returns None, when there is a clinic already.

    The clock is held at each day something happened, so alerts open and close on
    the days they would have. Side effects: users with the demo password, a clinic
    with its staff, patients and history; emails of the past are marked not needed.
    """
    if Clinic.objects.exists():
        return None
    today = clock.today(TIME_ZONE)
    clinic = Clinic.objects.create(
        name=CLINIC, time_zone=TIME_ZONE, live_on=today - timedelta(days=LIVE_ON_DAYS_AGO)
    )
    with acting(user_id=None, purpose="load_demo"):
        play = _Play(clinic, _staff(clinic))
        for person in PEOPLE:
            play.enter(person)
        _team_tasks(play)
        play.perform()
        _forget_old_mail()
        _mark_old_alerts_read()
    return clinic


def _staff(clinic: Clinic) -> Mapping[str, User]:
    password = make_password(DEMO_PASSWORD)
    people = {}
    for account in DEMO_ACCOUNTS:
        user = User(email=account.email, name=account.name, password=password)
        user.is_staff = account.role == Role.ADMIN
        user.save(force_insert=True)
        member = Membership.objects.create(user=user, clinic=clinic, role=account.role, title=account.title)
        member.disciplines.set(Discipline.objects.filter(code__in=account.disciplines))
        for code in account.disciplines if account.default_seat else ():
            DefaultSeat.objects.create(clinic=clinic, discipline_id=code, member=user)
        people[account.key] = user
    Payer.objects.bulk_create(Payer(clinic=clinic, name=name) for name in PAYERS)
    Vendor.objects.bulk_create(Vendor(clinic=clinic, name=name, phone=phone) for name, phone in VENDORS)
    return people


@dataclass(slots=True)
class _Part:
    """One person of the play, from the day they join."""

    recorder: Recorder | None = None


class _Play:
    """Everything that happens, by day; performed in order under a moving clock."""

    def __init__(self, clinic: Clinic, staff: Mapping[str, User]) -> None:
        self.clinic = clinic
        self.staff = staff
        self.today = clinic.today()
        self.directory = Directory(clinic)
        self.patients: dict[int, Patient] = {}
        self._days: dict[date, list[Action]] = defaultdict(list)

    def on(self, day: int, action: Action) -> None:
        """Let something happen, in days from today."""
        self._days[self.today + timedelta(days=day)].append(action)

    def enter(self, person: Person) -> None:
        """A person joins the clinic and lives their story."""
        part = _Part()
        self.on(person.enrolled, lambda: self._join(person, part))
        scenes = sorted(
            life_of(person, self.today).scenes, key=lambda each: (each.event.recorded_on, each.event.entry)
        )
        for day, of_day in groupby(scenes, key=lambda each: each.event.recorded_on):
            self._days[day].append(partial(self._record, list(of_day), part))

    def perform(self) -> None:
        """Live through the days: sweep at night, record by day."""
        for day in sorted(self._days):
            with clock.set_to(self._at(day, minutes=5)):
                sweep()
            with reconcile_at_the_end():
                for number, action in enumerate(self._days[day]):
                    with clock.set_to(self._at(day, minutes=9 * 60 + 4 * number)):
                        action()
            with clock.set_to(self._at(day, minutes=17 * 60)):
                reconcile_stale(limit=EVERYBODY)
        sweep()

    def _at(self, day: date, *, minutes: int) -> datetime:
        return self.clinic.start_of(day) + timedelta(minutes=minutes)

    def _record(self, scenes: Sequence[Scene], part: _Part) -> None:
        """What is recorded about one person on one day, stored together."""
        assert part.recorder is not None
        with charting(patient_id=part.recorder.patient.pk, user=None, in_batch=True):
            for scene in scenes:
                part.recorder.record(scene.event, user=self.staff[scene.by])

    def _join(self, person: Person, part: _Part) -> None:
        given, _space, family = person.name.rpartition(" ")
        patient = create_patient(
            clinic=self.clinic,
            user=self.staff["marcus"],
            mrn=f"D-{person.mrn:04}",
            given_name=given,
            family_name=family,
            birth_on=person.born,
            onset_region=person.onset,
            onset_on=self.today + timedelta(days=person.diagnosed - 330),
            diagnosed_on=self.today + timedelta(days=person.diagnosed),
            enrolled_on=self.today + timedelta(days=person.enrolled),
            baseline_weight_g=round(person.kg[0] * 1000),
            height_cm=person.height,
            phone=f"555-0{person.mrn:03}",
            payer=person.payer,
            interpreter=person.interpreter,
            communication_needs=person.communication,
        )
        self.patients[person.mrn] = patient
        part.recorder = Recorder(patient, self.directory)


def _team_tasks(play: _Play) -> None:
    """What the team agreed: open, overdue, given on, booked and done."""
    staff = play.staff

    def agreed(mrn: int, by: str, title: str, due: int, owner: str, note: str = "") -> CareTask:
        return add_task(
            patient=play.patients[mrn],
            user=staff[by],
            title=title,
            due_on=play.today + timedelta(days=due),
            owner=staff[owner],
            note=note,
        )

    def booked(mrn: int, rule: str, by: str, day: int) -> CareTask:
        task = CareTask.objects.get(patient=play.patients[mrn], rule=rule, closed_at__isnull=True)
        return plan_task(task_id=task.pk, user=staff[by], planned_on=play.today + timedelta(days=day))

    def done(mrn: int, by: str, title: str, owner: str) -> CareTask:
        return complete_task(task_id=agreed(mrn, by, title, -40, owner).pk, user=staff[owner])

    def given_on(mrn: int, rule: str, by: str, owner: str) -> CareTask:
        task = CareTask.objects.get(patient=play.patients[mrn], rule=rule, closed_at__isnull=True)
        return assign_task(task_id=task.pk, user=staff[by], owner=staff[owner])

    play.on(-14, lambda: agreed(98, "asha", "Send texture guide to the daughter", -2, "nadia"))
    play.on(-13, lambda: agreed(142, "marcus", "Ask the landlord about a ramp", 3, "tom"))
    play.on(-12, lambda: agreed(165, "marcus", "Call about transport to clinic", 4, "maya"))
    play.on(
        -8, lambda: agreed(104, "tom", "Letter for the wheelchair appeal", 2, "ilse", "Peer-to-peer offered.")
    )
    play.on(-6, lambda: agreed(128, "ilse", "Send the voice-banking leaflet", 6, "asha"))
    play.on(-4, lambda: agreed(133, "nadia", "Order a chair scale for the next visit", 5, "marcus"))
    play.on(-45, lambda: done(150, "carla", "Measure the doorways", "jo"))
    play.on(-5, lambda: booked(121, "NUTR-3M", "nadia", 7))
    play.on(-3, lambda: booked(150, "NUTR-3M", "nadia", 5))
    play.on(-2, lambda: given_on(175, "PALL-REF", "marcus", "maya"))


def _forget_old_mail() -> None:
    """The last digest of each person waits to be sent; what was due before is not needed any more."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    latest = waiting.filter(digest_on__isnull=False).values("recipient").annotate(day=Max("digest_on"))
    kept = {row["recipient"]: row["day"] for row in latest}
    yesterday = clock.now() - timedelta(days=1)
    old = [
        delivery.pk
        for delivery in waiting
        if delivery.digest_on != kept.get(delivery.recipient_id)
        and (delivery.digest_on is not None or delivery.not_before < yesterday)
    ]
    Delivery.objects.filter(pk__in=old).update(state=DeliveryState.DROPPED, finished_at=clock.now())


def _mark_old_alerts_read() -> None:
    """People have seen what opened before the last few days."""
    since = clock.now() - timedelta(days=3)
    seen = Alert.objects.filter(closed_at__isnull=True, opened_at__lt=since)
    reads = [
        AlertRead(alert=alert, user=alert.task.owner, read_at=alert.opened_at + timedelta(hours=9))
        for alert in seen.select_related("task__owner")
        if alert.task.owner is not None
    ]
    AlertRead.objects.bulk_create(reads)
