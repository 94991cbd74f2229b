"""A synthetic clinic, recorded through the services people use."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.actor import acting
from equipment.models import Payer, Vendor
from exchange.cohort import names
from exchange.cohort.events import draw_events
from exchange.cohort.person import draw_person
from exchange.services.clinics import open_clinic
from exchange.services.directory import Directory
from exchange.services.recording import Recorder
from pathway import clock
from pathway.facts import Event
from patients.charting import storing_together
from patients.services import joining
from teams.models import Clinic, Discipline, Membership, Role, User
from worklist.services.postpone import reconcile_at_the_end
from worklist.services.reconcile import reconcile_stale

Progress = Callable[[Iterable[Any], str], Iterable[Any]]
LONG_AGO = timedelta(days=5 * 365)
RECONCILE_BATCH = 200


def seed_cohort(
    *,
    name: str,
    patients: int,
    seed: int,
    as_of: date | None = None,
    time_zone: str = "America/New_York",
    with_staff: bool = False,
    progress: Progress = lambda items, _says: items,
) -> Clinic:
    """Make a clinic with synthetic patients and their history up to ``as_of`` (today).

    The same seed gives the same people and records, whatever their number.
    ``with_staff`` adds one member for each discipline, who sits in its seats, and a
    coordinator; they cannot sign in until they set a password. Side effects: the clinic
    and all that is in it, care tasks and alerts.

    Raises:
        ValidationError: the name is taken, or the time zone is none.
    """
    with _held(as_of, time_zone), acting(user_id=None, purpose="seed_cohort"), transaction.atomic():
        today = clock.today(time_zone)
        clinic = open_clinic(name=name, time_zone=time_zone, live_on=today - LONG_AGO)
        Payer.objects.bulk_create(Payer(clinic=clinic, name=payer) for payer in names.PAYERS)
        Vendor.objects.bulk_create(Vendor(clinic=clinic, name=vendor) for vendor in names.VENDORS)
        members = _add_staff(clinic) if with_staff else {}
        directory = Directory(clinic)
        with reconcile_at_the_end(), storing_together():
            for number in progress(range(1, patients + 1), "Recording"):
                _add_person(clinic, directory, members, Random(f"{seed}:{number}"), number, today)
        for _batch in progress(_recalculated(), "Recalculating"):
            pass
    return clinic


def _add_person(
    clinic: Clinic,
    directory: Directory,
    members: Mapping[str, str],
    random: Random,
    number: int,
    as_of: date,
) -> None:
    person = draw_person(random, number, as_of)
    with joining(clinic=clinic, user=None, seats=(), in_batch=True, **person.fields) as chart:
        recorder = Recorder(chart.patient, directory)
        for event in draw_events(random, person, as_of):
            try:
                recorder.record(_seated(event, members))
            except ValidationError as error:
                raise RuntimeError(f"{event.id} {event.kind}: {error.messages}") from error


def _seated(event: Event, members: Mapping[str, str]) -> Event:
    """Seats go to the clinic's own people where it has any; ``members`` are emails by discipline."""
    email = members.get(event.data["discipline"]) if event.kind == "team_assign" else None
    if email is None:
        return event
    return replace(event, data={**event.data, "member": email, "outside_provider": ""})


def _recalculated() -> Iterator[int]:
    while done := reconcile_stale(limit=RECONCILE_BATCH):
        yield done


def _add_staff(clinic: Clinic) -> Mapping[str, str]:
    """One member for each discipline, and a coordinator; returns the members' emails by discipline."""
    emails = {}
    for code, name in names.PROVIDERS.items():
        member = _add_member(clinic, name, Role.MEMBER)
        member.disciplines.set(Discipline.objects.filter(code=code))
        emails[code] = member.user.email
    _add_member(clinic, "Robin Plover", Role.COORDINATOR)
    return emails


def _add_member(clinic: Clinic, name: str, role: Role) -> Membership:
    words = name.removeprefix("Dr ").lower().split()
    email = f"{'.'.join(words)}.{clinic.pk.hex[:8]}@clinic.example"
    user = User(email=email, name=name)
    user.set_unusable_password()
    user.save(force_insert=True)
    return Membership.objects.create(user=user, clinic=clinic, role=role)


@contextmanager
def _held(as_of: date | None, time_zone: str) -> Iterator[None]:
    """The clock at noon of ``as_of``, or left alone."""
    if as_of is None:
        yield
        return
    with clock.set_to(datetime.combine(as_of, time(12), tzinfo=ZoneInfo(time_zone))):
        yield
